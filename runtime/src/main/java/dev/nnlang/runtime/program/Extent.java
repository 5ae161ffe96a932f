package dev.nnlang.runtime.program;

import java.util.List;
import java.util.Map;

/** A size that may depend on the open dimensions of a program. */
public sealed interface Extent {
  record Number(long value) implements Extent {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  record Dim(String name) implements Extent {
    @Override
    public String toString() {
      return name;
    }
  }

  record Sum(List<Extent> terms) implements Extent {
    @Override
    public String toString() {
      return String.join(" + ", terms.stream().map(Extent::toString).toList());
    }
  }

  record Product(List<Extent> factors) implements Extent {
    @Override
    public String toString() {
      return String.join("*", factors.stream().map(Extent::toString).toList());
    }
  }

  /** Rounded towards minus infinity. */
  record Quotient(Extent dividend, Extent divisor) implements Extent {
    @Override
    public String toString() {
      return "(" + dividend + ") / (" + divisor + ")";
    }
  }

  record Remainder(Extent dividend, Extent divisor) implements Extent {
    @Override
    public String toString() {
      return "(" + dividend + ") % (" + divisor + ")";
    }
  }

  static Extent of(long value) {
    return new Number(value);
  }

  /**
   * The size under these open dimensions; an {@link IllegalArgumentException} names a missing one.
   */
  default long evaluate(Map<String, Long> dims) {
    return switch (this) {
      case Number(var value) -> value;
      case Dim(var name) -> {
        var value = dims.get(name);
        if (value == null) {
          throw new IllegalArgumentException("no size for the open dimension " + name);
        }
        yield value;
      }
      case Sum(var terms) ->
          terms.stream().mapToLong(t -> t.evaluate(dims)).reduce(0, Math::addExact);
      case Product(var factors) ->
          factors.stream().mapToLong(f -> f.evaluate(dims)).reduce(1, Math::multiplyExact);
      case Quotient(var a, var b) -> Math.floorDiv(a.evaluate(dims), b.evaluate(dims));
      case Remainder(var a, var b) -> Math.floorMod(a.evaluate(dims), b.evaluate(dims));
    };
  }
}
