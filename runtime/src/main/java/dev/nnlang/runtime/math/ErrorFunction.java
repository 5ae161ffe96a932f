package dev.nnlang.runtime.math;

/** {@code erf(x) = 2 / sqrt(pi) * integral from 0 to x of exp(-t^2) dt}. */
public final class ErrorFunction {
  /** Up to here erf is computed, from here on what it lacks of 1. */
  private static final double SWITCH = 0.9;

  /** From here on erf is 1 in double precision. */
  private static final double ONE = 6;

  /** The middle of what {@link #FAR} is made for. */
  private static final double MIDDLE = 2.5;

  /**
   * {@code erf(x) / x - 1} in powers of {@code x^2}: the polynomial that agrees with it at
   * Chebyshev's points between 0 and {@link #SWITCH}, wrong by 2^-56 at most.
   */
  private static final double[] NEAR = {
    0.1283791670955126,
    -0.3761263890318373,
    0.11283791670953794,
    -0.02686617064482373,
    0.0052239776217703725,
    -0.0008548326764466543,
    0.00012055321382481122,
    -1.492530753550859e-05,
    1.6455328747938096e-06,
    -1.6276526722586205e-07,
    1.4051482766989913e-08,
    -8.493998797080943e-10
  };

  /**
   * {@code (1 + 2x) exp(x^2) (1 - erf(x))} in powers of {@code (x - MIDDLE) / (x + MIDDLE)}, in the
   * same way between {@link #SWITCH} and {@link #ONE}. That erf is near 1 makes the error less.
   */
  private static final double[] FAR = {
    1.2648381843668615,
    -0.1223567630824044,
    -0.09902453957359927,
    0.15762991902324328,
    -0.10296705603888195,
    0.03276089326664775,
    0.0009318928313788374,
    -0.004382078265416371,
    0.0004918655125162578,
    0.0006321228472081934,
    -8.84759777402255e-05,
    -0.00011350538235993426,
    6.249474667859771e-06,
    2.25895686860423e-05,
    2.6239371674277112e-06,
    -3.840090734256962e-06,
    -1.4044245582427903e-06
  };

  private ErrorFunction() {}

  /** Within 2 units in the last place. */
  public static double erf(double x) {
    double a = Math.abs(x);
    if (a < SWITCH) {
      return x + x * polynomial(NEAR, x * x);
    }
    if (!(a < ONE)) {
      return Double.isNaN(x) ? x : Math.copySign(1, x);
    }
    double scaled = polynomial(FAR, (a - MIDDLE) / (a + MIDDLE)) / (1 + 2 * a);
    return Math.copySign(1 - Math.exp(-a * a) * scaled, x);
  }

  private static double polynomial(double[] coefficients, double x) {
    double p = coefficients[coefficients.length - 1];
    for (int i = coefficients.length - 2; i >= 0; i--) {
      p = p * x + coefficients[i];
    }
    return p;
  }
}
