package dev.nnlang.compiler.size;

/**
 * What a polynomial is a polynomial in. Names are unique: a dimension's within its program, an
 * index's within its equation.
 */
public sealed interface Atom extends Comparable<Atom> {

  /** A dimension whose size is not a number here; always at least 1. */
  record Dim(String name) implements Atom {
    @Override
    public String toString() {
      return name;
    }
  }

  /** An index variable; its range stands beside it in an equation's axes, from 0 inclusive. */
  record Index(String name) implements Atom {
    @Override
    public int hashCode() {
      return name.hashCode();
    }

    @Override
    public boolean equals(Object other) {
      return this == other || other instanceof Index(var that) && name.equals(that);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** {@code floor(dividend / divisor)}, where the division could not be carried out. */
  record Quotient(Poly dividend, Poly divisor) implements Atom {
    @Override
    public String toString() {
      return "(" + dividend + ") / (" + divisor + ")";
    }
  }

  /** {@code dividend - divisor * floor(dividend / divisor)}, the sign of the divisor. */
  record Remainder(Poly dividend, Poly divisor) implements Atom {
    @Override
    public String toString() {
      return "(" + dividend + ") % (" + divisor + ")";
    }
  }

  /** By kind, then by name or by parts: an arbitrary but fixed order, for canonical sums. */
  @Override
  default int compareTo(Atom other) {
    if (this == other) {
      return 0;
    }
    return switch (this) {
      case Dim(var name) when other instanceof Dim(var otherName) -> name.compareTo(otherName);
      case Index(var name) when other instanceof Index(var otherName) -> name.compareTo(otherName);
      case Quotient(var a, var b) when other instanceof Quotient(var c, var d) ->
          compare(a, b, c, d);
      case Remainder(var a, var b) when other instanceof Remainder(var c, var d) ->
          compare(a, b, c, d);
      case Dim _, Index _, Quotient _, Remainder _ -> Integer.compare(kind(this), kind(other));
    };
  }

  private static int compare(Poly a, Poly b, Poly c, Poly d) {
    int order = a.compareTo(c);
    return order != 0 ? order : b.compareTo(d);
  }

  private static int kind(Atom atom) {
    return switch (atom) {
      case Index _ -> 0;
      case Dim _ -> 1;
      case Quotient _ -> 2;
      case Remainder _ -> 3;
    };
  }
}
