package dev.nnlang.compiler.equation;

import java.util.ArrayList;
import java.util.List;

/** What a reduction has seen so far, by the rules of LR-35. */
abstract sealed class Total {
  /** One more value, at a row-major point of the reduction's axes. */
  abstract void add(double value, int point);

  /** One more int or bool. */
  abstract void add(long value, int point);

  abstract double real();

  abstract long whole();

  static Total of(Reduction.Kind kind, Type type) {
    return switch (kind) {
      case SUM, PROD, ANY, ALL -> new Fold(kind);
      case MAX, MIN, ARGMAX, ARGMIN -> new Extreme(kind, type);
      case LOGSUMEXP -> new LogSumExp();
    };
  }

  private static final class Fold extends Total {
    private final Reduction.Kind kind;
    private double real;
    private long whole;

    Fold(Reduction.Kind kind) {
      this.kind = kind;
      boolean one = kind == Reduction.Kind.PROD || kind == Reduction.Kind.ALL;
      this.real = one ? 1 : 0;
      this.whole = one ? 1 : 0;
    }

    @Override
    void add(double value, int point) {
      real = kind == Reduction.Kind.SUM ? real + value : real * value;
    }

    @Override
    void add(long value, int point) {
      switch (kind) {
        case SUM -> whole += value;
        case PROD -> whole *= value;
        case ANY -> whole |= value;
        case ALL -> whole &= value;
        case MAX, MIN, ARGMAX, ARGMIN, LOGSUMEXP -> throw new IllegalStateException();
      }
    }

    @Override
    double real() {
      return real;
    }

    @Override
    long whole() {
      return whole;
    }
  }

  /** The first extreme wins; NaN wins over any number, the first NaN over later ones. */
  private static final class Extreme extends Total {
    private final boolean up;
    private final boolean place;
    private final boolean reals;
    private double best;
    private long bestWhole;
    private int at = -1;

    Extreme(Reduction.Kind kind, Type type) {
      this.up = kind == Reduction.Kind.MAX || kind == Reduction.Kind.ARGMAX;
      this.place = kind == Reduction.Kind.ARGMAX || kind == Reduction.Kind.ARGMIN;
      this.reals = type == Type.REAL;
      this.best = up ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      this.bestWhole = up ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    @Override
    void add(double value, int point) {
      boolean better = up ? value > best : value < best;
      if (at < 0 || better || Double.isNaN(value) && !Double.isNaN(best)) {
        best = value;
        at = point;
      }
    }

    @Override
    void add(long value, int point) {
      if (at < 0 || (up ? value > bestWhole : value < bestWhole)) {
        bestWhole = value;
        at = point;
      }
    }

    @Override
    double real() {
      return best;
    }

    @Override
    long whole() {
      return place ? at : reals ? (long) best : bestWhole;
    }
  }

  /** Two passes over the kept values, so that nothing overflows. */
  private static final class LogSumExp extends Total {
    private final List<Double> seen = new ArrayList<>();

    @Override
    void add(double value, int point) {
      seen.add(value);
    }

    @Override
    void add(long value, int point) {
      throw new IllegalStateException("logsumexp of ints");
    }

    @Override
    double real() {
      double top = Double.NEGATIVE_INFINITY;
      for (double value : seen) {
        top = Math.max(top, value);
      }
      if (Double.isInfinite(top) || Double.isNaN(top)) {
        return top;
      }
      double sum = 0;
      for (double value : seen) {
        sum += Math.exp(value - top);
      }
      return top + Math.log(sum);
    }

    @Override
    long whole() {
      throw new IllegalStateException("logsumexp is real");
    }
  }
}
