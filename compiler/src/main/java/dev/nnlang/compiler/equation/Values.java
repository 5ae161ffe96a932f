package dev.nnlang.compiler.equation;

/**
 * The elements of one tensor in the interpreter, row-major: reals as doubles; ints, and bools as 0
 * and 1, as longs.
 */
public sealed interface Values {
  record Reals(double[] elements) implements Values {}

  record Wholes(long[] elements) implements Values {}

  static Values of(Type type, int size) {
    return switch (type) {
      case REAL -> new Reals(new double[size]);
      case INT, BOOL -> new Wholes(new long[size]);
    };
  }

  default int size() {
    return switch (this) {
      case Reals(var elements) -> elements.length;
      case Wholes(var elements) -> elements.length;
    };
  }

  default double[] reals() {
    return ((Reals) this).elements;
  }

  default long[] wholes() {
    return ((Wholes) this).elements;
  }
}
