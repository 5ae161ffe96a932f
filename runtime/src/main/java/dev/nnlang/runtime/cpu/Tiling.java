package dev.nnlang.runtime.cpu;

/**
 * How a product is cut into independent pieces: rows times columns of the result. The cut follows
 * from the sizes alone, and no sum is cut, so the result's bits depend on neither.
 */
record Tiling(int batch, int rows, int columns, int depth, int rowBlock, int columnBlock) {
  /** Terms of a sum that are added up in registers at a time: a right panel of them fits the L1. */
  static final int DEPTH = 256;

  private static final int MOST_ROWS = 96;
  private static final int MOST_COLUMNS = 1024;

  /** Pieces that keep a few threads busy. */
  private static final int WANTED = 4;

  static Tiling of(int batch, int rows, int columns, int depth, int tileRows, int tileColumns) {
    int rowBlock = MOST_ROWS;
    int columnBlock = Math.min(MOST_COLUMNS, up(columns, tileColumns));
    if ((long) batch * Math.ceilDiv(rows, rowBlock) < WANTED) {
      int share = Math.ceilDiv(WANTED, batch);
      rowBlock = Math.max(2 * tileRows, up(Math.ceilDiv(rows, share), tileRows));
      if (rows <= 2 * tileRows) {
        columnBlock = Math.max(tileColumns, up(Math.ceilDiv(columns, share), tileColumns));
        columnBlock = Math.min(MOST_COLUMNS, columnBlock);
      }
    }
    rowBlock = Math.min(rowBlock, up(rows, tileRows));
    return new Tiling(batch, rows, columns, depth, rowBlock, columnBlock);
  }

  static int up(int size, int multiple) {
    return Math.ceilDiv(size, multiple) * multiple;
  }

  int rowBlocks() {
    return Math.ceilDiv(rows, rowBlock);
  }

  int columnBlocks() {
    return Math.ceilDiv(columns, columnBlock);
  }

  int pieces() {
    return batch * rowBlocks() * columnBlocks();
  }

  /** Whether the right factor is needed by more than one piece, so that it is packed before all. */
  boolean sharesRight() {
    return rowBlocks() > 1;
  }

  /** Multiplications: too few are not worth another thread. */
  long work() {
    return (long) batch * rows * columns * depth;
  }
}
