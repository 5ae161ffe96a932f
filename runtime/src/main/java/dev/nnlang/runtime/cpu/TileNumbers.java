package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.cpu.TileForm.Columns;
import dev.nnlang.runtime.cpu.TileForm.Reading;

/** The numbers of the tiles that compute a product: whole ones, and the one of the last rows. */
final class TileNumbers {
  private final int restRows;
  private final boolean hasRest;

  /** By reading and vectors of columns. */
  private final int[][] whole = new int[Reading.values().length][TileForm.FEW + 1];

  /** By vectors of columns. */
  private final int[] rest = new int[TileForm.FEW + 1];

  /**
   * Looks them up.
   *
   * @param tileRows rows of a whole tile
   * @param restRows rows of the last one, if fewer are left: at most as many
   * @param columns how all of them read the right factor
   */
  TileNumbers(int tileRows, int restRows, Columns columns) {
    this.restRows = restRows;
    this.hasRest = restRows < tileRows;
    for (int number = 0; number < TileForm.ALL.size(); number++) {
      var tile = TileForm.ALL.get(number);
      if (tile.columns() != columns) {
        continue;
      }
      if (tile.rows() == tileRows) {
        whole[tile.reading().ordinal()][tile.vectors()] = number;
      }
      if (tile.rows() == restRows && tile.reading() == Reading.PLACES) {
        rest[tile.vectors()] = number;
      }
    }
  }

  /** Whether the last tile takes what is left. */
  boolean isRest(int rowsLeft) {
    return hasRest && rowsLeft <= restRows;
  }

  int ofRest(int vectors) {
    return rest[vectors];
  }

  int of(Reading reading, int vectors) {
    return whole[reading.ordinal()][vectors];
  }
}
