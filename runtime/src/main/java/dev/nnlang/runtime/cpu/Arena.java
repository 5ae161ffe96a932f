package dev.nnlang.runtime.cpu;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Gives tensors of one storage their places by liveness: largest first, each at the lowest place
 * that is free during its life (Sekiyama et al., arXiv:1804.10001, use the same order).
 */
final class Arena {
  /** A tensor to be placed: alive from step {@code first} to step {@code last}, both inclusive. */
  record Life(int slot, int size, int first, int last) {}

  private Arena() {}

  /**
   * Sets {@code offsets[slot]} of every life and gives the length of the arena.
   *
   * @param start the index of the first element that lies on a cache line
   * @param line elements of a cache line; every offset is {@code start} modulo it
   */
  static int place(List<Life> lives, int[] offsets, int start, int line) {
    var order = new ArrayList<>(lives);
    order.sort(Comparator.comparingInt((Life l) -> -l.size).thenComparingInt(Life::slot));
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
      busy.sort(Comparator.comparingInt(l -> offsets[l.slot]));
      for (var other : busy) {
        if (at + life.size <= offsets[other.slot]) {
          break;
        }
        at = Math.max(at, align((long) offsets[other.slot] + other.size, start, line));
      }
      offsets[life.slot] = Math.toIntExact(at);
      length = Math.max(length, at + life.size);
      placed.add(life);
    }
    return Math.toIntExact(length);
  }

  private static long align(long at, int start, int line) {
    return start + Math.ceilDiv(at - start, line) * line;
  }
}
