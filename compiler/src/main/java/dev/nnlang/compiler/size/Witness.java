package dev.nnlang.compiler.size;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A search for small sizes and indices that satisfy facts and make a polynomial negative: what a
 * message shows as "fails for N = 1" (LR-15).
 */
final class Witness {
  private static final int LARGEST = 8;
  private static final int MOST_POINTS = 4000;

  private final Facts facts;
  private final Poly goal;
  private final List<Atom> dims = new ArrayList<>();
  private final List<Atom.Index> indices = new ArrayList<>();
  private final Map<Atom, Long> values = new LinkedHashMap<>();
  private int points;

  private Witness(Facts facts, Poly goal) {
    this.facts = facts;
    this.goal = goal;
  }

  static Optional<Map<Atom, Long>> find(Facts facts, Poly goal) {
    return new Witness(relevant(facts, goal), goal).search(fixed(facts));
  }

  /** Variables that an equality with a number fixes. */
  private static Map<Atom, Long> fixed(Facts facts) {
    var fixed = new LinkedHashMap<Atom, Long>();
    for (var e : facts.zero()) {
      var symbolic = e.minus(e.constantTerm());
      if (symbolic.terms().size() == 1 && symbolic.terms().firstKey().size() == 1) {
        long c = symbolic.terms().get(symbolic.terms().firstKey());
        var atom = symbolic.terms().firstKey().getFirst();
        boolean variable = atom instanceof Atom.Dim || atom instanceof Atom.Index;
        if (variable && e.constantTerm() % c == 0) {
          fixed.put(atom, -e.constantTerm() / c);
        }
      }
    }
    return fixed;
  }

  /** The facts that share variables with the goal, directly or through others. */
  private static Facts relevant(Facts facts, Poly goal) {
    var reached = new HashSet<>(goal.variables());
    var chosen = Facts.NONE;
    var before = -1;
    while (before != reached.size()) {
      before = reached.size();
      chosen = Facts.NONE;
      for (var range : facts.ranges().entrySet()) {
        if (reached.contains(range.getKey())) {
          reached.addAll(range.getValue().variables());
          chosen = chosen.index(range.getKey(), range.getValue());
        }
      }
      for (var e : facts.atLeastZero()) {
        chosen = touches(e, reached) ? chosen.atLeastZero(e) : chosen;
      }
      for (var e : facts.zero()) {
        chosen = touches(e, reached) ? chosen.zero(e) : chosen;
      }
      for (var e : facts.notZero()) {
        chosen = touches(e, reached) ? chosen.notZero(e) : chosen;
      }
    }
    return chosen;
  }

  private static boolean touches(Poly e, Set<Atom> reached) {
    var variables = e.variables();
    if (!variables.isEmpty() && variables.stream().noneMatch(reached::contains)) {
      return false;
    }
    reached.addAll(variables);
    return true;
  }

  private Optional<Map<Atom, Long>> search(Map<Atom, Long> fixed) {
    var variables = new LinkedHashSet<>(goal.variables());
    facts
        .ranges()
        .forEach(
            (index, extent) -> {
              variables.add(index);
              variables.addAll(extent.variables());
            });
    facts.atLeastZero().forEach(e -> variables.addAll(e.variables()));
    facts.zero().forEach(e -> variables.addAll(e.variables()));
    facts.notZero().forEach(e -> variables.addAll(e.variables()));
    for (var variable : variables) {
      if (fixed.containsKey(variable)) {
        values.put(variable, fixed.get(variable));
      } else if (variable instanceof Atom.Index index) {
        indices.add(index);
      } else {
        dims.add(variable);
      }
    }
    // The smallest witness reads best: grow the largest size allowed.
    for (int largest = 1; largest <= LARGEST && points < MOST_POINTS; largest++) {
      if (sizes(0, largest, false)) {
        return Optional.of(new LinkedHashMap<>(values));
      }
      if (dims.isEmpty()) {
        break;
      }
    }
    return Optional.empty();
  }

  /** Tries all sizes up to {@code largest} of which at least one is that. */
  private boolean sizes(int at, int largest, boolean reached) {
    if (points >= MOST_POINTS) {
      return false;
    }
    if (at == dims.size()) {
      return (reached || dims.isEmpty()) && subscripts(0);
    }
    for (long size = 1; size <= largest; size++) {
      values.put(dims.get(at), size);
      if (sizes(at + 1, largest, reached || size == largest)) {
        return true;
      }
    }
    values.remove(dims.get(at));
    return false;
  }

  private boolean subscripts(int at) {
    if (at == indices.size()) {
      points++;
      try {
        return facts.hold(values::get) && goal.evaluate(values::get) < 0;
      } catch (ArithmeticException _) {
        return false;
      }
    }
    var index = indices.get(at);
    for (long value : candidates(index)) {
      values.put(index, value);
      if (points < MOST_POINTS && subscripts(at + 1)) {
        return true;
      }
    }
    values.remove(index);
    return false;
  }

  /** All values of a small range, the ends of a large one. */
  private List<Long> candidates(Atom.Index index) {
    var extent = facts.ranges().get(index);
    long size = LARGEST;
    if (extent != null) {
      if (!values.keySet().containsAll(extent.variables())) {
        return List.of(0L);
      }
      try {
        size = extent.evaluate(values::get);
      } catch (ArithmeticException _) {
        return List.of();
      }
    }
    var found = new ArrayList<Long>();
    for (long value = 0; value < Math.min(size, LARGEST); value++) {
      found.add(value);
    }
    for (long value = Math.max(LARGEST, size - 3); value < size; value++) {
      found.add(value);
    }
    return found;
  }
}
