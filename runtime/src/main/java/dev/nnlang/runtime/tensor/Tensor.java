package dev.nnlang.runtime.tensor;

import java.util.Arrays;

/**
 * A dense row-major array. It is mutable and shared on purpose: a parameter bound to two programs
 * is one {@code Tensor}, and an update by one is seen by the other.
 */
public final class Tensor {
  private final ElementType type;
  private final int[] shape;
  private final Object data;

  private Tensor(ElementType type, int[] shape, Object data, int length) {
    int size = size(shape);
    if (size != length) {
      throw new IllegalArgumentException(
          "shape " + Arrays.toString(shape) + " has " + size + " elements, data " + length);
    }
    this.type = type;
    this.shape = shape.clone();
    this.data = data;
  }

  public static Tensor of(float[] data, int... shape) {
    return new Tensor(ElementType.F32, shape, data, data.length);
  }

  public static Tensor of(double[] data, int... shape) {
    return new Tensor(ElementType.F64, shape, data, data.length);
  }

  public static Tensor of(long[] data, int... shape) {
    return new Tensor(ElementType.INT, shape, data, data.length);
  }

  public static Tensor ofBooleans(long[] data, int... shape) {
    return new Tensor(ElementType.BOOL, shape, data, data.length);
  }

  /** All zero. */
  public static Tensor zeros(ElementType type, int... shape) {
    int size = size(shape);
    return switch (type) {
      case F32 -> of(new float[size], shape);
      case F64 -> of(new double[size], shape);
      case INT -> of(new long[size], shape);
      case BOOL -> ofBooleans(new long[size], shape);
    };
  }

  /** The number of elements of a shape; an {@link ArithmeticException} beyond 2^31 - 1. */
  public static int size(int... shape) {
    int size = 1;
    for (int extent : shape) {
      size = Math.multiplyExact(size, extent);
    }
    return size;
  }

  public ElementType type() {
    return type;
  }

  public int[] shape() {
    return shape.clone();
  }

  public int rank() {
    return shape.length;
  }

  public int size() {
    return size(shape);
  }

  public float[] floats() {
    return (float[]) data;
  }

  public double[] doubles() {
    return (double[]) data;
  }

  /** The data of an {@code INT} or {@code BOOL} tensor. */
  public long[] longs() {
    return (long[]) data;
  }

  /** Any element as a double, by its row-major position. */
  public double get(int position) {
    return switch (type) {
      case F32 -> floats()[position];
      case F64 -> doubles()[position];
      case INT, BOOL -> longs()[position];
    };
  }

  /** Sets any element, by its row-major position; ints are truncated. */
  public void set(int position, double value) {
    switch (type) {
      case F32 -> floats()[position] = (float) value;
      case F64 -> doubles()[position] = value;
      case INT, BOOL -> longs()[position] = (long) value;
    }
  }

  /** A copy with storage of its own. */
  public Tensor copy() {
    return switch (type) {
      case F32 -> of(floats().clone(), shape);
      case F64 -> of(doubles().clone(), shape);
      case INT -> of(longs().clone(), shape);
      case BOOL -> ofBooleans(longs().clone(), shape);
    };
  }

  /** Overwrites the contents with those of a tensor of the same type and size. */
  public void copyFrom(Tensor other) {
    if (other.type != type || other.size() != size()) {
      throw new IllegalArgumentException("cannot copy " + other + " into " + this);
    }
    System.arraycopy(other.data, 0, data, 0, size());
  }

  /** Type and shape, not contents. */
  @Override
  public String toString() {
    return type + Arrays.toString(shape);
  }
}
