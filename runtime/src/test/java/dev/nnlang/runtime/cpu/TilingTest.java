package dev.nnlang.runtime.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.runtime.cpu.ProductShape.Access;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TilingTest {
  private static final int TILE_ROWS = 8;
  private static final int TILE_COLUMNS = 32;

  @Test
  void piecesCoverEverythingOnce() {
    var random = new Random(5);
    for (int i = 0; i < 300; i++) {
      int batch = random.nextInt(1, 4);
      int rows = random.nextInt(1, 500);
      int columns = random.nextInt(1, 400);
      int depth = random.nextInt(1, 4000);
      int threads = random.nextInt(1, 9);
      var tiling = tiling(threads, batch, rows, columns, depth);
      var seen = new int[batch][tiling.parts()][rows * columns];
      for (int piece = 0; piece < tiling.pieces(); piece++) {
        var part = seen[tiling.matrix(piece)][tiling.part(piece)];
        int lastRow = Math.min(rows, tiling.row(piece) + tiling.rowBlock());
        int lastColumn = Math.min(columns, tiling.column(piece) + tiling.columnBlock());
        for (int r = tiling.row(piece); r < lastRow; r++) {
          for (int c = tiling.column(piece); c < lastColumn; c++) {
            part[r * columns + c]++;
          }
        }
      }
      for (var matrix : seen) {
        for (var part : matrix) {
          assertTrue(Arrays.stream(part).allMatch(n -> n == 1), tiling.toString());
        }
      }
      assertTrue((long) tiling.parts() * tiling.partTerms() >= depth, tiling.toString());
    }
  }

  /** Where sums are cut decides about bits. */
  @Test
  void sumsAreCutTheSameForAnyNumberOfThreads() {
    for (int depth : List.of(1, 640, 1600, 2048, 12544, 50176)) {
      int one = tiling(1, 1, 64, 96, depth).partTerms();
      for (int threads = 2; threads < 20; threads++) {
        assertEquals(one, tiling(threads, 1, 64, 96, depth).partTerms());
      }
    }
  }

  /** Where more is in the right factor, threads take columns. */
  @ParameterizedTest
  @CsvSource({"128, 512, 784, true", "1600, 64, 64, false", "2048, 64, 576, false"})
  void whatIsSmallerMoves(int rows, int columns, int depth, boolean byColumns) {
    assertEquals(byColumns, tiling(2, 1, rows, columns, depth).byColumns());
  }

  @Test
  void threadsHaveAboutAsMuchToDo() {
    var uneven = new ArrayList<String>();
    for (int threads : List.of(2, 3, 4)) {
      for (int rows : List.of(128, 784, 2048, 12544)) {
        for (int columns : List.of(256, 512, 1000)) {
          var tiling = tiling(threads, 1, rows, columns, 500);
          long most = 0;
          for (int thread = 0; thread < threads; thread++) {
            most = Math.max(most, work(tiling, thread, threads));
          }
          if (most * threads > 1.2 * rows * columns) {
            uneven.add(threads + " threads: " + tiling);
          }
        }
      }
    }
    assertEquals(List.of(), uneven);
  }

  private static long work(Tiling tiling, int thread, int threads) {
    long work = 0;
    for (int i = Workers.share(thread, threads, tiling.pieces());
        i < Workers.share(thread + 1, threads, tiling.pieces());
        i++) {
      work +=
          (long) Math.min(tiling.rowBlock(), tiling.rows() - tiling.row(i))
              * Math.min(tiling.columnBlock(), tiling.columns() - tiling.column(i));
    }
    return work;
  }

  private static Tiling tiling(int threads, int batch, int rows, int columns, int depth) {
    var shape =
        new ProductShape(
            batch,
            rows,
            columns,
            depth,
            Access.RUNS,
            Access.NEIGHBOURS,
            Step.Kept.NOT,
            true,
            ElementType.F32,
            threads);
    return Tiling.of(shape, TILE_ROWS, TILE_COLUMNS, false);
  }
}
