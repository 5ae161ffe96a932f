package dev.nnlang.runtime.cpu;

/** Scalar functions that generated code calls and that {@link Math} does not have. */
public final class ScalarMath {
  /** Up to here tanh is a polynomial. */
  private static final double NEAR = 0.6;

  /**
   * {@code (tanh(x) / x - 1) / x^2} in powers of {@code x^2}: the polynomial that agrees with it at
   * Chebyshev's points between 0 and {@link #NEAR}, wrong by 2^-57 at most.
   */
  private static final double[] TANH = {
    -0.3333333333333333,
    0.13333333333333205,
    -0.05396825396808531,
    0.021869488527368107,
    -0.008863235292803289,
    0.0035921242500086925,
    -0.0014557958855734635,
    0.0005897680994688268,
    -0.00023795201383924994,
    9.332432233847448e-05,
    -3.2086614037935994e-05,
    6.934046420988954e-06
  };

  private ScalarMath() {}

  public static double rsqrt(double x) {
    return 1 / Math.sqrt(x);
  }

  /** Java's own may be wrong by 2.5 units in the last place. */
  public static double tanh(double x) {
    double a = Math.abs(x);
    if (!(a < NEAR)) {
      return Math.copySign(1 - 2 / (Math.exp(2 * a) + 1), x);
    }
    double square = a * a;
    double p = TANH[TANH.length - 1];
    for (int i = TANH.length - 2; i >= 0; i--) {
      p = p * square + TANH[i];
    }
    // A zero keeps its sign.
    return Math.copySign(a + a * (p * square), x);
  }

  /** {@code 1 / (1 + exp(-x))} without overflow. */
  public static double sigmoid(double x) {
    double e = Math.exp(-Math.abs(x));
    double above = x < 0 ? e : 1;
    double sum = 1 + e;
    double q = above / sum;
    // What the quotient by 1 + e leaves, before that sum was rounded; the difference has no error.
    return q + Math.fma(-q, e, above - q) / sum;
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
