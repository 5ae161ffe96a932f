package dev.nnlang.runtime.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * A shape of the register tile, and how it gets at its rows. Which form computes an element does
 * not change its bits: terms are added in one order, block by block, in all of them.
 *
 * @param rows of the result
 * @param vectors of columns
 */
public record TileForm(int rows, int vectors, Reading reading) {
  /** How the left factor is read. */
  public enum Reading {
    /** Each element at the sum of its two places: always possible. */
    PLACES,
    /** Terms are neighbours for a while: the check of an array's bounds leaves the inner loop. */
    RUNS,
    /** The rows of the tile are neighbours: one check is enough for all of them. */
    ADJACENT,
    /** It was packed: rows are neighbours, and one term follows the other. */
    PACKED
  }

  /**
   * Rows of a tile that reads in place: each has a place of its own, and with more of them places
   * and loop do not fit into the registers for integers.
   */
  public static final int ROWS = 8;

  /** Rows of a tile that was packed: 12 x 2 sums fill the registers for vectors. */
  public static final int PACKED_ROWS = 12;

  /** Vectors of columns of the usual tile. */
  public static final int VECTORS = 2;

  /** Every form, in the order of {@link #number}. */
  public static final List<TileForm> ALL = all();

  private static List<TileForm> all() {
    var forms = new ArrayList<TileForm>();
    for (int vectors = 1; vectors <= VECTORS; vectors++) {
      for (var reading : Reading.values()) {
        forms.add(new TileForm(ROWS, vectors, reading));
      }
      forms.add(new TileForm(PACKED_ROWS, vectors, Reading.PACKED));
    }
    // With few rows the product is bound by reading the right factor: long pieces of its lines.
    for (int rows = 1; rows < ROWS; rows *= 2) {
      for (int vectors = 1; vectors * rows <= ROWS; vectors *= 2) {
        forms.add(new TileForm(rows, vectors, Reading.PLACES));
      }
    }
    return List.copyOf(forms);
  }

  /** Its number for {@link TileCode}. */
  int number() {
    int number = ALL.indexOf(this);
    if (number < 0) {
      throw new IllegalArgumentException("no such tile: " + this);
    }
    return number;
  }
}
