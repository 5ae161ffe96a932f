package dev.nnlang.runtime.tensor;

/** How one element is stored. */
public enum ElementType {
  /** 32-bit real, in a {@code float[]}. */
  F32,
  /** 64-bit real, in a {@code double[]}. */
  F64,
  /** 64-bit integer or value of an index set, in a {@code long[]}. */
  INT,
  /** 0 or 1, in a {@code long[]}. */
  BOOL
}
