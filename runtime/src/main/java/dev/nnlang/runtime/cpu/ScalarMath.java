package dev.nnlang.runtime.cpu;

/** Scalar functions that generated code calls and that {@link Math} does not have. */
public final class ScalarMath {
  private ScalarMath() {}

  public static double rsqrt(double x) {
    return 1 / Math.sqrt(x);
  }

  /** {@code 1 / (1 + exp(-x))} without overflow. */
  public static double sigmoid(double x) {
    if (x >= 0) {
      return 1 / (1 + Math.exp(-x));
    }
    double e = Math.exp(x);
    return e / (1 + e);
  }

  /** {@code log(1 + exp(x))} without overflow. */
  public static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** {@code x - y * floor(x / y)}, the sign of the divisor (LR-61). */
  public static double mod(double x, double y) {
    double rest = x % y;
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
  }

  public static float mod(float x, float y) {
    return (float) mod((double) x, (double) y);
  }

  public static double pow(double x, double y) {
    return Math.pow(x, y);
  }

  public static float pow(float x, float y) {
    return (float) Math.pow(x, y);
  }

  /** Wraps, like all integer arithmetic; a negative exponent gives 0 but for a base of 1 and -1. */
  public static long pow(long x, long y) {
    if (y < 0) {
      return x == 1 ? 1 : x == -1 ? ((y & 1) == 0 ? 1 : -1) : 0;
    }
    long result = 1;
    long power = x;
    for (long left = y; left > 0; left >>= 1) {
      if ((left & 1) == 1) {
        result *= power;
      }
      power *= power;
    }
    return result;
  }

  public static double atan2(double y, double x) {
    return Math.atan2(y, x);
  }

  public static float atan2(float y, float x) {
    return (float) Math.atan2(y, x);
  }

  /** Whether {@code value} takes the place of the best so far for argmax; none if place is -1. */
  public static boolean above(long place, double value, double best) {
    return place < 0 || value > best || value != value && best == best;
  }

  public static boolean above(long place, long value, long best) {
    return place < 0 || value > best;
  }

  public static boolean below(long place, double value, double best) {
    return place < 0 || value < best || value != value && best == best;
  }

  public static boolean below(long place, long value, long best) {
    return place < 0 || value < best;
  }

  /** From the largest x and the sum of {@code exp(x - max)}. */
  public static double logSumExp(double max, double sum) {
    return Double.isInfinite(max) ? max : max + Math.log(sum);
  }
}
