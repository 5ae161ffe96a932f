package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.tensor.ElementType;
import java.util.Optional;

/**
 * What the movers of a product do, for a few elements: packs a little of the factors that it packs,
 * and takes a few sums to the result. Now and then it is a long line instead of a small rectangle,
 * since a side of a matrix may be several axes: code that has never seen the next value of an outer
 * one is thrown away by HotSpot when it comes.
 */
final class FewMoves implements Runnable {
  /** Terms of a rectangle; as many as are packed together at most. */
  private static final int TERMS = 32;

  /** Panels and tiles of a rectangle. */
  private static final int PANELS = 2;

  /** Rows, columns or terms of a line. */
  private static final int LINE = 1024;

  /** Each so many calls it is a line. */
  private static final int TURNS = 16;

  /** Multiplications in a nanosecond, packing included; only roughly. */
  private static final int OPERATIONS_PER_NANO = 8;

  /** Takes sums to the result's tensor. */
  interface Results {
    void take(Reals sums, int at, int stride, int batch, int column, int end, int row, int lastRow);
  }

  private final Optional<Packing> left;
  private final int tileRows;
  private final Optional<Packing> right;
  private final int panel;
  private final Optional<Results> results;
  private final Tiling tiling;
  private final ElementType type;
  private int calls;

  /**
   * Of one product.
   *
   * @param left packs its left factor, if that is packed, in panels of {@code tileRows}
   * @param right packs its right factor, if that is packed, in panels of {@code panel}
   * @param results where sums go, if tiles do not write them there
   */
  FewMoves(
      Optional<Packing> left,
      int tileRows,
      Optional<Packing> right,
      int panel,
      Optional<Results> results,
      Tiling tiling,
      ElementType type) {
    this.left = left;
    this.tileRows = tileRows;
    this.right = right;
    this.panel = panel;
    this.results = results;
    this.tiling = tiling;
    this.type = type;
  }

  /**
   * What there is to call for a step with these movers.
   *
   * @param runs of the product in one of the session
   */
  WarmKernels.Call call(CompiledProgram program, Step.Product step, ProductForm form, long runs) {
    var what =
        String.join(
            " ",
            program.mover(step.left().pack()).getClass().getName(),
            program.mover(step.right().pack()).getClass().getName(),
            form.toString());
    var code = program.mover(step.result()).getClass();
    long all = tiling.work() / OPERATIONS_PER_NANO;
    return new WarmKernels.Call(code, what, this, nanos(), runs * all);
  }

  /** About how long a call takes that moves a rectangle. */
  private long nanos() {
    int rows = PANELS * tileRows;
    int columns = PANELS * panel;
    return (left.isPresent() ? rows * TERMS : 0)
        + (right.isPresent() ? columns * TERMS : 0)
        + (results.isPresent() ? rows * columns : 0);
  }

  @Override
  public void run() {
    int turn = calls++ % TURNS;
    switch (turn) {
      case TURNS - 3 -> move(LINE, 1, 1);
      case TURNS - 2 -> move(1, LINE, 1);
      case TURNS - 1 -> move(1, 1, LINE);
      default -> move(PANELS * tileRows, PANELS * panel, TERMS);
    }
  }

  private void move(int mostRows, int mostColumns, int mostTerms) {
    int rows = Math.min(tiling.rows(), mostRows);
    int columns = Math.min(tiling.columns(), mostColumns);
    int terms = Math.min(tiling.depth(), mostTerms);
    int line = Reals.line(type);
    var own = Scratch.mine().pieces(type);
    if (left.isPresent()) {
      var packed = own.left(Tiling.up(rows, tileRows) * terms);
      left.get().pack(packed, line, tileRows, 0, 0, rows, 0, terms);
    }
    if (right.isPresent()) {
      var packed = own.right(Tiling.up(columns, panel) * terms);
      right.get().pack(packed, line, panel, 0, 0, columns, 0, terms);
    }
    if (results.isPresent()) {
      int stride = Tiling.up(columns, panel) + panel;
      var sums = own.result(Tiling.up(rows, tileRows) * stride);
      results.get().take(sums, line, stride, 0, 0, columns, 0, rows);
    }
  }
}
