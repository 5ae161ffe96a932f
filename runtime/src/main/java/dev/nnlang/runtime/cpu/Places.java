package dev.nnlang.runtime.cpu;

import java.util.Arrays;

/** What tables of places show: which elements of a factor are neighbours. */
final class Places {
  private Places() {}

  /** The longest run such that places within one are neighbours and runs begin at its multiples. */
  static int run(int[] places) {
    int run = places.length;
    for (int k = 1; k < places.length; k++) {
      if (places[k] != places[k - 1] + 1) {
        run = divisor(run, k);
      }
    }
    return run;
  }

  private static int divisor(int a, int b) {
    return b == 0 ? a : divisor(b, a % b);
  }

  /** Whether {@code count} places from {@code from} are neighbours. */
  static boolean adjacent(int[] places, int from, int count) {
    return evenly(places, from, count, 1);
  }

  /** How many places from each one on are neighbours. */
  static int[] reach(int[] places) {
    var reach = new int[places.length];
    for (int j = places.length - 1; j >= 0; j--) {
      boolean goesOn = j + 1 < places.length && places[j + 1] == places[j] + 1;
      reach[j] = goesOn ? reach[j + 1] + 1 : 1;
    }
    return reach;
  }

  /** Whether sums of two places, one of each kind, name most elements more than once. */
  static boolean overlap(int[] some, int[] others) {
    return 2 * (span(some) + span(others)) < (long) some.length * others.length;
  }

  private static long span(int[] places) {
    var all = Arrays.stream(places).summaryStatistics();
    return (long) all.getMax() - all.getMin() + 1;
  }

  /** Whether {@code count} places from {@code from} are so far from each other. */
  static boolean evenly(int[] places, int from, int count, int distance) {
    for (int k = from + 1; k < from + count; k++) {
      if (places[k] - places[k - 1] != distance) {
        return false;
      }
    }
    return true;
  }

  /** Whether all places are as far from the one before. */
  static boolean evenly(int[] places) {
    return evenly(places, 0, places.length, stride(places));
  }

  /** The distance between two places that are evenly spaced. */
  static int stride(int[] places) {
    return places.length < 2 ? 0 : places[1] - places[0];
  }
}
