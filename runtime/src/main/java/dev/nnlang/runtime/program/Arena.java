package dev.nnlang.runtime.program;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Gives tensors of one storage their places by liveness: largest first, each at the lowest place
 * that is free during its life (Sekiyama et al., arXiv:1804.10001, use the same order).
 */
public final class Arena {
  /** A tensor to be placed: alive from step {@code first} to step {@code last}, both inclusive. */
  public record Life(int slot, long size, int first, int last) {}

  /** Bytes of a line of the cache, at which every tensor begins. */
  public static final int LINE = 64;

  private Arena() {}

  /**
   * Sets {@code offsets[slot]} of every life and gives the length of the arena.
   *
   * @param start the index of the first element that lies on a cache line
   * @param line elements of a cache line; every offset is {@code start} modulo it
   */
  public static long place(List<Life> lives, long[] offsets, long start, long line) {
    var order = new ArrayList<>(lives);
    order.sort(Comparator.comparingLong((Life l) -> -l.size).thenComparingInt(Life::slot));
    var placed = new ArrayList<Life>();
    long length = start;
    for (var life : order) {
      long at = start;
      var busy = new ArrayList<Life>();
      for (var other : placed) {
        if (other.first <= life.last && life.first <= other.last) {
          busy.add(other);
        }
      }
      busy.sort(Comparator.comparingLong(l -> offsets[l.slot]));
      for (var other : busy) {
        if (at + life.size <= offsets[other.slot]) {
          break;
        }
        at = Math.max(at, align(offsets[other.slot] + other.size, start, line));
      }
      offsets[life.slot] = at;
      length = Math.max(length, at + life.size);
      placed.add(life);
    }
    return length;
  }

  private static long align(long at, long start, long line) {
    return start + Math.ceilDiv(at - start, line) * line;
  }
}
