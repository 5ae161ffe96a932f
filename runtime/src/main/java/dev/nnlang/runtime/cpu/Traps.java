package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.program.IndexOutside;

/** Checks that generated code makes. */
public final class Traps {
  private Traps() {}

  /** The index, if it is one of the dimension; small enough to be inlined. */
  public static int index(long index, int extent, String tensor) {
    if (index < 0 || index >= extent) {
      throw new IndexOutside(tensor, index, extent);
    }
    return (int) index;
  }
}
