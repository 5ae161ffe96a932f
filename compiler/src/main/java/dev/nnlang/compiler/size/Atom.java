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

  /** By kind, then by text: an arbitrary but fixed order, so that printing is deterministic. */
  @Override
  default int compareTo(Atom other) {
    int byKind = Integer.compare(kind(this), kind(other));
    return byKind != 0 ? byKind : toString().compareTo(other.toString());
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
