package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.runtime.gpu.Product;
import java.util.Random;

/**
 * How matrix products are computed where reals have 32 bits, as written on the command line.
 * Factors are rounded, and then multiplied and added up in 32 bits; so are all other values
 * computed and stored, parameters among them. Both short forms have the exponents of 32 bits, so
 * that no gradient vanishes in them that would not vanish in 32, and a loss needs no scale.
 */
public enum Arithmetic {
  /** As IEEE 754 has it: factors keep all their bits. */
  ieee(0),
  /** 10 bits of a factor's fraction, ties away from 0: NVIDIA's TF32. */
  tf32(1),
  /** 7 bits of a factor's fraction, ties to even: bfloat16. */
  bf16(2);

  private static final int SAMPLES = 64;
  private static final int MOST_TERMS = 4096;

  /** What {@code NN_MATH} is in the kernels' text. */
  private final int number;

  Arithmetic(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** What a library is told. */
  Product.Rounding rounding() {
    return switch (this) {
      case ieee -> Product.Rounding.NONE;
      case tf32 -> Product.Rounding.TF32;
      case bf16 -> Product.Rounding.BF16;
    };
  }

  /** A factor as it is multiplied; what the prelude's {@code nn_factor} does. */
  float rounded(float x) {
    int bits = Float.floatToRawIntBits(x);
    return Float.isNaN(x)
        ? x
        : switch (this) {
          case ieee -> x;
          case tf32 -> Float.intBitsToFloat(bits + 0x1000 & 0xffffe000);
          case bf16 -> Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000);
        };
  }

  /**
   * How far sums of so many products are off, against 64 bits and relative to their usual size:
   * measured with normal numbers, the root of the mean square.
   */
  double error(long terms) {
    int count = (int) Math.max(1, Math.min(MOST_TERMS, terms));
    var random = new Random(terms);
    double off = 0;
    double size = 0;
    for (int s = 0; s < SAMPLES; s++) {
      float sum = 0;
      double exact = 0;
      for (int k = 0; k < count; k++) {
        float a = (float) random.nextGaussian();
        float b = (float) random.nextGaussian();
        sum = Math.fma(rounded(a), rounded(b), sum);
        exact += (double) a * b;
      }
      off += (sum - exact) * (sum - exact);
      size += exact * exact;
    }
    return Math.sqrt(off / size);
  }
}
