package dev.nnlang.runtime.cpu;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A shape of the register tile, and how it gets at its rows. Which form computes an element does
 * not change its bits: terms are added in one order, block by block, in all of them.
 *
 * @param rows of the result
 * @param vectors of columns
 * @param reading of the left factor
 * @param rightPacked whether the right factor was packed in panels as wide as the tile
 */
public record TileForm(int rows, int vectors, Reading reading, boolean rightPacked) {
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

  /** With 32 registers for vectors tiles are larger than with 16. */
  private static final boolean MANY = Lanes.registers() >= 32;

  /**
   * Rows of a tile that reads in place. Each has a place of its own: with more than 8 of them
   * places and loop do not fit into the registers for integers. With 16 registers for vectors, 6 x
   * 2 sums leave two for columns and two for factors.
   */
  public static final int ROWS = MANY ? 8 : 6;

  /** Rows of a tile that was packed: 12 x 2 sums and what they need fill 32 registers. */
  public static final int PACKED_ROWS = MANY ? 12 : 6;

  /** Rows of a packed tile of one vector. */
  public static final int NARROW_PACKED_ROWS = 12;

  /** Vectors of columns of the usual tile. */
  public static final int VECTORS = 2;

  /** Sums, in vectors, of a tile with few rows or columns: enough for a multiply-add's latency. */
  public static final int FEW = 8;

  /** Every form, in the order of {@link #number}. */
  public static final List<TileForm> ALL = all();

  private static List<TileForm> all() {
    var forms = new LinkedHashSet<TileForm>();
    for (var reading : Reading.values()) {
      add(forms, ROWS, VECTORS, reading);
      add(forms, ROWS, 1, reading);
      add(forms, FEW, 1, reading);
    }
    add(forms, NARROW_PACKED_ROWS, 1, Reading.PACKED);
    add(forms, PACKED_ROWS, VECTORS, Reading.PACKED);
    // With few rows the product is bound by reading the right factor: long pieces of its lines.
    for (int rows = 1; rows < ROWS; rows *= 2) {
      for (int vectors = 1; vectors * rows <= FEW; vectors *= 2) {
        add(forms, rows, vectors, Reading.PLACES);
      }
    }
    return List.copyOf(forms);
  }

  private static void add(Set<TileForm> forms, int rows, int vectors, Reading reading) {
    forms.add(new TileForm(rows, vectors, reading, false));
    forms.add(new TileForm(rows, vectors, reading, true));
  }

  /**
   * How many neighbouring rows get at their factors from one place. HotSpot reads ahead of all
   * multiplications what lies at a place that is known; with few registers it would then keep a sum
   * in memory, which more than halves the speed.
   */
  public int rowsOfPlace() {
    return switch (reading) {
      case PLACES, RUNS -> 1;
      case ADJACENT -> MANY || vectors == 1 ? rows : 3;
      case PACKED -> MANY || vectors == 1 ? rows : 1;
    };
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
