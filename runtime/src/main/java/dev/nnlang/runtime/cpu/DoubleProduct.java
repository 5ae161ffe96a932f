package dev.nnlang.runtime.cpu;

import java.util.Arrays;

/**
 * Matrix products in 64 bits: packs panels of both factors and runs the register tile over them.
 */
final class DoubleProduct {
  private static final int ROWS = DoubleTile.ROWS;
  private static final long SERIAL = 1 << 15;

  private final Step.Product step;
  private final KernelCode code;
  private final Frame frame;
  private final Tiling tiling;
  private final int panel;

  // Made once: a run allocates nothing.
  private final Workers.Job packs = this::packShared;
  private final Workers.Job pieces = this::piece;
  private int[] batchPlaces = {};
  private int[] rowPlaces = {};
  private int[] termPlaces = {};
  private double[] shared = {};

  DoubleProduct(
      Step.Product step,
      KernelCode code,
      Frame frame,
      int batch,
      int rows,
      int columns,
      int depth) {
    this.step = step;
    this.code = code;
    this.frame = frame;
    this.panel = columns <= DoubleTile.LANES ? DoubleTile.LANES : 2 * DoubleTile.LANES;
    this.tiling = Tiling.of(batch, rows, columns, depth, ROWS, panel);
    if (step.left() instanceof Step.Left.Direct direct) {
      batchPlaces = table(direct.batch(), batch);
      // The last tile may have fewer rows: it computes the last one again and throws it away.
      rowPlaces = Arrays.copyOf(table(direct.rows(), rows), Tiling.up(rows, ROWS));
      Arrays.fill(rowPlaces, rows, rowPlaces.length, rows == 0 ? 0 : rowPlaces[rows - 1]);
      termPlaces = table(direct.terms(), depth);
    }
  }

  /** Parts of the places of the left factor, for all values of an index. */
  private int[] table(int mover, int size) {
    var p = Scratch.mine().panel;
    p.places = new int[size];
    p.at = 0;
    p.x0 = 0;
    p.x1 = size;
    code.move(mover, frame, p);
    return p.places;
  }

  /** How much memory {@link #run} wants for the packed right factor. */
  int sharedLength() {
    return tiling.sharesRight()
        ? Math.toIntExact((long) tiling.batch() * panels() * panel * tiling.depth())
        : 0;
  }

  void run(Workers workers, double[] memory) {
    shared = memory;
    if (tiling.sharesRight()) {
      each(workers, tiling.batch() * panels(), packs);
    }
    each(workers, tiling.pieces(), pieces);
  }

  private void each(Workers workers, int count, Workers.Job job) {
    if (tiling.work() < SERIAL) {
      for (int i = 0; i < count; i++) {
        job.chunk(i);
      }
    } else {
      workers.run(count, job);
    }
  }

  /** Panels of the right factor in one matrix. */
  private int panels() {
    return Math.ceilDiv(tiling.columns(), panel);
  }

  private void packShared(int index) {
    int batch = index / panels();
    int number = index % panels();
    packRight(Scratch.mine(), shared, index * panel * tiling.depth(), batch, number * panel);
  }

  /** One panel of columns, all terms. */
  private void packRight(Scratch scratch, double[] to, int at, int batch, int column) {
    int end = Math.min(tiling.columns(), column + panel);
    if (end - column < panel) {
      Arrays.fill(to, at, at + panel * tiling.depth(), 0);
    }
    move(scratch, step.right(), to, at, panel, batch, column, end, 0, tiling.depth());
  }

  private void move(
      Scratch scratch,
      int mover,
      double[] array,
      int at,
      int stride,
      int batch,
      int x0,
      int x1,
      int y0,
      int y1) {
    var p = scratch.panel;
    p.doubles = array;
    p.at = at;
    p.stride = stride;
    p.batch = batch;
    p.x0 = x0;
    p.x1 = x1;
    p.y0 = y0;
    p.y1 = y1;
    code.move(mover, frame, p);
  }

