package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.cpu.TileForm.Columns;
import dev.nnlang.runtime.cpu.TileForm.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How a product is computed. Any form gives the same bits: which terms are added up in registers at
 * a time depends on the depth alone ({@link Tiling#terms}), and no form changes their order.
 *
 * @param tileRows rows of a register tile
 * @param packsLeft whether the left factor is copied, or read where it lies
 * @param packsRight whether the right factor is copied, or read where it lies
 * @param panelVectors vectors of columns of a packed panel, and of the tiles that read it; of a
 *     right factor that is read where it lies, those of the widest tile
 */
public record ProductForm(int tileRows, boolean packsLeft, boolean packsRight, int panelVectors) {
  private static final Set<TileForm> TILES = Set.copyOf(TileForm.ALL);
  private static final List<Columns> PACKED = List.of(Columns.PANEL);
  private static final List<Columns> IN_PLACE = List.of(Columns.EVEN, Columns.PLACES);

  /** Rows of a tile for a result that has no more: a power of two. */
  static int fewRows(int rows) {
    return Math.max(1, Integer.highestOneBit(2 * rows - 1));
  }

  /** Vectors of columns of the widest tile that reads the right factor where it lies. */
  static int widest(int tileRows) {
    return TileForm.FEW / Math.min(tileRows, TileForm.FEW / 2);
  }

  /** Rows of the last tile of a result: it need not be larger than it has to be. */
  int restRows(int rows) {
    int rest = rows % tileRows;
    if (rest <= TileForm.FEW / 2) {
      return Math.min(fewRows(rest), tileRows);
    }
    return rest <= TileForm.ROWS ? Math.min(TileForm.ROWS, tileRows) : tileRows;
  }

  /**
   * Whether a product of this shape can be computed so: how its factors lie, and which tiles there
   * are.
   */
  boolean fits(ProductShape shape) {
    if (tileRows < 1
        || panelVectors < 1
        || !packsLeft && shape.left() == ProductShape.Access.COMPUTED) {
      return false;
    }
    return (packsRight ? isPanel(shape) : shape.canReadRight() && panelVectors == widest(tileRows))
        && TILES.containsAll(tiles(shape));
  }

  /** A panel is no wider than the columns need, and all of them fit into an array. */
  private boolean isPanel(ProductShape shape) {
    long panel = (long) panelVectors * shape.lanes();
    long packed = shape.batch() * (shape.columns() / panel + 1) * panel * shape.depth();
    return (panelVectors == 1 || panel / 2 < shape.columns()) && packed < Integer.MAX_VALUE / 2;
  }

  private List<TileForm> tiles(ProductShape shape) {
    var tiles = new ArrayList<TileForm>();
    // Read in place, columns are taken in tiles as wide as what is left of them.
    int least = packsRight ? panelVectors : 1;
    int most = packsRight ? panelVectors : Math.min(panelVectors, shape.columns() / shape.lanes());
    int restRows = restRows(shape.rows());
    for (int vectors = least; vectors <= most; vectors *= 2) {
      for (var columns : packsRight ? PACKED : IN_PLACE) {
        for (var reading : readings(shape.rows())) {
          tiles.add(new TileForm(tileRows, vectors, reading, columns));
        }
        if (restRows < tileRows) {
          tiles.add(new TileForm(restRows, vectors, Reading.PLACES, columns));
        }
      }
    }
    return tiles;
  }

  private List<Reading> readings(int rows) {
    if (!readsInManyWays(rows)) {
      return List.of(Reading.PLACES);
    }
    return packsLeft
        ? List.of(Reading.PACKED)
        : List.of(Reading.PLACES, Reading.RUNS, Reading.ADJACENT);
  }

  /** Whether there are tiles of this size that read a left factor in windows. */
  boolean hasWindows() {
    return !packsLeft && packsRight && panelVectors == 1 && tileRows == TileForm.FEW;
  }

  /** Whether tiles differ by how the left factor lies: for few rows there is one for all. */
  boolean readsInManyWays(int rows) {
    return rows > TileForm.FEW / 2
        && (tileRows >= TileForm.LOOKED_UP_ROWS
            || TileForm.canBeSmaller() && tileRows == TileForm.FEW / 2);
  }

  /** {@code 6x2 packed/in place}: rows and vectors of a tile, where the two factors are read. */
  @Override
  public String toString() {
    return tileRows + "x" + panelVectors + " " + place(packsLeft) + "/" + place(packsRight);
  }

  private static String place(boolean packed) {
    return packed ? "packed" : "in place";
  }
}
