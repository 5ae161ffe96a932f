package dev.nnlang.runtime.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * What generated code needs to work on several values at a time. The kinds of vectors are not
 * public: generated classes lie in this package.
 */
public final class Lanes {
  /** The vectors of a 32-bit program. Constant, since any other species is slow (B1, rule 1). */
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /** The vectors of a 64-bit program. */
  static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

  /** As many integers as there are floats in a vector. */
  static final VectorSpecies<Integer> FLOAT_INTS =
      VectorSpecies.of(int.class, VectorShape.forBitSize(FLOATS.length() * Integer.SIZE));

  /** As many integers as there are doubles in a vector. */
  static final VectorSpecies<Integer> DOUBLE_INTS =
      VectorSpecies.of(int.class, VectorShape.forBitSize(DOUBLES.length() * Integer.SIZE));

  private Lanes() {}

  /** Values in a vector of a 32-bit program. */
  public static int inFloats() {
    return FLOATS.length();
  }

  /** Values in a vector of a 64-bit program. */
  public static int inDoubles() {
    return DOUBLES.length();
  }

  /** Memory of this thread for a few vectors. */
  public static float[] floats() {
    return Scratch.mine().laneFloats;
  }

  /** Memory of this thread for a few vectors. */
  public static double[] doubles() {
    return Scratch.mine().laneDoubles;
  }

  // The last step of a reduction, always in the same order: a vector's own is not defined to be.

  public static float sum(float[] lanes, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += lanes[i];
    }
    return (float) sum;
  }

  public static double sum(double[] lanes, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += lanes[i];
    }
    return sum;
  }

  public static float product(float[] lanes, int count) {
    double product = 1;
    for (int i = 0; i < count; i++) {
      product *= lanes[i];
    }
    return (float) product;
  }

  public static double product(double[] lanes, int count) {
    double product = 1;
    for (int i = 0; i < count; i++) {
      product *= lanes[i];
    }
    return product;
  }

  public static float max(float[] lanes, int count) {
    float max = lanes[0];
    for (int i = 1; i < count; i++) {
      max = Math.max(max, lanes[i]);
    }
    return max;
  }

  public static double max(double[] lanes, int count) {
    double max = lanes[0];
    for (int i = 1; i < count; i++) {
      max = Math.max(max, lanes[i]);
    }
    return max;
  }

  public static float min(float[] lanes, int count) {
    float min = lanes[0];
    for (int i = 1; i < count; i++) {
      min = Math.min(min, lanes[i]);
    }
    return min;
  }

  public static double min(double[] lanes, int count) {
    double min = lanes[0];
    for (int i = 1; i < count; i++) {
      min = Math.min(min, lanes[i]);
    }
    return min;
  }

  /** The nearest 32-bit integer; comparisons with small numbers stay what they were. */
  public static int clamp(long value) {
    return Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }
}
