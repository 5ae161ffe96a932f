package dev.nnlang.compiler.elaborate;

import java.util.ArrayList;
import java.util.List;

/**
 * A long {@code repeat} of which a program has only the first and the last copies, under their own
 * numbers: the first of the last reads the last of the first, as if nothing were between them.
 *
 * @param path of the repeat; copy k is {@code path/k}
 * @param height how many copies there are to be
 */
public record Stack(String path, int height) {
  /** Copies at either end: one that is beside the rest of the network, and one that is not. */
  public static final int END = 2;

  /** Copies of a stack that are written out. */
  public static final int WRITTEN = 2 * END;

  /** How many copies are left out. */
  public int missing() {
    return height - WRITTEN;
  }

  /** The numbers of the copies that are written out. */
  List<Integer> written() {
    var numbers = new ArrayList<Integer>();
    for (int k = 0; k < WRITTEN; k++) {
      numbers.add(k < END ? k : k + missing());
    }
    return numbers;
  }
}
