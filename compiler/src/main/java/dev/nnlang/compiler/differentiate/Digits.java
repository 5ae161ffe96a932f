package dev.nnlang.compiler.differentiate;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Conditions;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.size.Prover;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * New coordinates in which a quotient or a remainder of indices is affine: {@code i / 28} and
 * {@code i % 28} are q and r for {@code i = 28*q + r}; in {@code (3*a + b) / 4} with {@code b < 3}
 * first {@code 3*a + b} becomes one index.
 */
final class Digits {
  private Digits() {}

  /**
   * Axes put in for others.
   *
   * @param values of the indices that are replaced, in terms of {@code made} and of those that stay
   * @param made the new axes
   * @param inverse the values of the new axes, in terms of those that are replaced
   * @param whole what became {@code wholeValue} wherever it stands
   */
  record Split(
      Map<Atom.Index, Poly> values,
      List<Axis> made,
      List<Poly> inverse,
      Poly whole,
      Poly wholeValue) {

    /** The polynomial in the new coordinates, not yet simplified. */
    Poly apply(Poly p) {
      return replace(p, whole, wholeValue).substitute(values);
    }
  }

  /** The terms of a polynomial that is affine in some axes. */
  record Affine(Map<Axis, Poly> terms, Poly rest) {}

  /** {@code p} as a sum over the axes, empty where it is not affine in them. */
  static Optional<Affine> affine(Poly p, List<Axis> axes) {
    var terms = new LinkedHashMap<Axis, Poly>();
    var rest = p;
    for (var axis : axes) {
      var c = p.coefficient(axis.index());
      if (!c.is(0)) {
        terms.put(axis, c);
        rest = rest.minus(c.times(Poly.of(axis.index())));
      }
    }
    for (var axis : axes) {
      for (var c : terms.values()) {
        if (c.mentions(axis.index())) {
          return Optional.empty();
        }
      }
      if (rest.mentions(axis.index())) {
        return Optional.empty();
      }
    }
    return Optional.of(new Affine(terms, rest));
  }

