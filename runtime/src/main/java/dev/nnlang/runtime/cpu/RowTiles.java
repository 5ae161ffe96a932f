package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.cpu.TileForm.Reading;

/** The register tiles of a product, one below the other: which of them computes which rows. */
final class RowTiles {
  private final TileCode tiles;
  private final LeftFactor left;
  private final Windows windows;
  private final TileNumbers numbers;

  /** Rows of a tile that is neither the last one nor one of windows. */
  private final int tileRows;

  /** Rows of the whole product. */
  private final int rows;

  /** Whether a tile begins at any row, and not at multiples of its rows. */
  private final boolean beginsAnywhere;

  /** Whether tiles differ by how the left factor lies. */
  private final boolean differ;

  RowTiles(
      TileCode tiles,
      ProductForm form,
      ProductShape shape,
      LeftFactor left,
      RightFactor right,
      int rows,
      boolean beginsAnywhere) {
    this.tiles = tiles;
    this.left = left;
    this.windows = form.hasWindows() && !beginsAnywhere ? Windows.of(left) : Windows.NONE;
    this.tileRows = form.tileRows();
    this.numbers = new TileNumbers(tileRows, form.restRows(shape.rows()), right.reading());
    this.rows = rows;
    this.beginsAnywhere = beginsAnywhere;
    this.differ = form.readsInManyWays(shape.rows());
  }

  /** How often all rows of a few vectors of columns take each form of a tile, by its number. */
  int[] count(int vectors) {
    int[] count = new int[TileForm.ALL.size()];
    for (int row = 0; row < rows; ) {
      int inWindows = windows.rowsAt(row, rows - row);
      count[inWindows > 0 ? windows.number(inWindows) : number(vectors, row, rows - row)]++;
      row += Math.max(inWindows, tileRows);
    }
    return count;
  }

  /**
   * Computes some rows of a few columns.
   *
   * @param tile which has everything else
   * @param leftAt where the left factor begins in its array
   * @param tileLength how far apart tiles are there, if it is packed
   * @param resultAt where the first row goes
   * @param vectors of columns
   */
  void run(Tile tile, int row, int rows, int leftAt, int tileLength, int resultAt, int vectors) {
    int stride = tile.resultStride;
    tile.distance = windows.distance();
    tile.leftAt = leftAt;
    for (int i = 0; i < rows; ) {
      tile.row = left.isPacked() ? 0 : row + i;
      tile.resultAt = resultAt + i * stride;
      int inWindows = windows.rowsAt(row + i, rows - i);
      if (inWindows > 0) {
        if (windows.isBackwards(row + i)) {
          tile.row += inWindows - 1;
          tile.resultAt += (inWindows - 1) * stride;
          tile.resultStride = -stride;
        }
        tiles.tile(windows.number(inWindows), tile);
        tile.resultStride = stride;
      } else {
        tiles.tile(number(vectors, row + i, rows - i), tile);
      }
      i += Math.max(inWindows, tileRows);
      tile.leftAt += tileLength;
    }
  }

  /** The number of the tile that begins at a row, of which so many are left. */
  private int number(int vectors, int row, int rowsLeft) {
    if (numbers.isRest(rowsLeft)) {
      return numbers.ofRest(vectors);
    }
    var reading = Reading.PLACES;
    if (differ) {
      if (left.isPacked()) {
        reading = Reading.PACKED;
      } else if (isAdjacent(row)) {
        reading = Reading.ADJACENT;
      } else if (left.run() >= FactorPlaces.LEAST_RUN) {
        reading = Reading.RUNS;
      }
    }
    return numbers.of(reading, vectors);
  }

  /** Whether the rows of the tile that begins at one are neighbours. */
  private boolean isAdjacent(int row) {
    return beginsAnywhere
        ? left.adjacent()[0] && row + tileRows <= rows
        : left.adjacent()[row / tileRows];
  }
}
