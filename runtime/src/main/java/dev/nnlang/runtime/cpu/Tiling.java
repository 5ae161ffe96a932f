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

  /**
   * A cut. Columns are cut before rows: pieces that share no columns read each element of the right
   * factor once.
   */
  static Tiling of(int batch, int rows, int columns, int depth, int tileRows, int tileColumns) {
    int rowBlock = block(rows, tileRows, Math.ceilDiv(rows, MOST_ROWS));
    long pieces = (long) batch * Math.ceilDiv(rows, Math.max(1, rowBlock));
    int shares = Math.ceilDiv(WANTED, Math.clamp(pieces, 1, WANTED));
    int columnBlock =
        block(columns, tileColumns, Math.max(shares, Math.ceilDiv(columns, MOST_COLUMNS)));
    pieces *= Math.ceilDiv(columns, Math.max(1, columnBlock));
    if (pieces < WANTED && rows > 2 * tileRows) {
      shares = Math.ceilDiv(WANTED, (int) Math.max(1, pieces));
      rowBlock = Math.max(2 * tileRows, block(rows, tileRows, shares));
    }
    return new Tiling(batch, rows, columns, depth, rowBlock, columnBlock);
  }

  /** One of about so many equal parts, in whole tiles. */
  private static int block(int size, int tile, int parts) {
    return Math.max(tile, up(Math.ceilDiv(size, Math.max(1, parts)), tile));
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

  /** Multiplications: too few are not worth another thread. */
  long work() {
    return (long) batch * rows * columns * depth;
  }
}
