package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.cpu.TileForm.Columns;
import dev.nnlang.runtime.cpu.TileForm.Reading;

/**
 * Where tiles add up a few terms of a left factor together: rows are there as far from each other
 * as the terms of a window, so what a row reads for one term its neighbour reads for the next.
 *
 * @param distance from one term of a window to the next
 * @param rows of the largest such tile that begins with each tile; less than 0 if its rows follow
 *     each other from the last to the first as terms do, 0 if there is none
 * @param few the number of the tile of {@link TileForm#FEW} rows
 * @param many the number of the tile of {@link TileForm#WINDOW_ROWS} rows
 */
record Windows(int distance, int[] rows, int few, int many) {
  private static final int FEW = TileForm.FEW;
  private static final int MANY = TileForm.WINDOW_ROWS;

  static final Windows NONE = new Windows(0, new int[0], 0, 0);

  /**
   * How many terms after each other, from each multiple of that number on, are as far from each
   * other as the first two rows, forwards or backwards; 1 if no tile can add them up together.
   *
   * @param rows the parts of places by row
   * @param terms the parts by term
   */
  static int terms(int[] rows, int[] terms) {
    if (rows.length < 2 || terms.length < 2) {
      return 1;
    }
    int distance = Places.stride(terms);
    if (distance == 0 || Math.abs(rows[1] - rows[0]) != Math.abs(distance)) {
      return 1;
    }
    int window = 2;
    while (window < terms.length && terms[window] - terms[window - 1] == distance) {
      window++;
    }
    // Neither the end of all terms nor that of those in registers may cut one.
    if (terms.length % window != 0 || Tiling.terms(terms.length) % window != 0) {
      return 1;
    }
    for (int k = 0; k < terms.length; k += window) {
      if (!Places.evenly(terms, k, window, distance)) {
        return 1;
      }
    }
    return Reading.ofWindow(window).isPresent() ? window : 1;
  }

  /** Those of a factor that is read in place by tiles that follow each other. */
  static Windows of(LeftFactor left) {
    var reading = Reading.ofWindow(terms(left.rows(), left.terms()));
    if (reading.isEmpty()) {
      return NONE;
    }
    int distance = Places.stride(left.terms());
    var most = new int[left.rows().length / FEW];
    for (int t = 0; t < most.length; t++) {
      most[t] = most(left.rows(), t * FEW, distance);
    }
    return new Windows(distance, most, number(FEW, reading.get()), number(MANY, reading.get()));
  }

  private static int most(int[] rows, int first, int distance) {
    for (int count = MANY; count >= FEW; count -= FEW) {
      if (first + count <= rows.length) {
        if (Places.evenly(rows, first, count, distance)) {
          return count;
        }
        if (Places.evenly(rows, first, count, -distance)) {
          return -count;
        }
      }
    }
    return 0;
  }

  private static int number(int rows, Reading reading) {
    return TileForm.ALL.indexOf(new TileForm(rows, 1, reading, Columns.PANEL));
  }

  /** Rows of the tile that begins at one of which so many are left, if there is such a tile. */
  int rowsAt(int row, int rowsLeft) {
    int most = rows.length == 0 ? 0 : Math.abs(rows[row / FEW]);
    return most <= rowsLeft ? most : FEW <= rowsLeft ? Math.min(most, FEW) : 0;
  }

  /** The number of the tile of so many rows. */
  int number(int count) {
    return count == MANY ? many : few;
  }

  /** Whether the rows of the tile that begins at one follow each other backwards. */
  boolean isBackwards(int row) {
    return rows[row / FEW] < 0;
  }
}
