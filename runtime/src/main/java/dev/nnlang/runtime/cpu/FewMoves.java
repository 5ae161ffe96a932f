package dev.nnlang.runtime.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * A little of what a mover of a product does. Now and then it is a long line instead of a small
 * rectangle, since a side of a matrix may be several axes: code that has never seen the next value
 * of an outer one is thrown away by HotSpot when it comes.
 *
 * @param mover packs a factor, or takes sums to the result
 * @param batch how many matrices there are
 * @param width of a panel
 * @param across rows or columns that lie side by side in panels
 * @param down terms, or rows of the result
 */
record FewMoves(Step.Code mover, int batch, int width, int across, int down) {
  /** Elements that are moved in a run, so that calling the mover first pays. */
  private static final long WORTH_IT = 16_000;

  /** Lines of a rectangle. */
  private static final int LINES = 32;

  /** Panels of a rectangle. */
  private static final int PANELS = 2;

  /** The length of a line. */
  private static final int LONG = 512;

  /** Each so many calls it is a line across, and one down. */
  private static final int TURNS = 8;

  /**
   * Of each mover that a product uses.
   *
   * @param leftPanel rows of a panel of the left factor, or 0 if no mover packs it
   * @param rightPanel columns of a panel of the right one, or 0
   * @param movesResult whether sums are not written to the result at once
   */
  static List<FewMoves> of(
      Step.Product step, Tiling tiling, int leftPanel, int rightPanel, boolean movesResult) {
    var moves = new ArrayList<FewMoves>();
    int batch = tiling.batch();
    int rows = tiling.rows();
    int columns = tiling.columns();
    if (leftPanel > 0) {
      moves.add(new FewMoves(step.left().pack(), batch, leftPanel, rows, tiling.depth()));
    }
    if (rightPanel > 0) {
      moves.add(new FewMoves(step.right().pack(), batch, rightPanel, columns, tiling.depth()));
    }
    if (movesResult) {
      moves.add(new FewMoves(step.result(), batch, columns, columns, rows));
    }
    return moves;
  }

  boolean isWorthIt() {
    return (long) batch * across * down >= WORTH_IT;
  }

  /**
   * Moves in memory of its own.
   *
   * @param frame where the tensors are
   */
  WarmUp.Call call(CompiledProgram program, Frame frame) {
    int stride = Math.min(width, LONG) + Reals.lineLength(program.real());
    var memory = Reals.of(program.real(), (LONG + 1) * stride);
    return new WarmUp.Call() {
      private int turn;

      @Override
      public long run() {
        return switch (turn++ % TURNS) {
          case TURNS - 2 -> move(LONG, 1);
          case TURNS - 1 -> move(1, LONG);
          default -> move(PANELS * width, LINES);
        };
      }

      /** Compiled code moves four elements in three nanoseconds at least. */
      private long move(int mostAcross, int mostDown) {
        int x = Math.min(across, mostAcross);
        int y = Math.min(down, mostDown);
        for (int from = 0; from < x; from += width) {
          int to = Math.min(x, from + Math.min(width, LONG));
          int matrix = turn % batch;
          Packing.move(program, frame, mover, memory, 0, stride, matrix, from, to, 0, y);
        }
        return 3L * x * y / 4;
      }
    };
  }
}
