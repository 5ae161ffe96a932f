package dev.nnlang.compiler.equation;

import java.util.function.DoubleUnaryOperator;

/**
 * The slope of a function of one number at 0, from its values alone: the judge of every derivative.
 *
 * <p>Two four-point differences, of step h and h/2, are exact up to h^4; where they agree the
 * function is smooth around 0 as far as h reaches. Where they do not, a kink or a jump is nearer
 * than h, and a shorter step stays on this side of it.
 */
public final class CentralDifferences {
  private static final double LONGEST = 1e-3;
  private static final double SHORTEST = 1e-7;
  private static final double AGREE = 1e-7;

  private CentralDifferences() {}

  /**
   * A slope and what it is worth.
   *
   * @param value of the slope
   * @param error how far two estimates are apart, or what rounding makes of values as large as
   *     these
   */
  public record Slope(double value, double error) {
    /** Whether a derivative found in another way is this one, as far as that can be told. */
    public boolean is(double derivative) {
      double size = 1 + Math.abs(value);
      return error <= 1e-4 * size && Math.abs(derivative - value) <= 1e-6 * size + 8 * error;
    }
  }

  public static Slope at0(DoubleUnaryOperator f) {
    var best = new Slope(Double.NaN, Double.POSITIVE_INFINITY);
    double size = Math.abs(f.applyAsDouble(0));
    for (double h = LONGEST; h >= SHORTEST; h /= 10) {
      double wide = fourPoints(f, h);
      double narrow = fourPoints(f, h / 2);
      double error = Math.abs(wide - narrow);
      double rounding = 1e-15 * (1 + size) / h;
      if (error < best.error) {
        best = new Slope(narrow, Math.max(error, rounding));
      }
      if (error <= AGREE * (1 + Math.abs(narrow)) + 8 * rounding) {
        return best;
      }
    }
    return best;
  }

  private static double fourPoints(DoubleUnaryOperator f, double h) {
    double near = f.applyAsDouble(h) - f.applyAsDouble(-h);
    double far = f.applyAsDouble(2 * h) - f.applyAsDouble(-2 * h);
    return (8 * near - far) / (12 * h);
  }
}
