package dev.nnlang.runtime.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which rows of a left factor are read in windows, and how many terms of it together. */
class WindowsTest {
  private static final int FEW = TileForm.FEW;
  private static final int MANY = TileForm.WINDOW_ROWS;

  /** Places in an image with a border, {@code x[h + r, v + q, i]}: channels lie side by side. */
  private static int[] rows(int height, int width, int channels) {
    return IntStream.range(0, height * width)
        .map(n -> (n / width * (width + 2) + n % width) * channels)
        .toArray();
  }

  /** Terms, whose steps along a line come last. */
  private static int[] terms(int steps, int channels, int distance) {
    return IntStream.range(0, steps * channels)
        .map(n -> n / steps + n % steps * distance)
        .toArray();
  }

  private static Windows of(int[] rows, int[] terms) {
    int[] padded = Arrays.copyOf(rows, Tiling.up(rows.length, FEW));
    Arrays.fill(padded, rows.length, padded.length, rows[rows.length - 1]);
    return Windows.of(new LeftFactor(0, new int[1], padded, terms, 1, new boolean[0]));
  }

  @Test
  void threeOrFiveTermsAsFarFromEachOtherAsRows() {
    int[] rows = rows(4, 16, 6);
    assertEquals(3, Windows.terms(rows, terms(3, 6, 6)));
    assertEquals(5, Windows.terms(rows, terms(5, 6, 6)));
    assertEquals(3, Windows.terms(rows, terms(3, 6, -6)), "backwards");
  }

  @Test
  void otherTermsAreAddedUpOneByOne() {
    int[] rows = rows(4, 16, 6);
    assertEquals(1, Windows.terms(rows, terms(2, 6, 6)), "two steps: no tile");
    assertEquals(1, Windows.terms(rows, terms(4, 6, 6)), "four steps: no tile");
    assertEquals(1, Windows.terms(rows, terms(3, 6, 12)), "every second place of a line");
    assertEquals(1, Windows.terms(rows, terms(1, 6, 6)), "channels alone");
    assertEquals(1, Windows.terms(new int[] {0, 0}, new int[] {0, 0, 0}), "all the same");
    assertEquals(1, Windows.terms(new int[] {0}, terms(3, 6, 6)), "one row");
    int[] broken = terms(3, 6, 6);
    broken[4]++;
    assertEquals(1, Windows.terms(rows, broken), "one term elsewhere");
  }

  /** 642 terms are added up in two blocks of 321, 645 in blocks of 323 and 322. */
  @Test
  void blockOfTermsDoesNotEndWithinAWindow() {
    int[] rows = rows(4, 16, 215);
    assertEquals(3, Windows.terms(rows(4, 16, 214), terms(3, 214, 214)));
    assertEquals(1, Windows.terms(rows, terms(3, 215, 215)));
  }

  @Test
  void aTileStaysWithinALine() {
    var windows = of(rows(2, MANY + FEW, 3), terms(3, 3, 3));
    int line = MANY + FEW;
    assertEquals(MANY, windows.rowsAt(0, 2 * line));
    assertEquals(FEW, windows.rowsAt(MANY, 2 * line - MANY));
    assertEquals(MANY, windows.rowsAt(line, line));
    assertEquals(FEW, windows.rowsAt(0, FEW), "no more rows are asked for");
    var narrow = of(rows(4, FEW + 2, 3), terms(3, 3, 3));
    assertEquals(FEW, narrow.rowsAt(0, 4 * (FEW + 2)));
    assertEquals(0, narrow.rowsAt(FEW, 4 * (FEW + 2) - FEW), "across the end of a line");
  }

  @Test
  void rowsBeyondTheLastOneMakeNoTile() {
    var windows = of(rows(1, FEW + 2, 3), terms(3, 3, 3));
    assertEquals(FEW, windows.rowsAt(0, FEW + 2));
    assertEquals(0, windows.rowsAt(FEW, 2));
  }

  @Test
  void directionIsToldByTile() {
    var forwards = of(rows(2, 16, 3), terms(3, 3, 3));
    var backwards = of(rows(2, 16, 3), terms(3, 3, -3));
    assertEquals(false, forwards.isBackwards(0));
    assertEquals(true, backwards.isBackwards(0));
    assertEquals(MANY, backwards.rowsAt(0, 32));
    assertEquals(-3, backwards.distance());
  }

  @Test
  void numbersNameTilesOfTheirRows() {
    var windows = of(rows(2, 16, 3), terms(5, 3, 3));
    for (int rows : new int[] {FEW, MANY}) {
      var form = TileForm.ALL.get(windows.number(rows));
      assertEquals(rows, form.rows());
      assertEquals(TileForm.Reading.WINDOWS_OF_5, form.reading());
    }
  }
}
