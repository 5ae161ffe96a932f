package dev.nnlang.runtime.gpu;

import java.lang.foreign.MemorySegment;

/**
 * Memory of the host that drivers copy from and to: arrays of the JVM may move while they do.
 * Copies go through it piece by piece.
 */
final class Staging {
  static final long BYTES = 4L << 20;

  private final MemorySegment memory;

  Staging(MemorySegment memory) {
    this.memory = memory;
  }

  /** Copies a piece to or from the device, and returns when that is done. */
  interface Transfer {
    void move(long at, MemorySegment piece);
  }

  void up(MemorySegment from, Transfer transfer) {
    for (long at = 0; at < from.byteSize(); at += memory.byteSize()) {
      long size = Math.min(memory.byteSize(), from.byteSize() - at);
      MemorySegment.copy(from, at, memory, 0, size);
      transfer.move(at, memory.asSlice(0, size));
    }
  }

  void down(MemorySegment to, Transfer transfer) {
    for (long at = 0; at < to.byteSize(); at += memory.byteSize()) {
      long size = Math.min(memory.byteSize(), to.byteSize() - at);
      transfer.move(at, memory.asSlice(0, size));
      MemorySegment.copy(memory, 0, to, at, size);
    }
  }
}
