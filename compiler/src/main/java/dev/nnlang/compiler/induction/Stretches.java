package dev.nnlang.compiler.induction;

import dev.nnlang.compiler.elaborate.Stack;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The list of a whole program from that of one with the ends of a stack.
 *
 * <pre>
 * e  a0 b0 a1 b1 a98 b98 a99 b99  s          of 100 copies
 *          ^^^^^ its like follows            a stretch of two items
 * e  a0 b0 a1 b1 a2 b2 ... a98 b98 a99 b99  s
 * </pre>
 *
 * <p>What an item has to do with reaches over at most three copies: those of a kind reach over (c),
 * (c - 1, c), (c, c + 1) or all three. Of each kind there is one whose first copy is the last
 * before the gap. A stretch is as long as there are of those: then it has one of each kind. It is
 * enough that each of them has a like on one side; what has none belongs to an end.
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

    /** How many items a copy has. */
    int length() {
      return Math.abs(distance);
    }

    /** Whether an item has a next one here. */
    boolean has(int item) {
      return from <= item && item < to;
    }

    /** Whether it has one, or is one itself. */
    boolean isAlike(int item) {
      return has(item) || has(item - distance);
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
      int stretch = stretch(run, at);
      if (stretch >= 0) {
        int first = Math.max(at, run.first());
        outside(at, first);
        inside(run, first, stretch);
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

  /**
   * The first item of the stretch of which the missing copies are made; negative, if the run has
   * nothing to do with the gap, or not with all of it.
   *
   * @param at where what is not in the whole list yet begins
   */
  private int stretch(Run run, int at) {
    int first = -1;
    int beside = 0;
    for (int item = Math.max(at, run.first()); item < run.end(); item++) {
      if (places.get(item).first() == LAST && run.isAlike(item)) {
        first = first < 0 ? item : first;
        beside++;
      }
    }
    boolean isWhole =
        beside == run.length()
            && IntStream.range(first, first + run.length()).allMatch(run::isAlike);
    return isWhole ? first : -1;
  }

  /** What belongs to an end, or to no copy. */
  private void outside(int from, int to) {
    for (int item = from; item < to; item++) {
      var its = places.get(item);
      boolean isBeside = LAST <= its.first() && its.last() <= Stack.END && !its.isNone();
      if (isBeside || its.first() <= LAST && Stack.END <= its.last()) {
        throw new Irregular("what is at the gap has no like");
      }
      items.add(new Item(item, !its.isNone() && Stack.END <= its.first() ? missing : 0));
    }
  }

  private void inside(Run run, int first, int stretch) {
    boolean isUp = run.distance > 0;
    int cut = isUp ? stretch : stretch + run.length();
    add(first, cut, isUp ? 0 : missing);
    for (int i = 0; i < missing; i++) {
      add(stretch, stretch + run.length(), isUp ? i : missing - 1 - i);
    }
    add(cut, run.end(), isUp ? missing : 0);
  }

  private void add(int from, int to, int number) {
    for (int item = from; item < to; item++) {
      items.add(new Item(item, number));
    }
  }
}
