package dev.nnlang.compiler.size;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Constant bounds of polynomials, from the ranges and from facts: one about a variable alone bounds
 * it, and one about several bounds each of them by what the others reach, rounded to an integer.
 * {@code j - 2*r >= 0} with {@code j < 2} so leaves only 0 for r.
 */
final class Bounds {
  /** A bound may lead to another; where facts contradict each other that never ends. */
  private static final int ROUNDS = 4;

  private final Facts facts;
  private final Map<Atom, Interval> stated = new HashMap<>();
  private final Map<Atom, Interval> atoms = new HashMap<>();
  private final List<Poly> joint = new ArrayList<>();
  private boolean spread;

  Bounds(Facts facts) {
    this.facts = facts;
    facts.atLeastZero().forEach(this::note);
    for (var e : facts.zero()) {
      note(e);
      note(e.negate());
    }
  }

  /** Learns from {@code c*x + k >= 0}. */
  private void note(Poly e) {
    int variables = e.terms().size() - (e.constantTerm() == 0 ? 0 : 1);
    if (variables > 1) {
      joint.add(e);
    }
    if (variables != 1 || e.terms().lastKey().size() != 1) {
      return;
    }
    var atom = e.terms().lastKey().getFirst();
    refine(atom, e.terms().get(e.terms().lastKey()), e.constantTerm());
  }

  /** Learns from {@code c*x + k >= 0}; whether anything. */
  private boolean refine(Atom atom, long c, long k) {
    var bound =
        c > 0
            ? Interval.from(Math.negateExact(Math.floorDiv(k, c)))
            : new Interval(Long.MIN_VALUE, Math.floorDiv(k, Math.negateExact(c)));
    var before = stated.getOrDefault(atom, Interval.ANY);
    var after = before.and(bound);
    stated.put(atom, after);
    return !after.equals(before);
  }

  private void spread() {
    spread = true;
    boolean changed = !joint.isEmpty();
    for (int round = 0; changed && round < ROUNDS; round++) {
      changed = false;
      for (var e : joint) {
        changed |= spread(e);
      }
    }
  }

  /** Bounds every variable that stands alone in a term of {@code e >= 0} by all other terms. */
  private boolean spread(Poly e) {
    boolean changed = false;
    for (var term : e.terms().entrySet()) {
      if (term.getKey().size() == 1) {
        var atom = term.getKey().getFirst();
        var others = e.minus(Poly.of(atom).times(term.getValue()));
        long reach = sum(others).high();
        boolean finite = reach > Integer.MIN_VALUE && reach < Integer.MAX_VALUE;
        if (finite && refine(atom, term.getValue(), reach)) {
          atoms.clear();
          changed = true;
        }
      }
    }
    return changed;
  }

  Interval of(Poly e) {
    if (!spread) {
      spread();
    }
    return sum(e);
  }

  private Interval sum(Poly e) {
    var sum = Interval.of(0);
    for (var term : e.terms().entrySet()) {
      var product = Interval.of(term.getValue());
      for (var atom : term.getKey()) {
        product = product.times(of(atom));
      }
      sum = sum.plus(product);
    }
    return sum;
  }

  private Interval of(Atom atom) {
    var known = atoms.get(atom);
    if (known == null) {
      // An extent that speaks of its own index would go round for ever.
      atoms.put(atom, Interval.ANY);
      known = stated.getOrDefault(atom, Interval.ANY).and(natural(atom));
      atoms.put(atom, known);
    }
    return known;
  }

  private Interval natural(Atom atom) {
    return switch (atom) {
      case Atom.Dim _ -> Interval.from(1);
      case Atom.Index index -> {
        var extent = facts.ranges().get(index);
        if (extent == null) {
          yield Interval.from(0);
        }
        long high = sum(extent).high();
        yield new Interval(0, high == Long.MAX_VALUE ? high : high - 1);
      }
      case Atom.Quotient(var a, var b) -> sum(a).floorDiv(sum(b));
      case Atom.Remainder(var a, var b) -> sum(a).floorMod(sum(b));
    };
  }
}
