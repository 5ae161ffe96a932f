package dev.nnlang.compiler.induction;

import dev.nnlang.compiler.elaborate.Stack;
import java.util.ArrayList;
import java.util.List;

/**
 * The list of a whole program from that of one with the ends of a stack.
 *
 * <pre>
 * e  a0 b0 a1 b1 a2 b2 a97 b97 a98 b98 a99 b99  s      of 100 copies
 *              ^     ^ here                            a stretch of two items, next to its like
 * e  a0 b0 a1 b1 a2 b2 a3 b3 a4 b4 ... a99 b99  s
 * </pre>
 */
final class Stretches {
  /** The place of the last copy before the gap. */
  private static final int LAST = Stack.END - 1;

  private final int[] next;
  private final List<Places> places;
  private final int missing;
  private final List<Item> items = new ArrayList<>();

  /**
   * An item of the whole list.
   *
   * @param source the item of the given list of which it is a copy
   * @param number of the copy that the given list has at place 0
   */
  record Item(int source, int number) {}

  /**
   * Items of which each has its next at the same distance.
   *
   * @param from the first
   * @param to behind the last that has a next
   * @param distance negative, where later copies come first
   */
  private record Run(int from, int to, int distance) {
    int first() {
      return Math.min(from, from + distance);
    }

    int end() {
      return Math.max(to, to + distance);
    }

    boolean has(int item) {
      return from <= item && item < to;
    }
  }

  private Stretches(int[] next, List<Places> places, int missing) {
    this.next = next;
    this.places = places;
    this.missing = missing;
  }

  /**
   * The whole list.
   *
   * @param next for each item what it is for the next copy; negative, if that is none
   * @param places of the copies that each has to do with
   */
  static List<Item> whole(int[] next, List<Places> places, Stack stack) {
    var stretches = new Stretches(next, places, stack.missing());
    stretches.fill();
    return stretches.items;
  }

  private void fill() {
    int at = 0;
    int item = 0;
    while (item < next.length) {
      if (next[item] < 0 || next[item] == item) {
        item++;
        continue;
      }
      var run = run(item);
      item = run.to;
      int cut = cut(run);
      if (cut >= 0) {
        if (run.first() < at) {
          throw new Irregular("stretches are within each other");
        }
        outside(at, run.first());
        inside(run, cut);
        at = run.end();
      }
    }
    outside(at, next.length);
  }

  private Run run(int from) {
    int distance = next[from] - from;
    int to = from + 1;
    while (to < next.length && next[to] == to + distance) {
      to++;
    }
    return new Run(from, to, distance);
  }

  /** Where the missing copies belong; negative, if the run has nothing to do with the gap. */
  private int cut(Run run) {
    int cut = -1;
    int beside = 0;
    for (int item = run.from; item < run.to; item++) {
      if (places.get(item).first() == LAST) {
        if (!run.has(item - run.distance)) {
          throw new Irregular("copies beside the gap are not alike");
        }
        cut = cut < 0 ? Math.max(item, item + run.distance) : cut;
        beside++;
      }
    }
    if (cut >= 0 && beside != Math.abs(run.distance)) {
      throw new Irregular("a stretch is not of one copy");
    }
    return cut;
  }

  /** What belongs to an end, or to no copy. */
  private void outside(int from, int to) {
    for (int item = from; item < to; item++) {
      var its = places.get(item);
      if (its.first() <= Stack.END && its.last() >= LAST) {
        throw new Irregular("something has to do with all copies");
      }
      items.add(new Item(item, its.first() > Stack.END && its.last() >= 0 ? missing : 0));
    }
  }

  private void inside(Run run, int cut) {
    boolean up = run.distance > 0;
    int length = Math.abs(run.distance);
    add(run.first(), cut, up ? 0 : missing);
    for (int i = 0; i < missing; i++) {
      add(up ? cut : cut - length, up ? cut + length : cut, up ? i : missing - 1 - i);
    }
    add(cut, run.end(), up ? missing : 0);
  }

  private void add(int from, int to, int number) {
    for (int item = from; item < to; item++) {
      items.add(new Item(item, number));
    }
  }
}
