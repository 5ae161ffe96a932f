package dev.nnlang.runtime.cpu;

/**
 * How a product is cut into independent pieces: rows times columns of the result, and parts of the
 * sums where those are long and the result is small, as in the gradient of a convolution's weights.
 * What the parts sum up to is added in their order, and where sums are cut follows from the sizes
 * alone, so the result's bits do not depend on the number of threads that it is made for.
 *
 * @param partTerms terms of a part: whole blocks of {@link #terms}
 * @param byColumns whether pieces with the same columns follow each other, so that a thread's share
 *     are columns; else rows
 */
record Tiling(
    int batch,
    int rows,
    int columns,
    int depth,
    int partTerms,
    int rowBlock,
    int columnBlock,
    boolean byColumns) {
  /**
   * Terms of a sum that are added up in registers at a time, at most: a right panel of more would
   * crowd the second cache. Sums that are stored and added to cost as much as a few dozen terms.
   */
  private static final int MOST_TERMS = 640;

  /** Rows of a piece, at most: what is packed of them stays in the second cache. */
  static final int MOST_ROWS = 192;

  private static final int MOST_COLUMNS = 1024;

  /** Terms of a part, at least: adding up the parts then costs next to nothing. */
  private static final int LEAST_PART = 1024;

  private static final int MOST_PARTS = 16;

  /** What parts of one size are larger than all terms by, at most: one of so many. */
  private static final int EVEN = 8;

  /** Sums of all parts together, at most: they stay in the second cache. */
  private static final int MOST_SUMS = 1 << 17;

  /** With so many pieces for each thread it does not matter where they are cut. */
  private static final int MANY = 32;

  /** Multiply-adds that a core does in a nanosecond, about. */
  private static final double SUMS_PER_NANO = 64;

  /** What it takes to pack a number, and to read one that another core has written. */
  private static final double NANOS_TO_PACK = 0.5;

  private static final double NANOS_TO_FETCH = 0.1;

  /**
   * The cut in which the thread with the most to do is done first. Cut along its rows, all threads
   * read the right factor, and what one has packed or written of it has to come to the others; cut
   * along its columns, it is the left one, which each packs for itself.
   *
   * @param tileColumns columns that are computed together
   * @param packsLeft whether a piece packs its rows
   */
  static Tiling of(ProductShape shape, int tileRows, int tileColumns, boolean packsLeft) {
    int threads = shape.threads();
    // Threads may take the rounds of a loop apart, each with rows of its own: nothing is cut there.
    boolean isWhole = shape.kept() == Step.Kept.IN_LOOP;
    int partTerms = isWhole ? shape.depth() : partTerms(shape);
    int leastRows = Math.max(1, Math.ceilDiv(shape.rows(), MOST_ROWS));
    int leastColumns = Math.max(1, Math.ceilDiv(shape.columns(), MOST_COLUMNS));
    var best = cut(shape, partTerms, leastRows, leastColumns, tileRows, tileColumns, false);
    if (threads == 1 || best.pieces() > MANY * threads) {
      return best;
    }
    double least = Double.POSITIVE_INFINITY;
    int more = 2 * threads;
    for (int i = 0; i <= 2 * more; i++) {
      boolean byColumns = i > more;
      int rowBlocks = leastRows + (byColumns ? 0 : i);
      int columnBlocks = leastColumns + (byColumns ? i - more : 0);
      var cut = cut(shape, partTerms, rowBlocks, columnBlocks, tileRows, tileColumns, byColumns);
      double nanos =
          cut.busiest(threads, tileRows, tileColumns, packsLeft)
              + cut.fetched(threads, shape.kept() != Step.Kept.FIXED) * NANOS_TO_FETCH;
      if (nanos < least) {
        best = cut;
        least = nanos;
      }
    }
    return best;
  }

  /** About so many blocks. */
  private static Tiling cut(
      ProductShape shape,
      int partTerms,
      int rowBlocks,
      int columnBlocks,
      int tileRows,
      int tileColumns,
      boolean byColumns) {
    int rows = shape.rows();
    int columns = shape.columns();
    // Two tiles of rows read a panel of columns together.
    int rowBlock =
        Math.max(Math.min(2 * tileRows, up(rows, tileRows)), block(rows, tileRows, rowBlocks));
    int columnBlock = block(columns, tileColumns, columnBlocks);
    return new Tiling(
        shape.batch(), rows, columns, shape.depth(), partTerms, rowBlock, columnBlock, byColumns);
  }

  /** Pieces of the same sizes for one thread, in blocks of rows. */
  static Tiling inRows(int batch, int rows, int columns, int depth, int rowBlock) {
    return new Tiling(batch, rows, columns, depth, depth, rowBlock, columns, false);
  }

  /** The nanoseconds of the thread that has most to do, if each does its share of the pieces. */
  private double busiest(int threads, int tileRows, int tileColumns, boolean packsLeft) {
    double most = 0;
    for (int thread = 0; thread < threads; thread++) {
      double nanos = 0;
      for (int i = Workers.share(thread, threads, pieces());
          i < Workers.share(thread + 1, threads, pieces());
          i++) {
        double terms = Math.min(partTerms, depth - (double) part(i) * partTerms);
        double height = up(Math.min(rowBlock, rows - row(i)), tileRows);
        double width = up(Math.min(columnBlock, columns - column(i)), tileColumns);
        nanos += terms * height * width / SUMS_PER_NANO;
        nanos += packsLeft ? terms * height * NANOS_TO_PACK : 0;
      }
      most = Math.max(most, nanos);
    }
    return most;
  }

  /** Numbers that a thread reads and another has written. */
  private double fetched(int threads, boolean fetchesRight) {
    if (threads <= batch * parts()) {
      return 0;
    }
    // Of a row that is cut, a core also has read ahead what another one writes.
    double numbers =
        byColumns
            ? (double) rows * depth + (double) rows * columns
            : fetchesRight ? (double) columns * depth : 0;
    return numbers * batch * (threads - 1) / threads;
  }

  /** Which matrix a piece is of. */
  int matrix(int piece) {
    return piece / (perPart() * parts());
  }

  /** Which part of the terms it adds up. */
  int part(int piece) {
    return piece / perPart() % parts();
  }

  /** Its first row. */
  int row(int piece) {
    int block = piece % perPart();
    return (byColumns ? block % rowBlocks() : block / columnBlocks()) * rowBlock;
  }

  /** Its first column. */
  int column(int piece) {
    int block = piece % perPart();
    return (byColumns ? block / rowBlocks() : block % columnBlocks()) * columnBlock;
  }

  private int perPart() {
    return rowBlocks() * columnBlocks();
  }

  /** How many terms are added up at a time: about equally many, whatever is packed. */
  int terms() {
    return terms(depth);
  }

  /** The same of any sum of so many terms. */
  static int terms(int depth) {
    return Math.ceilDiv(depth, blocks(depth));
  }

  private static int blocks(int depth) {
    return Math.max(1, Math.ceilDiv(depth, MOST_TERMS));
  }

  private static int partTerms(ProductShape shape) {
    long sums = Math.max(1, (long) shape.batch() * shape.rows() * shape.columns());
    int depth = shape.depth();
    int blocks = blocks(depth);
    int parts = Math.clamp(MOST_SUMS / sums, 1, Math.min(MOST_PARTS, depth / LEAST_PART + 1));
    // A last part that is much smaller would leave a thread without work.
    while (parts > 1 && EVEN * (up(blocks, parts) - blocks) > blocks) {
      parts--;
    }
    return Math.ceilDiv(blocks, parts) * terms(depth);
  }

  private static int parts(int depth, int partTerms) {
    return Math.max(1, Math.ceilDiv(depth, Math.max(1, partTerms)));
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