  /** The innermost quotient or remainder whose dividend speaks of one of the axes. */
  static Optional<Atom> innermost(Poly p, List<Axis> axes) {
    for (var monomial : p.terms().keySet()) {
      for (var atom : monomial) {
        var found =
            switch (atom) {
              case Atom.Dim _, Atom.Index _ -> Optional.<Atom>empty();
              case Atom.Quotient(var a, _) -> inside(atom, a, axes);
              case Atom.Remainder(var a, _) -> inside(atom, a, axes);
            };
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Atom> inside(Atom atom, Poly dividend, List<Axis> axes) {
    var deeper = innermost(dividend, axes);
    if (deeper.isPresent()) {
      return deeper;
    }
    return axes.stream().anyMatch(a -> dividend.mentions(a.index()))
        ? Optional.of(atom)
        : Optional.empty();
  }

  /** Coordinates in which {@code dividend / divisor} and {@code dividend % divisor} are affine. */
  static Optional<Split> split(
      Poly dividend, Poly divisor, List<Axis> axes, Function<String, Axis> fresh, Prover prover) {
    var affine = affine(dividend, axes);
    if (affine.isEmpty() || divisor.hasIndex() || !prover.positive(divisor)) {
      return Optional.empty();
    }
    var joined = join(affine.get(), fresh);
    return joined.isPresent() ? joined : divide(affine.get(), divisor, fresh, prover);
  }

  /** The same for the dividend and the divisor of an atom. */
  static Optional<Split> split(
      Atom atom, List<Axis> axes, Function<String, Axis> fresh, Prover prover) {
    return switch (atom) {
      case Atom.Dim _, Atom.Index _ -> Optional.empty();
      case Atom.Quotient(var a, var b) -> split(a, b, axes, fresh, prover);
      case Atom.Remainder(var a, var b) -> split(a, b, axes, fresh, prover);
    };
  }

  /** Two or more indices that count the digits of one number become that number. */
  private static Optional<Split> join(Affine affine, Function<String, Axis> fresh) {
    var terms = new ArrayList<>(affine.terms().entrySet());
    if (terms.size() < 2) {
      return Optional.empty();
    }
    terms.sort(
        Comparator.comparingLong((Map.Entry<Axis, Poly> e) -> weight(e.getValue())).reversed());
    if (!terms.getLast().getValue().is(1)) {
      return Optional.empty();
    }
    for (int j = 0; j + 1 < terms.size(); j++) {
      var below = terms.get(j + 1);
      if (!terms.get(j).getValue().equals(below.getValue().times(below.getKey().extent()))) {
        return Optional.empty();
      }
    }
    var first = terms.getFirst();
    var number =
        sized(fresh.apply(first.getKey().name()), first.getValue().times(first.getKey().extent()));
    var f = Poly.of(number.index());
    var values = new LinkedHashMap<Atom.Index, Poly>();
    for (int j = 0; j < terms.size(); j++) {
      var left = j == 0 ? f : f.floorMod(terms.get(j - 1).getValue());
      values.put(terms.get(j).getKey().index(), left.floorDiv(terms.get(j).getValue()));
    }
    return Optional.of(
        new Split(values, List.of(number), List.of(whole(affine)), whole(affine), f));
  }

  /** {@code dividend = divisor*q + r}, solved for the longest index with factor 1 or -1. */
  private static Optional<Split> divide(
      Affine affine, Poly divisor, Function<String, Axis> fresh, Prover prover) {
    Axis solved = null;
    var low = affine.rest();
    var high = affine.rest();
    for (var term : affine.terms().entrySet()) {
      var c = term.getValue();
      var reach = term.getKey().extent().minus(1).times(c);
      if (prover.atLeastZero(c)) {
        high = high.plus(reach);
      } else if (prover.atLeastZero(c.negate())) {
        low = low.plus(reach);
      } else {
        return Optional.empty();
      }
      if ((c.is(1) || c.is(-1))
          && (solved == null || weight(term.getKey().extent()) > weight(solved.extent()))) {
        solved = term.getKey();
      }
    }
    low = prover.simplify(low);
    var least = prover.simplify(low.floorDiv(divisor));
    if (solved == null || !least.isConstant()) {
      return Optional.empty();
    }
    var count = prover.simplify(high.minus(divisor.times(least)).floorDiv(divisor)).plus(1);
    if (count.hasIndex()) {
      return Optional.empty();
    }
    var q = sized(fresh.apply(solved.name()), count);
    var r = sized(fresh.apply(solved.name()), divisor);
    var counted = divisor.times(Poly.of(q.index()).plus(least)).plus(Poly.of(r.index()));
    var dividend = whole(affine).plus(affine.rest());
    var c = affine.terms().get(solved);
    var others = dividend.minus(c.times(Poly.of(solved.index())));
    var value = counted.minus(others).times(c);
    return Optional.of(
        new Split(
            Map.of(solved.index(), value),
            List.of(q, r),
            List.of(dividend.floorDiv(divisor).minus(least), dividend.floorMod(divisor)),
            whole(affine),
            counted.minus(affine.rest())));
  }

  /** The part of a dividend that is made of indices. */
  private static Poly whole(Affine affine) {
    var sum = Poly.ZERO;
    for (var term : affine.terms().entrySet()) {
      sum = sum.plus(term.getValue().times(Poly.of(term.getKey().index())));
    }
    return sum;
  }

  private static Axis sized(Axis axis, Poly extent) {
    return new Axis(axis.index(), extent);
  }

  /**
   * Puts {@code value} in for {@code whole} where the rest of a dividend has no index of its own.
   */
  private static Poly replace(Poly p, Poly whole, Poly value) {
    return p.substitute(
        atom ->
            switch (atom) {
              case Atom.Dim _, Atom.Index _ -> null;
              case Atom.Quotient(var a, var b) ->
                  within(a, whole, value).floorDiv(replace(b, whole, value));
              case Atom.Remainder(var a, var b) ->
                  within(a, whole, value).floorMod(replace(b, whole, value));
            });
  }

  private static Poly within(Poly a, Poly whole, Poly value) {
    var rest = a.minus(whole);
    return rest.hasIndex() ? replace(a, whole, value) : rest.plus(value);
  }

  /** How long a loop is, for choosing: an open dimension counts as long. */
  static long weight(Poly extent) {
    try {
      return extent.evaluate(
          atom ->
              switch (atom) {
                case Atom.Dim _ -> 4096L;
                case Atom.Index _ -> 1L;
                case Atom.Quotient _, Atom.Remainder _ -> null;
              });
    } catch (ArithmeticException _) {
      return Long.MAX_VALUE;
    }
  }

  /** A prover that knows the ranges of the axes. */
  static Prover prover(List<Axis> axes, List<Axis> more) {
    return new Prover(Conditions.ranges(axes).and(Conditions.ranges(more)));
  }
}
