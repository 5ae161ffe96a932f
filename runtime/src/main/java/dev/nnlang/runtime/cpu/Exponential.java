package dev.nnlang.runtime.cpu;

/**
 * The exponential of 32-bit reals in the lanes of which one has a result that is large, perhaps
 * infinite: what generated code computes in vectors otherwise, number for number. The polynomial is
 * a minimax one in the public domain by Norbert Juffa, after the reduction of Cody and Waite 1980.
 */
public final class Exponential {
  /** Below it the result is 0. */
  public static final float ZERO_BELOW = -104;

  /** Above it the result is infinite. */
  private static final float INFINITE_ABOVE = 89;

  /** 1.5 * 2^23: adding it rounds to an integer. */
  private static final float MAGIC = 12582912f;

  private Exponential() {}

  /** Replaces each number of the first vector. */
  public static void of(float[] lanes) {
    for (int i = 0; i < Lanes.inFloats(); i++) {
      lanes[i] = of(lanes[i]);
    }
  }

  private static float of(float given) {
    // Both comparisons leave NaN as it is.
    float x = given < ZERO_BELOW ? ZERO_BELOW : given > INFINITE_ABOVE ? INFINITE_ABOVE : given;
    float n = Math.fma(x, 1.44269502f, MAGIC) - MAGIC;
    float f = Math.fma(n, -1.42860677e-6f, Math.fma(n, -6.93145752e-1f, x));
    float p = Math.fma(1.37805939e-3f, f, 8.37312452e-3f);
    p = Math.fma(p, f, 4.16695364e-2f);
    p = Math.fma(p, f, 1.66664720e-1f);
    p = Math.fma(p, f, 4.99999851e-1f);
    p = Math.fma(p, f, 1);
    p = Math.fma(p, f, 1);
    return Math.scalb(p, (int) n);
  }
}
