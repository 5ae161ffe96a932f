package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.program.Arena;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.Arrays;

/**
 * Memory for reals in a program's precision: one of two arrays, the other is null.
 *
 * @param floats of a 32-bit program
 * @param doubles of a 64-bit program
 */
record Reals(float[] floats, double[] doubles) {
  /** Bytes of a line of the cache, and those that lie before an array's elements. */
  static final int LINE = Arena.LINE;

  private static final int HEADER = 16;

  /** The first element of a large array that lies at the start of a line of the cache. */
  static int line(ElementType type) {
    return (LINE - HEADER) / (type == ElementType.F32 ? Float.BYTES : Double.BYTES);
  }

  /** Elements in a line of the cache. */
  static int lineLength(ElementType type) {
    return LINE / (type == ElementType.F32 ? Float.BYTES : Double.BYTES);
  }

  static Reals of(ElementType type, int length) {
    return type == ElementType.F32
        ? new Reals(new float[length], null)
        : new Reals(null, new double[length]);
  }

  static Reals of(float[] floats) {
    return new Reals(floats, null);
  }

  static Reals of(double[] doubles) {
    return new Reals(null, doubles);
  }

  int length() {
    return floats != null ? floats.length : doubles.length;
  }

  /** Adds so many elements from one place on to those from another place on. */
  void add(int from, int to, int count) {
    if (floats != null) {
      for (int i = 0; i < count; i++) {
        floats[to + i] += floats[from + i];
      }
    } else {
      for (int i = 0; i < count; i++) {
        doubles[to + i] += doubles[from + i];
      }
    }
  }

  /** Zeros from one place up to another. */
  void clear(int from, int to) {
    if (floats != null) {
      Arrays.fill(floats, from, to, 0);
    } else {
      Arrays.fill(doubles, from, to, 0);
    }
  }
}
