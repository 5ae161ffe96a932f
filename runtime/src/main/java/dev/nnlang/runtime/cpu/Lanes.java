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
  /** The vectors of a 32-bit program. Constant, since any other species is slow. */
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /** The vectors of a 64-bit program. */
  static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

  /** As many integers as there are floats in a vector. */
  static final VectorSpecies<Integer> FLOAT_INTS =
      VectorSpecies.of(int.class, VectorShape.forBitSize(FLOATS.length() * Integer.SIZE));

  /** As many integers as there are doubles in a vector. */
  static final VectorSpecies<Integer> DOUBLE_INTS =
      VectorSpecies.of(int.class, VectorShape.forBitSize(DOUBLES.length() * Integer.SIZE));

  /** The number of each lane, from 0. */
  static final FloatVector FLOAT_NUMBERS = FloatVector.zero(FLOATS).addIndex(1);

  /** The number of each lane, from 0. */
  static final DoubleVector DOUBLE_NUMBERS = DoubleVector.zero(DOUBLES).addIndex(1);

  /** Of a thread's memory for lanes: the vector that is copied by {@link #near}. */
  private static final int NEAR = 2;

  /** Of a thread's memory for lanes: the vector of which a part is copied to its place. */
  public static final int PART = 3;

  /** How many vectors a thread's memory for lanes holds; generated code uses the first two. */
  static final int VECTORS = 4;

  private Lanes() {}

  /** Values in a vector of a 32-bit program. */
  public static int inFloats() {
    return FLOATS.length();
  }

  /** Values in a vector of a 64-bit program. */
  public static int inDoubles() {
    return DOUBLES.length();
  }

  /** Registers for vectors: 16 on x86-64 without AVX-512, else 32. */
  static int registers() {
    boolean fewer = System.getProperty("os.arch").equals("amd64") && FLOATS.vectorBitSize() < 512;
    return fewer ? 16 : 32;
  }

  /** Memory of this thread for a few vectors. */
  public static float[] floats() {
    return Scratch.mine().laneFloats;
  }

  /** Memory of this thread for a few vectors. */
  public static double[] doubles() {
    return Scratch.mine().laneDoubles;
  }

  // The last values of a run, which do not fill a vector.

  /**
   * Where a whole vector can be read that begins at a place: the array itself, if the vector is in
   * it, else a copy with zeros for what is not there.
   */
  public static float[] near(float[] array, int at) {
    return at >= 0 && at <= array.length - FLOATS.length() ? array : copied(array, at);
  }

  /** Where a whole vector can be read that begins at a place. */
  public static double[] near(double[] array, int at) {
    return at >= 0 && at <= array.length - DOUBLES.length() ? array : copied(array, at);
  }

  /** The place in what {@link #near} has found. */
  public static int at(float[] array, int at, float[] near) {
    return near == array ? at : NEAR * FLOATS.length();
  }

  /** The place in what {@link #near} has found. */
  public static int at(double[] array, int at, double[] near) {
    return near == array ? at : NEAR * DOUBLES.length();
  }

  private static float[] copied(float[] array, int at) {
    var near = floats();
    for (int i = 0; i < FLOATS.length(); i++) {
      boolean exists = at + i >= 0 && at + i < array.length;
      near[NEAR * FLOATS.length() + i] = exists ? array[at + i] : 0;
    }
    return near;
  }

  private static double[] copied(double[] array, int at) {
    var near = doubles();
    for (int i = 0; i < DOUBLES.length(); i++) {
      boolean exists = at + i >= 0 && at + i < array.length;
      near[NEAR * DOUBLES.length() + i] = exists ? array[at + i] : 0;
    }
    return near;
  }

  /** Copies the first values of this thread's part of a vector to their place. */
  public static void copyPart(float[] to, int at, int count) {
    System.arraycopy(floats(), PART * FLOATS.length(), to, at, count);
  }

  /** Copies the first values of this thread's part of a vector to their place. */
  public static void copyPart(double[] to, int at, int count) {
    System.arraycopy(doubles(), PART * DOUBLES.length(), to, at, count);
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
