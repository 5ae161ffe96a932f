package dev.nnlang.runtime.cpu;

/**
 * How a product is cut into independent pieces: rows times columns of the result, and parts of the
 * sums where those are long and the result is small, as in the gradient of a convolution's weights.
 * What the parts sum up to is added in their order, and where sums are cut follows from the sizes
 * alone, so the result's bits do not depend on the number of threads that it is made for.
 *
 * @param partTerms terms of a part: whole blocks of {@link #terms}
 */
record Tiling(
    int batch, int rows, int columns, int depth, int partTerms, int rowBlock, int columnBlock) {
  /**
   * Terms of a sum that are added up in registers at a time, at most: a right panel of more would
   * crowd the second cache. Sums that are stored and added to cost as much as a few dozen terms.
   */
  private static final int MOST_TERMS = 640;

  private static final int MOST_ROWS = 192;
  private static final int MOST_COLUMNS = 1024;

  /** Pieces for each thread, so that one that is late holds up the others less. */
  private static final int PIECES_PER_THREAD = 2;

  /** Terms of a part, at least: adding up the parts then costs next to nothing. */
  private static final int LEAST_PART = 1024;

  private static final int MOST_PARTS = 16;

  /** Sums of all parts together, at most: they stay in the second cache. */
  private static final int MOST_SUMS = 1 << 17;

  /** A cut for a right factor that all pieces share: each packs its own rows. */
  static Tiling rowsFirst(
      int threads, int batch, int rows, int columns, int depth, int tileRows, int tileColumns) {
    int partTerms = partTerms(batch, rows, columns, depth);
    int matrices = batch * parts(depth, partTerms);
    int parts =
        Math.max(
            Math.ceilDiv(rows, MOST_ROWS), Math.ceilDiv(wanted(threads), Math.max(1, matrices)));
    int rowBlock =
        Math.max(Math.min(2 * tileRows, up(rows, tileRows)), block(rows, tileRows, parts));
    long pieces = (long) matrices * Math.ceilDiv(rows, rowBlock);
    int columnBlock = columnBlock(threads, columns, tileColumns, pieces);
    return new Tiling(batch, rows, columns, depth, partTerms, rowBlock, columnBlock);
  }

  /** A cut for a right factor that is read in place: each piece reads its own columns. */
  static Tiling columnsFirst(
      int threads, int batch, int rows, int columns, int depth, int tileRows, int tileColumns) {
    int partTerms = partTerms(batch, rows, columns, depth);
    int rowBlock = block(rows, tileRows, Math.ceilDiv(rows, MOST_ROWS));
    long pieces = (long) batch * parts(depth, partTerms) * Math.ceilDiv(rows, rowBlock);
    int columnBlock = columnBlock(threads, columns, tileColumns, pieces);
    return new Tiling(batch, rows, columns, depth, partTerms, rowBlock, columnBlock);
  }

  /** How many terms are added up at a time: about equally many, whatever is packed. */
  int terms() {
    return terms(depth);
  }

  private static int terms(int depth) {
    return Math.ceilDiv(depth, blocks(depth));
  }

  private static int blocks(int depth) {
    return Math.max(1, Math.ceilDiv(depth, MOST_TERMS));
  }

  private static int partTerms(int batch, int rows, int columns, int depth) {
    long sums = Math.max(1, (long) batch * rows * columns);
    long parts = Math.clamp(MOST_SUMS / sums, 1, Math.min(MOST_PARTS, depth / LEAST_PART + 1));
    return Math.ceilDiv(blocks(depth), (int) parts) * terms(depth);
  }

  private static int parts(int depth, int partTerms) {
    return Math.max(1, Math.ceilDiv(depth, Math.max(1, partTerms)));
  }

  private static int wanted(int threads) {
    return threads == 1 ? 1 : threads * PIECES_PER_THREAD;
  }

  private static int columnBlock(int threads, int columns, int tileColumns, long pieces) {
    int wanted = wanted(threads);
    int shares = Math.ceilDiv(wanted, Math.clamp(pieces, 1, wanted));
    return block(columns, tileColumns, Math.max(shares, Math.ceilDiv(columns, MOST_COLUMNS)));
  }

  /** One of about so many equal parts, in whole tiles. */
  private static int block(int size, int tile, int parts) {
    return Math.max(tile, up(Math.ceilDiv(size, Math.max(1, parts)), tile));
  }

  static int up(int size, int multiple) {
    return Math.ceilDiv(size, multiple) * multiple;
  }

  int parts() {
    return parts(depth, partTerms);
  }

  int rowBlocks() {
    return Math.ceilDiv(rows, rowBlock);
  }

  int columnBlocks() {
    return Math.ceilDiv(columns, columnBlock);
  }

  int pieces() {
    return batch * parts() * rowBlocks() * columnBlocks();
  }

  /** Multiplications: too few are not worth another thread. */
  long work() {
    return (long) batch * rows * columns * depth;
  }
}
