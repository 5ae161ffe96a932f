package dev.nnlang.runtime.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nnlang.runtime.data.Split.Share;
import dev.nnlang.runtime.data.Split.Slice;
import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.program.Extent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PartsTest {
  private static final Place LINE = new Place("a.nn", 3, 5);

  private static Parts parts(Split split, long window, long from, long to) throws ProblemException {
    return Parts.of(Opening.plan(split, window), new Examples(from, to), Map.of("N", to));
  }

  private static Split.Shuffled shuffled(long seed, Share... shares) {
    return new Split.Shuffled(seed, List.of(shares), LINE);
  }

  private static void refused(String expected, Split split, long window, long to) {
    var e = assertThrows(ProblemException.class, () -> parts(split, window, 0, to));
    assertEquals(expected.strip(), e.problem().toString());
  }

  @Test
  void fractionsAreFlooredAndTheLastPartTakesTheRest() throws Exception {
    var parts =
        parts(
            shuffled(
                0, new Share(Part.TRAIN, .8), new Share(Part.VALID, .1), new Share(Part.TEST, .1)),
            1,
            0,
            5628);
    assertEquals(4502, parts.count(Part.TRAIN));
    assertEquals(562, parts.count(Part.VALID));
    assertEquals(564, parts.count(Part.TEST));
    assertEquals(List.of(), parts.notes());
  }

  @Test
  void floorsTheDecimalThatWasWritten() throws Exception {
    var parts = parts(shuffled(0, new Share(Part.TRAIN, .29), new Share(Part.TEST, .5)), 1, 0, 100);
    assertEquals(29, parts.count(Part.TRAIN));
    assertEquals(List.of("21 examples in no part, and not used"), parts.notes());
  }

  @Test
  void shuffledPartsShareNothingAndDependOnTheSeed() throws Exception {
    var shares = new Share[] {new Share(Part.TRAIN, .5), new Share(Part.TEST, .5)};
    var one = parts(shuffled(1, shares), 1, 10, 110);
    var all =
        LongStream.concat(
                Arrays.stream(one.values(Part.TRAIN)), Arrays.stream(one.values(Part.TEST)))
            .sorted()
            .toArray();
    assertArrayEquals(LongStream.range(10, 110).toArray(), all);
    assertArrayEquals(
        one.values(Part.TRAIN), parts(shuffled(1, shares), 1, 10, 110).values(Part.TRAIN));
    assertFalse(
        Arrays.equals(
            one.values(Part.TRAIN), parts(shuffled(2, shares), 1, 10, 110).values(Part.TRAIN)));
    assertEquals(2, parts(shuffled(1, shares), 49, 10, 110).notes().size() + 1);
  }

  @Test
  void orderedPartsLeaveAGap() throws Exception {
    var split =
        new Split.Ordered(List.of(new Share(Part.TRAIN, .8), new Share(Part.TEST, .2)), LINE);
    var parts = parts(split, 4, 5, 105);
    assertArrayEquals(LongStream.range(5, 85).toArray(), parts.values(Part.TRAIN));
    assertArrayEquals(LongStream.range(88, 105).toArray(), parts.values(Part.TEST));
    assertEquals(
        List.of("3 examples left out before test, so that no row is in two parts"), parts.notes());
    refused(
        """
        error[E0820]: the split cannot be made: test would have 2 examples, all within the gap of 3 that keeps rows out of two parts
          --> a.nn:3:5
        """,
        split,
        4,
        10);
  }

  @Test
  void rangesAreValuesOfTheSampleIndex() throws Exception {
    var split =
        new Split.Ranges(
            List.of(
                new Slice(Part.TRAIN, Extent.of(3), Extent.of(8)),
                new Slice(Part.TEST, Extent.of(8), new Extent.Dim("N"))),
            LINE);
    var parts = parts(split, 1, 3, 10);
    assertArrayEquals(new long[] {3, 4, 5, 6, 7}, parts.values(Part.TRAIN));
    assertArrayEquals(new long[] {8, 9}, parts.values(Part.TEST));
    refused(
        """
        error[E0820]: the split cannot be made: train = 3 .. 8 goes beyond the data
          --> a.nn:3:5
          expected: values of n in 0 .. 7, as there are 7 examples
        """,
        split,
        1,
        7);
    refused(
        """
        error[E0820]: the split cannot be made: test = 4 .. 6 overlaps an earlier part at n = 4
          --> a.nn:3:5
        """,
        new Split.Ranges(
            List.of(
                new Slice(Part.TRAIN, Extent.of(0), Extent.of(5)),
                new Slice(Part.TEST, Extent.of(4), Extent.of(6))),
            LINE),
        1,
        7);
  }

  @Test
  void refusesFractionsThatMakeNoSense() {
    refused(
        """
        error[E0820]: the split cannot be made: the fractions add up to 1.1
          --> a.nn:3:5
          expected: at most 1
        """,
        shuffled(0, new Share(Part.TRAIN, .8), new Share(Part.TEST, .3)),
        1,
        10);
    refused(
        """
        error[E0820]: the split cannot be made: test = 0.0
          --> a.nn:3:5
          expected: fractions above 0
        """,
        shuffled(0, new Share(Part.TRAIN, .8), new Share(Part.TEST, 0)),
        1,
        10);
    refused(
        """
        error[E0820]: the split cannot be made: test = 0.1 of 5 examples is none
          --> a.nn:3:5
        """,
        shuffled(0, new Share(Part.TRAIN, .8), new Share(Part.TEST, .1)),
        1,
        5);
  }

  @Test
  void theSampleIndexIsTheIntersectionOfItsBounds() throws Exception {
    Extent n = new Extent.Dim("N");
    var range =
        new SampleRange(
            "n",
            List.of(Extent.of(0), Extent.of(3)),
            List.of(n, new Extent.Sum(List.of(n, Extent.of(-48)))));
    assertEquals(new Examples(3, 52), Examples.of(range, Map.of("N", 100L)));
    var e = assertThrows(ProblemException.class, () -> Examples.of(range, Map.of("N", 40L)));
    assertEquals(
        """
        error[E0819]: no value of n has all its reads inside: it would have to be at least 3 and below -8
          expected: more data, or reads that are closer together; found N = 40""",
        e.problem().toString());
  }

  /** The order is part of the language: a change would move examples between train and test. */
  @Test
  void theShuffleIsFixedForEver() {
    long[] values = LongStream.range(0, 8).toArray();
    Shuffle.shuffle(values, 7, 1);
    assertEquals(8, Arrays.stream(values).distinct().count());
    assertEquals("[5, 4, 3, 0, 7, 2, 6, 1]", Arrays.toString(values));
  }

  @Test
  void everyPlaceIsEquallyLikely() {
    int[] hits = new int[5];
    IntStream.range(0, 5000)
        .forEach(
            seed -> {
              long[] values = {0, 1, 2, 3, 4};
              Shuffle.shuffle(values, seed, 0);
              for (int i = 0; i < 5; i++) {
                hits[i] += values[i] == 0 ? 1 : 0;
              }
            });
    // The deviation of a binomial with p = 1/5 is 28.
    for (int hit : hits) {
      assertEquals(1000, hit, 5 * 28);
    }
  }
}
