package dev.nnlang.compiler.size;

import java.util.List;
import java.util.Optional;

/** Rewrites of quotients and remainders that hold under the facts of a prover. */
final class QuotientRules {
  private final Prover prover;

  QuotientRules(Prover prover) {
    this.prover = prover;
  }

  Poly simplify(Poly e) {
    if (!e.hasQuotient()) {
      return e;
    }
    var resolved = e.substitute(this::resolve);
    return joined(resolved);
  }

  /** Remainders put back together with their quotients where that leaves fewer terms. */
  private static Poly joined(Poly e) {
    for (var monomial : e.terms().keySet()) {
      for (var atom : monomial) {
        var whole = whole(atom);
        if (whole.isPresent()) {
          var shorter = replaceTop(e, atom, whole.get());
          if (shorter.terms().size() < e.terms().size()) {
            return joined(shorter);
          }
        }
      }
    }
    return e;
  }

  /**
   * {@code a % b} as {@code a - b * (a / b)}, and {@code (a % b) / c} as {@code a / c - b / c * (a
   * / b)} where c divides b.
   */
  private static Optional<Poly> whole(Atom atom) {
    return switch (atom) {
      case Atom.Dim _, Atom.Index _ -> Optional.empty();
      case Atom.Remainder(var a, var b) -> Optional.of(a.minus(b.times(a.floorDiv(b))));
      case Atom.Quotient(var dividend, var c) ->
          one(dividend)
              .filter(r -> divides(c, r.divisor()))
              .map(
                  r ->
                      r.dividend()
                          .floorDiv(c)
                          .minus(
                              r.divisor().floorDiv(c).times(r.dividend().floorDiv(r.divisor()))));
    };
  }

  /** The remainder that a polynomial is, if it is one and nothing else. */
  private static Optional<Atom.Remainder> one(Poly e) {
    return e.terms().size() == 1
            && e.terms().firstKey().size() == 1
            && e.terms().firstKey().getFirst() instanceof Atom.Remainder r
            && e.equals(Poly.of(r))
        ? Optional.of(r)
        : Optional.empty();
  }

  private static boolean divides(Poly c, Poly b) {
    return c.isConstant()
        && b.isConstant()
        && c.constantTerm() > 0
        && b.constantTerm() % c.constantTerm() == 0;
  }

  /** Replaces the atom where it is a factor of a term, not inside other atoms. */
  private static Poly replaceTop(Poly e, Atom replaced, Poly value) {
    var result = Poly.ZERO;
    for (var term : e.terms().entrySet()) {
      var product = Poly.of(term.getValue());
      for (var atom : term.getKey()) {
        product = product.times(atom.equals(replaced) ? value : Poly.of(atom));
      }
      result = result.plus(product);
    }
    return result;
  }

  private Poly resolve(Atom atom) {
    return switch (atom) {
      case Atom.Dim _, Atom.Index _ -> null;
      case Atom.Quotient(var a, var b) -> quotient(simplify(a), divisor(b));
      case Atom.Remainder(var a, var b) -> remainder(simplify(a), divisor(b));
    };
  }

  /** Facts that make a divisor 0 contradict each other: nothing happens there. */
  private Poly divisor(Poly b) {
    var simple = simplify(b);
    return simple.is(0) ? b : simple;
  }

  private Poly quotient(Poly a, Poly b) {
    var q = a.floorDiv(b);
    if (q.terms().size() == 1 && q.equals(Poly.of(new Atom.Quotient(a, b)))) {
      return known(a, b);
    }
    return q.hasQuotient() && !q.equals(Poly.of(new Atom.Quotient(a, b))) ? simplify(q) : q;
  }

  /** {@code a / b}, of which nothing can be divided out any more. */
  private Poly known(Poly a, Poly b) {
    var low = prover.min(a);
    var high = prover.max(a);
    if (b.isConstant() && b.constantTerm() > 0 && low.isPresent() && high.isPresent()) {
      long least = Math.floorDiv(low.getAsLong(), b.constantTerm());
      if (least == Math.floorDiv(high.getAsLong(), b.constantTerm())) {
        return Poly.of(least);
      }
    }
    if (prover.positive(b)) {
      if (prover.inRange(a, b)) {
        return Poly.ZERO;
      }
      if (prover.inRange(a.plus(b), b)) {
        return Poly.of(-1);
      }
      if (prover.inRange(a.minus(b), b)) {
        return Poly.ONE;
      }
    }
    // floor((floor(x / y) + k) / z) = floor((x + k*y) / (y*z)) for positive numbers y and z.
    if (b.isConstant() && b.constantTerm() > 0) {
      var symbolic = a.minus(a.constantTerm());
      if (symbolic.terms().size() == 1
          && symbolic.terms().firstKey().equals(List.of(symbolic.terms().firstKey().getFirst()))
          && symbolic.terms().get(symbolic.terms().firstKey()) == 1
          && symbolic.terms().firstKey().getFirst() instanceof Atom.Quotient(var x, var y)
          && y.isConstant()
          && y.constantTerm() > 0) {
        return quotient(x.plus(y.times(a.constantTerm())), y.times(b));
      }
    }
    return Poly.of(new Atom.Quotient(a, b));
  }

  private Poly remainder(Poly dividend, Poly b) {
    var a = withoutMultiples(dividend, b);
    var rest = a.floorMod(b);
    if (rest.terms().size() != 1
        || !(rest.terms().firstKey().equals(List.of(new Atom.Remainder(rest(rest), b))))) {
      return rest;
    }
    var left = rest(rest);
    var whole = quotient(left, b);
    return whole.hasQuotient() ? rest : left.minus(b.times(whole));
  }

  /** {@code (a % 8) % 2} is {@code a % 2}: a remainder by a multiple of b may lose its divisor. */
  private static Poly withoutMultiples(Poly dividend, Poly b) {
    var result = dividend;
    for (var term : dividend.terms().entrySet()) {
      if (term.getKey().size() == 1
          && term.getKey().getFirst() instanceof Atom.Remainder(var a, var m)
          && divides(b, m.times(term.getValue()))) {
        var remainder = Poly.of(term.getKey().getFirst());
        result = result.plus(a.minus(remainder).times(term.getValue()));
      }
    }
    return result;
  }

  /** The dividend of a polynomial that is one remainder; the polynomial itself if it is not. */
  private static Poly rest(Poly e) {
    return !e.isConstant()
            && e.terms().firstKey().size() == 1
            && e.terms().firstKey().getFirst() instanceof Atom.Remainder(var a, _)
        ? a
        : e;
  }

  /** Every remainder {@code a % b} written as {@code a - b * (a / b)}. */
  static Poly withoutRemainders(Poly e) {
    if (!e.hasQuotient()) {
      return e;
    }
    return e.substitute(
        atom ->
            switch (atom) {
              case Atom.Dim _, Atom.Index _, Atom.Quotient _ -> null;
              case Atom.Remainder(var a, var b) -> {
                var x = withoutRemainders(a);
                var y = withoutRemainders(b);
                yield x.minus(y.times(x.floorDiv(y)));
              }
            });
  }
}
