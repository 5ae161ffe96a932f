package dev.nnlang.runtime.cpu;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * A shape of the register tile, and how it gets at its rows and columns. Which form computes an
 * element does not change its bits: terms are added in one order, block by block, in all of them.
 *
 * @param rows of the result
 * @param vectors of columns
 */
public record TileForm(int rows, int vectors, Reading reading, Columns columns) {
  /** How the left factor is read. */
  public enum Reading {
    /** Each element at the sum of its two places: always possible. */
    PLACES,
    /** Terms are neighbours for a while: the check of an array's bounds leaves the inner loop. */
    RUNS,
    /** The rows of the tile are neighbours: one check is enough for all of them. */
    ADJACENT,
    /**
     * Three terms are as far from each other as rows are, as in a window that moves on by one step:
     * what a row reads for its second term, the next one reads for its first. Each element is read
     * once for all of them.
     */
    WINDOWS_OF_3(3),
    /** The same of five terms. */
    WINDOWS_OF_5(5),
    /** It was packed: rows are neighbours, and one term follows the other. */
    PACKED;

    private final int window;

    Reading() {
      this(1);
    }

    Reading(int window) {
      this.window = window;
    }

    /** How many terms are added up together. */
    public int window() {
      return window;
    }

    /** How windows of so many terms are read, if tiles can. */
    static Optional<Reading> ofWindow(int terms) {
      return Arrays.stream(values()).filter(r -> r.window > 1 && r.window == terms).findFirst();
    }
  }

  /** How the right factor is read. Columns of a tile are always neighbours. */
  public enum Columns {
    /** It was packed in panels as wide as the tile: nothing is checked in the loop. */
    PANEL,
    /** Terms are evenly spaced. */
    EVEN,
    /** Each term has its own place. */
    PLACES
  }

  /** With 32 registers for vectors tiles are larger than with 16. */
  private static final boolean MANY = Lanes.registers() >= 32;

  /**
   * Rows of a tile that was packed, or that reads rows in place that are neighbours. With 16
   * registers for vectors, 6 x 2 sums, two columns and two factors would fill them all: HotSpot
   * then keeps a sum in memory in one program and not in another. With 32 registers 12 x 2 packed
   * sums are no faster than 8 x 2, of which more results are whole multiples, and take HotSpot half
   * as long again to compile.
   */
  public static final int ROWS = MANY ? 8 : 5;

  /**
   * Rows of a smaller tile that looks each of them up. With more than 6 places, loop and arrays do
   * not fit into the registers for integers: HotSpot then moves one of them to a register for
   * vectors and back for each term. One vector of columns is a little faster so. Two are on
   * processors that compute 512 bits in two halves, by some 3 %; others, which do two such
   * multiply-adds in a cycle, are faster with 8 rows, by up to 9 %.
   */
  public static final int LOOKED_UP_ROWS = MANY ? 6 : 5;

  /** Rows of a packed tile of one vector. */
  public static final int NARROW_PACKED_ROWS = MANY ? 8 : 12;

  /** Vectors of columns of the usual tile. */
  public static final int VECTORS = 2;

  /** Sums, in vectors, of a tile with few rows or columns: enough for a multiply-add's latency. */
  public static final int FEW = 8;

  /**
   * Rows of a tile of windows, where a line has so many: it reads hardly more elements than it has
   * rows, and computes three times as much. With few registers there is no room for more sums.
   */
  public static final int WINDOW_ROWS = MANY ? 16 : FEW;

  /** Every form; its place is its number for {@link TileCode}. */
  public static final List<TileForm> ALL = all();

  private static List<TileForm> all() {
    var forms = new LinkedHashSet<TileForm>();
    for (var reading : Reading.values()) {
      if (reading.window() > 1) {
        // More vectors of columns have enough to compute with an element, and too many columns.
        forms.add(new TileForm(FEW, 1, reading, Columns.PANEL));
        forms.add(new TileForm(WINDOW_ROWS, 1, reading, Columns.PANEL));
        continue;
      }
      for (var columns : Columns.values()) {
        forms.add(new TileForm(ROWS, VECTORS, reading, columns));
        forms.add(new TileForm(ROWS, 1, reading, columns));
        if (reading != Reading.PACKED) {
          forms.add(new TileForm(LOOKED_UP_ROWS, VECTORS, reading, columns));
          forms.add(new TileForm(LOOKED_UP_ROWS, 1, reading, columns));
        }
      }
      forms.add(new TileForm(FEW, 1, reading, Columns.PANEL));
      for (var columns : canBeSmaller() ? Columns.values() : new Columns[0]) {
        forms.add(new TileForm(FEW / 2, VECTORS, reading, columns));
        forms.add(new TileForm(FEW / 2, 1, reading, columns));
      }
    }
    forms.add(new TileForm(NARROW_PACKED_ROWS, 1, Reading.PACKED, Columns.PANEL));
    for (var columns : Columns.values()) {
      // With few rows the product is bound by reading the right factor: long pieces of its lines.
      for (int rows = 1; rows < ROWS; rows *= 2) {
        for (int vectors = 1; vectors * rows <= FEW; vectors *= 2) {
          forms.add(new TileForm(rows, vectors, Reading.PLACES, columns));
        }
      }
    }
    return List.copyOf(forms);
  }

  /** Whether tiles of half of {@link #FEW} rows are as good as larger ones. */
  static boolean canBeSmaller() {
    return !MANY;
  }

  /**
   * How many neighbouring rows get at their factors from one place. HotSpot reads ahead of all
   * multiplications what lies at a place that is known; with few registers it would then keep a sum
   * in memory, which more than halves the speed.
   */
  public int rowsOfPlace() {
    return switch (reading) {
      case PLACES, RUNS -> 1;
      case ADJACENT -> fits() ? rows : 3;
      case WINDOWS_OF_3, WINDOWS_OF_5 -> rows;
      case PACKED -> fits() ? rows : 1;
    };
  }

  private boolean fits() {
    return MANY || vectors == 1 || rows * vectors <= FEW;
  }
}
