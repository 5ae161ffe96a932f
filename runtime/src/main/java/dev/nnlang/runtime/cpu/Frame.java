package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.tensor.ElementType;

/**
 * What a kernel finds when it runs: for each tensor of the program (by its slot) its array and its
 * first element there, and the open dimensions. Arrays of other types are null in a slot.
 */
public final class Frame {
  /** Of real tensors in a 32-bit program. */
  public final float[][] floats;

  /** Of real tensors in a 64-bit program. */
  public final double[][] doubles;

  /** Of integer and boolean tensors. */
  public final long[][] longs;

  /** Where a slot's tensor starts in its array. */
  public final int[] offsets;

  /** The open dimensions, in the signature's order, and then the indices of the time loops. */
  public final int[] dims;

  /** The array of a slot's tensor. */
  Object array(ElementType type, int slot) {
    return switch (type) {
      case F32 -> floats[slot];
      case F64 -> doubles[slot];
      case INT, BOOL -> longs[slot];
    };
  }

  /** Has a tensor where another frame has it. */
  void read(int slot, Frame other) {
    floats[slot] = other.floats[slot];
    doubles[slot] = other.doubles[slot];
    longs[slot] = other.longs[slot];
    offsets[slot] = other.offsets[slot];
  }

  /** Has everything where another frame has it. */
  void read(Frame other) {
    System.arraycopy(other.floats, 0, floats, 0, floats.length);
    System.arraycopy(other.doubles, 0, doubles, 0, doubles.length);
    System.arraycopy(other.longs, 0, longs, 0, longs.length);
    System.arraycopy(other.offsets, 0, offsets, 0, offsets.length);
    System.arraycopy(other.dims, 0, dims, 0, dims.length);
  }

  Frame(int slots, int dims) {
    this.floats = new float[slots][];
    this.doubles = new double[slots][];
    this.longs = new long[slots][];
    this.offsets = new int[slots];
    this.dims = new int[dims];
  }
}
