package dev.nnlang.runtime.tensor;

import java.util.Arrays;

/**
 * A dense row-major array. It is mutable and shared on purpose: a parameter bound to two programs
 * is one {@code Tensor}, and an update by one is seen by the other.
 *
 * <p>While a device has the newest values, the array is behind them; asking for it brings them. So
 * an array is asked for anew after each run, and not kept. Whoever asks may write, and what was
 * computed from a tensor is computed anew after that: an array that somebody kept, or the tensor
 * was made of, is not written after a run.
 */
public final class Tensor {
  /** The memory of a device that holds a tensor's values, too. */
  public interface Mirror {
    /** Somebody is about to read or write the tensor's array, which must have the newest values. */
    void beforeHost(Object array);
  }

  private final ElementType type;
  private final int[] shape;
  private final Object data;
  private Mirror mirror;
  private long version;

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
    return (float[]) array();
  }

  public double[] doubles() {
    return (double[]) array();
  }

  /** The data of an {@code INT} or {@code BOOL} tensor. */
  public long[] longs() {
    return (long[]) array();
  }

  private Object array() {
    version++;
    if (mirror != null) {
      mirror.beforeHost(data);
    }
    return data;
  }

  /** A number that changes when the values may have: when somebody asked for the array. */
  public long version() {
    return version;
  }

  /** Says that a run, which had asked for the array before, has written to it. */
  public void changed() {
    version++;
  }

  /** For devices: who holds the values, too; null where nobody does. */
  public Mirror mirror() {
    return mirror;
  }

  /** For devices: from now on this one holds the values, too; null for nobody. */
  public void mirror(Mirror next) {
    if (mirror != null && mirror != next) {
      mirror.beforeHost(data);
    }
    mirror = next;
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
    System.arraycopy(other.array(), 0, array(), 0, size());
  }

  /** Type and shape, not contents. */
  @Override
  public String toString() {
    return type + Arrays.toString(shape);
  }
}
