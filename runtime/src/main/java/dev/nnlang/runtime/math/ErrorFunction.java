package dev.nnlang.runtime.math;

/** {@code erf(x) = 2 / sqrt(pi) * integral from 0 to x of exp(-t^2) dt}. */
public final class ErrorFunction {
  private static final double TWO_OVER_ROOT_PI = 1.1283791670955126;
  private static final double ONE_OVER_ROOT_PI = 0.5641895835477563;

  /** Between series and continued fraction: both are short and exact here. */
  private static final double SWITCH = 2.5;

  /** From here on erf is 1 in double precision. */
  private static final double ONE = 6;

  private static final int FRACTION_TERMS = 40;

  private ErrorFunction() {}

  /**
   * Within 4 units in the last place. For small x the series {@code 2/sqrt(pi) exp(-x^2) sum (2
   * x^2)^n x / (1 3 5 ... (2n+1))}, all of whose terms have one sign; for large x one minus
   * Laplace's continued fraction of erfc (Abramowitz and Stegun 7.1.6 and 7.1.14).
   */
  public static double erf(double x) {
    double a = Math.abs(x);
    if (!(a < ONE)) {
      return Double.isNaN(x) ? x : Math.copySign(1, x);
    }
    double magnitude = a < SWITCH ? series(a) : 1 - complement(a);
    return Math.copySign(magnitude, x);
  }

  private static double series(double a) {
    double twice = 2 * a * a;
    double term = a;
    double sum = a;
    for (int n = 1; term > sum * 1e-17; n++) {
      term *= twice / (2 * n + 1);
      sum += term;
    }
    return TWO_OVER_ROOT_PI * Math.exp(-a * a) * sum;
  }

  private static double complement(double a) {
    double fraction = a;
    for (int n = FRACTION_TERMS; n >= 1; n--) {
      fraction = a + n / 2.0 / fraction;
    }
    return ONE_OVER_ROOT_PI * Math.exp(-a * a) / fraction;
  }
}
