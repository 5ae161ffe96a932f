package dev.nnlang.runtime.cpu;

import java.util.Arrays;

/**
 * Where the elements of a product's left factor are. Nobody changes the arrays.
 *
 * @param slot its tensor, or -1 if it is packed
 * @param run as {@link Tile#run}
 * @param adjacent whether the rows of a tile are neighbours, by tile; where tiles begin anywhere,
 *     whether all rows are
 */
record LeftFactor(int slot, int[] batch, int[] rows, int[] terms, int run, boolean[] adjacent) {
  boolean isPacked() {
    return slot < 0;
  }

  /** Packed by tiles, terms from one to another. */
  static LeftFactor packed(int tileRows, int batch, int depth) {
    int[] rows = new int[tileRows];
    Arrays.setAll(rows, r -> r);
    int[] terms = new int[depth];
    Arrays.setAll(terms, k -> k * tileRows);
    return new LeftFactor(-1, new int[batch], rows, terms, 1, new boolean[0]);
  }

  /** Read in place by tiles that follow each other. */
  static LeftFactor inPlace(FactorPlaces places, int rows, int tileRows) {
    int[] table = padded(places, rows, Tiling.up(rows, tileRows));
    var adjacent = new boolean[table.length / tileRows];
    for (int t = 0; t < adjacent.length; t++) {
      adjacent[t] = Places.adjacent(table, t * tileRows, tileRows);
    }
    return of(places, table, adjacent);
  }

  /** Read in place by tiles that may begin at any row. */
  static LeftFactor inBlocks(FactorPlaces places, int rows, int tileRows) {
    int[] table = padded(places, rows, rows + tileRows);
    boolean[] all = {rows > 0 && Places.adjacent(table, 0, rows)};
    return of(places, table, all);
  }

  /** The last tile may have fewer rows: it computes the last one again and throws it away. */
  private static int[] padded(FactorPlaces places, int rows, int length) {
    int[] table = Arrays.copyOf(places.side, length);
    Arrays.fill(table, rows, length, rows == 0 ? 0 : table[rows - 1]);
    return table;
  }

  private static LeftFactor of(FactorPlaces places, int[] rows, boolean[] adjacent) {
    int run = Places.run(places.terms);
    return new LeftFactor(places.slot, places.batch, rows, places.terms, run, adjacent);
  }
}
