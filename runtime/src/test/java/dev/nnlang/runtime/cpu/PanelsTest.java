package dev.nnlang.runtime.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Pieces of lines arrive where they should, and nothing beyond them is touched. */
class PanelsTest {
  private static final int RUNS = 3000;
  private static final float UNTOUCHED = -1;

  /** What is copied, of lines in any order, as those of a convolution's adjoint are. */
  private record Case(
      int length, int start, int[] terms, int first, int lines, int at, int width, int count) {
    static Case random(Random random) {
      int width = 1 + random.nextInt(40);
      int count = random.nextInt(3) == 0 ? 1 + random.nextInt(width) : width;
      int start = random.nextInt(20);
      int lines = 1 + random.nextInt(12);
      int[] terms = random.ints(lines + random.nextInt(5), 0, 100).toArray();
      int first = random.nextInt(terms.length - lines + 1);
      int most = Arrays.stream(terms, first, first + lines).max().orElseThrow();
      // Often the last line ends where the tensor does.
      int length = start + most + count + (random.nextBoolean() ? 0 : random.nextInt(50));
      return new Case(length, start, terms, first, lines, random.nextInt(9), width, count);
    }

    float[] expected() {
      var to = new float[at + lines * width + 40];
      Arrays.fill(to, UNTOUCHED);
      for (int y = 0; y < lines; y++) {
        for (int x = 0; x < count; x++) {
          to[at + y * width + x] = start + terms[first + y] + x;
        }
      }
      return to;
    }
  }

  @Test
  void piecesFollowEachOther() {
    var random = new Random(1);
    for (int run = 0; run < RUNS; run++) {
      var c = Case.random(random);
      var floats = new float[c.length];
      var doubles = new double[c.length];
      for (int i = 0; i < c.length; i++) {
        floats[i] = i;
        doubles[i] = i;
      }
      var expected = c.expected();
      var single = new float[expected.length];
      Arrays.fill(single, UNTOUCHED);
      Panels.copy(floats, c.start, c.terms, c.first, c.lines, single, c.at, c.width, c.count);
      assertArrayEquals(expected, single, c.toString());
      var twice = new double[expected.length];
      Arrays.fill(twice, UNTOUCHED);
      Panels.copy(doubles, c.start, c.terms, c.first, c.lines, twice, c.at, c.width, c.count);
      for (int i = 0; i < twice.length; i++) {
        single[i] = (float) twice[i];
      }
      assertArrayEquals(expected, single, c.toString());
    }
  }
}
