package dev.nnlang.compiler.size;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What is known at one place of a program: ranges of indices, and polynomials that are at least 0,
 * are 0, or are not 0. That a dimension is at least 1 is always known and never stated.
 *
 * <p>Immutable: each method gives these facts and one more.
 *
 * @param ranges the extent of each index: {@code 0 <= index < extent}
 * @param atLeastZero polynomials that are at least 0
 * @param zero polynomials that are 0
 * @param notZero polynomials that are not 0
 */
public record Facts(
    Map<Atom.Index, Poly> ranges, List<Poly> atLeastZero, List<Poly> zero, List<Poly> notZero) {
  public static final Facts NONE = new Facts(Map.of(), List.of(), List.of(), List.of());

  public Facts {
    // Not Map.copyOf, whose order changes from run to run.
    ranges = Collections.unmodifiableMap(new LinkedHashMap<>(ranges));
    atLeastZero = List.copyOf(atLeastZero);
    zero = List.copyOf(zero);
    notZero = List.copyOf(notZero);
  }

  /** {@code 0 <= index < extent}; a range given before for the same index is replaced. */
  public Facts index(Atom.Index index, Poly extent) {
    var more = new LinkedHashMap<>(ranges);
    more.put(index, extent);
    return new Facts(more, atLeastZero, zero, notZero);
  }

  /** {@code e >= 0}. */
  public Facts atLeastZero(Poly e) {
    return new Facts(ranges, and(atLeastZero, e), zero, notZero);
  }

  /** {@code a <= b}. */
  public Facts atMost(Poly a, Poly b) {
    return atLeastZero(b.minus(a));
  }

  /** {@code a < b}. */
  public Facts less(Poly a, Poly b) {
    return atLeastZero(b.minus(a).minus(1));
  }

  /** {@code e == 0}. */
  public Facts zero(Poly e) {
    return new Facts(ranges, atLeastZero, and(zero, e), notZero);
  }

  /** {@code a == b}. */
  public Facts equal(Poly a, Poly b) {
    return zero(a.minus(b));
  }

  /** {@code e != 0}. */
  public Facts notZero(Poly e) {
    return new Facts(ranges, atLeastZero, zero, and(notZero, e));
  }

  /** {@code dividend % divisor == 0}. */
  public Facts divides(Poly divisor, Poly dividend) {
    return zero(dividend.floorMod(divisor));
  }

  /** These facts and those. */
  public Facts and(Facts others) {
    if (others.equals(NONE)) {
      return this;
    }
    var all = new LinkedHashMap<>(ranges);
    all.putAll(others.ranges);
    var at = new ArrayList<>(atLeastZero);
    at.addAll(others.atLeastZero);
    var equal = new ArrayList<>(zero);
    equal.addAll(others.zero);
    var not = new ArrayList<>(notZero);
    not.addAll(others.notZero);
    return new Facts(all, at, equal, not);
  }

  private static List<Poly> and(List<Poly> known, Poly e) {
    if (known.contains(e)) {
      return known;
    }
    var more = new ArrayList<>(known);
    more.add(e);
    return more;
  }

  /** Whether the facts hold under an assignment of all variables in them. */
  boolean hold(Function<Atom, Long> values) {
    return ranges.entrySet().stream()
            .allMatch(
                r -> {
                  long at = values.apply(r.getKey());
                  return at >= 0 && at < r.getValue().evaluate(values);
                })
        && atLeastZero.stream().allMatch(e -> e.evaluate(values) >= 0)
        && zero.stream().allMatch(e -> e.evaluate(values) == 0)
        && notZero.stream().allMatch(e -> e.evaluate(values) != 0);
  }
}