  /** Rows times columns of one matrix of the result. */
  private void piece(int index) {
    int perMatrix = tiling.rowBlocks() * tiling.columnBlocks();
    int batch = index / perMatrix;
    int row = index % perMatrix / tiling.columnBlocks() * tiling.rowBlock();
    int column = index % tiling.columnBlocks() * tiling.columnBlock();
    int rows = Math.min(tiling.rowBlock(), tiling.rows() - row);
    int columns = Math.min(tiling.columnBlock(), tiling.columns() - column);
    int stride = Tiling.up(columns, panel);
    var scratch = Scratch.mine();
    var result = scratch.resultDoubles(Tiling.up(rows, ROWS) * stride);
    var right = right(scratch, batch, column, columns);
    int rightAt =
        tiling.sharesRight() ? (batch * panels() + column / panel) * panel * tiling.depth() : 0;
    if (tiling.depth() == 0) {
      Arrays.fill(result, 0);
    }
    for (int k = 0; k < tiling.depth(); k += Tiling.DEPTH) {
      int depth = Math.min(Tiling.DEPTH, tiling.depth() - k);
      switch (step.left()) {
        case Step.Left.Packed(var mover) -> {
          var left = packLeft(scratch, mover, batch, row, rows, k, depth);
          for (int j = 0; j < columns; j += panel) {
            int b = rightAt + j * tiling.depth() + k * panel;
            for (int i = 0; i < rows; i += ROWS) {
              tile(left, i * depth, right, b, result, i * stride + j, stride, depth, k == 0);
            }
          }
        }
        case Step.Left.Direct direct -> {
          var left = frame.doubles[direct.slot()];
          for (int j = 0; j < columns; j += panel) {
            int b = rightAt + j * tiling.depth() + k * panel;
            for (int i = 0; i < rows; i += ROWS) {
              int c = i * stride + j;
              direct(left, batch, row + i, k, right, b, result, c, stride, depth);
            }
          }
        }
      }
    }
    move(
        scratch,
        step.result(),
        result,
        0,
        stride,
        batch,
        column,
        column + columns,
        row,
        row + rows);
  }

  private double[] right(Scratch scratch, int batch, int column, int columns) {
    if (tiling.sharesRight()) {
      return shared;
    }
    var own = scratch.rightDoubles(Tiling.up(columns, panel) * tiling.depth());
    for (int j = 0; j < columns; j += panel) {
      packRight(scratch, own, j * tiling.depth(), batch, column + j);
    }
    return own;
  }

  private void tile(
      double[] a,
      int ao,
      double[] b,
      int bo,
      double[] c,
      int co,
      int stride,
      int depth,
      boolean first) {
    if (panel == DoubleTile.LANES) {
      DoubleTile.narrow(a, ao, b, bo, c, co, stride, depth, first);
    } else {
      DoubleTile.wide(a, ao, b, bo, c, co, stride, depth, first);
    }
  }

  private void direct(
      double[] a,
      int batch,
      int row,
      int k,
      double[] b,
      int bo,
      double[] c,
      int co,
      int stride,
      int depth) {
    int at = batchPlaces[batch];
    var p = rowPlaces;
    int p0 = at + p[row];
    int p1 = at + p[row + 1];
    int p2 = at + p[row + 2];
    int p3 = at + p[row + 3];
    int p4 = at + p[row + 4];
    int p5 = at + p[row + 5];
    int p6 = at + p[row + 6];
    int p7 = at + p[row + 7];
    boolean first = k == 0;
    var t = termPlaces;
    if (panel == DoubleTile.LANES) {
      DoubleTile.narrowDirect(
          a, p0, p1, p2, p3, p4, p5, p6, p7, t, k, b, bo, c, co, stride, depth, first);
    } else {
      DoubleTile.wideDirect(
          a, p0, p1, p2, p3, p4, p5, p6, p7, t, k, b, bo, c, co, stride, depth, first);
    }
  }

  private double[] packLeft(
      Scratch scratch, int mover, int batch, int row, int rows, int k, int depth) {
    var left = scratch.leftDoubles(Tiling.up(rows, ROWS) * depth);
    for (int i = 0; i < rows; i += ROWS) {
      int end = Math.min(rows, i + ROWS);
      int at = i * depth;
      if (end - i < ROWS) {
        Arrays.fill(left, at, at + ROWS * depth, 0);
      }
      move(scratch, mover, left, at, ROWS, batch, row + i, row + end, k, k + depth);
    }
    return left;
  }
}
