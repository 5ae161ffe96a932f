package dev.nnlang.runtime.gpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * Copies from the host, ahead of the work that needs them: through pinned memory, on a stream of
 * their own, to a landing place on the device. From there the stream of the work takes them, in its
 * order, when all is done that may still read what was there before. The host waits only where all
 * pieces are under way.
 */
final class CudaUploads {
  private static final int PIECES = 2;

  private final Cuda cuda;
  private final MemorySegment work;
  private final MemorySegment copies;
  private final LongUnaryOperator allocate;
  private final List<Piece> pieces = new ArrayList<>();
  private int next;

  /**
   * @param work the stream that takes what has landed
   * @param allocate memory of the device, of so many bytes
   */
  CudaUploads(Cuda cuda, MemorySegment work, LongUnaryOperator allocate) {
    this.cuda = cuda;
    this.work = work;
    this.copies = cuda.stream();
    this.allocate = allocate;
  }

  /** A landing place, and how far its last use has come. */
  private final class Piece {
    final MemorySegment host = cuda.pinned(Staging.BYTES);
    final long device = allocate.applyAsLong(Staging.BYTES);
    final MemorySegment landed = cuda.event();
    final MemorySegment taken = cuda.event();
  }

  void copy(long to, MemorySegment from) {
    for (long at = 0; at < from.byteSize(); at += Staging.BYTES) {
      copy(to + at, from.asSlice(at, Math.min(Staging.BYTES, from.byteSize() - at)), piece());
    }
  }

  private Piece piece() {
    if (pieces.size() < PIECES) {
      pieces.add(new Piece());
      return pieces.getLast();
    }
    var piece = pieces.get(next);
    next = (next + 1) % PIECES;
    // The host's half is free when it has landed, the device's when it was taken.
    cuda.await(piece.landed);
    cuda.waitFor(piece.taken, copies);
    return piece;
  }

  private void copy(long to, MemorySegment from, Piece piece) {
    long size = from.byteSize();
    MemorySegment.copy(from, 0, piece.host, 0, size);
    cuda.toDevice(piece.device, piece.host.asSlice(0, size), copies);
    cuda.record(piece.landed, copies);
    cuda.waitFor(piece.landed, work);
    cuda.withinDevice(to, piece.device, size, work);
    cuda.record(piece.taken, work);
  }

  /** Behind all copies. */
  void close() {
    cuda.synchronize(copies);
    for (var piece : pieces) {
      cuda.free(piece.device);
      cuda.freePinned(piece.host);
      cuda.destroyEvent(piece.landed);
      cuda.destroyEvent(piece.taken);
    }
    pieces.clear();
    cuda.destroy(copies);
  }
}
