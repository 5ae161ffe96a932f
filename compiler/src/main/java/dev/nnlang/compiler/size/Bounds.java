package dev.nnlang.compiler.size;

import java.util.HashMap;
import java.util.Map;

/** Constant bounds of polynomials, from the ranges and from facts about one variable alone. */
final class Bounds {
  private final Facts facts;
  private final Map<Atom, Interval> stated = new HashMap<>();
  private final Map<Atom, Interval> atoms = new HashMap<>();

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
    if (variables != 1 || e.terms().lastKey().size() != 1) {
      return;
    }
    var atom = e.terms().lastKey().getFirst();
    long c = e.terms().get(e.terms().lastKey());
    long k = e.constantTerm();
    var bound =
        c > 0
            ? Interval.from(Math.negateExact(Math.floorDiv(k, c)))
            : new Interval(Long.MIN_VALUE, Math.floorDiv(k, Math.negateExact(c)));
    stated.merge(atom, bound, Interval::and);
  }

  Interval of(Poly e) {
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
        long high = of(extent).high();
        yield new Interval(0, high == Long.MAX_VALUE ? high : high - 1);
      }
      case Atom.Quotient(var a, var b) -> of(a).floorDiv(of(b));
      case Atom.Remainder(var a, var b) -> of(a).floorMod(of(b));
    };
  }
}
