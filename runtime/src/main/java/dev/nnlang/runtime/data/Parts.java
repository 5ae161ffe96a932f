package dev.nnlang.runtime.data;

import dev.nnlang.runtime.data.Split.Share;
import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/**
 * The values of the sample index in each part, ascending, and what the reader should know about
 * them.
 */
public final class Parts {
  private static final double ROUNDING = 1e-9;

  private final Map<Part, long[]> values = new EnumMap<>(Part.class);
  private final List<String> notes = new ArrayList<>();

  private Parts() {}

  /** A copy of the part's values; empty where there is no such part. */
  public long[] values(Part part) {
    return values.getOrDefault(part, new long[0]).clone();
  }

  public boolean has(Part part) {
    return values.containsKey(part);
  }

  public int count(Part part) {
    return values.getOrDefault(part, new long[0]).length;
  }

  /** Sentences for the summary: what is left over, left out, or suspicious. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  static Parts of(DataPlan plan, Examples examples, Map<String, Long> dims)
      throws ProblemException {
    var parts = new Parts();
    switch (plan.split()) {
      case Split.Whole _ -> parts.put(Part.TRAIN, examples.from(), examples.to());
      case Split.Shuffled(var seed, var shares, var declared) -> {
        parts.shuffled(examples, seed, sizes(shares, examples.count(), declared), shares);
        if (plan.window() > 1) {
          parts.notes.add(
              "examples read "
                  + plan.window()
                  + " rows each and share them, so a shuffled split has rows in several parts; ordered has not");
        }
      }
      case Split.Ordered(var shares, var declared) ->
          parts.ordered(
              plan, examples, sizes(shares, examples.count(), declared), shares, declared);
      case Split.Ranges(var slices, var declared) ->
          parts.ranges(plan, examples, slices, dims, declared);
    }
    return parts;
  }

  /** LR-28: floors, and the last part takes what is left where the fractions make 1. */
  private static long[] sizes(List<Share> shares, long count, Place declared)
      throws ProblemException {
    var sum = shares.stream().mapToDouble(Share::fraction).sum();
    var seen = EnumSet.noneOf(Part.class);
    for (var share : shares) {
      if (!(share.fraction() > 0)) {
        throw split(share.part().word() + " = " + share.fraction(), declared)
            .expected("fractions above 0")
            .thrown();
      }
      if (!seen.add(share.part())) {
        throw split(share.part().word() + " is given twice", declared).thrown();
      }
    }
    if (sum > 1 + ROUNDING) {
      throw split("the fractions add up to " + sum, declared).expected("at most 1").thrown();
    }
    long[] sizes = new long[shares.size()];
    long left = count;
    for (int i = 0; i < sizes.length; i++) {
      boolean rest = i == sizes.length - 1 && sum >= 1 - ROUNDING;
      sizes[i] = rest ? left : floor(shares.get(i).fraction(), count);
      left -= sizes[i];
      if (sizes[i] == 0) {
        throw split(
                shares.get(i).part().word()
                    + " = "
                    + shares.get(i).fraction()
                    + " of "
                    + Messages.plural(count, "example")
                    + " is none",
                declared)
            .thrown();
      }
    }
    return sizes;
  }

  /**
   * Of the decimal number that was written: 0.29 * 100 is 29, in binary it is 28.999999999999996.
   */
  private static long floor(double fraction, long count) {
    return BigDecimal.valueOf(fraction)
        .multiply(BigDecimal.valueOf(count))
        .setScale(0, RoundingMode.FLOOR)
        .longValueExact();
  }

  private void shuffled(Examples examples, long seed, long[] sizes, List<Share> shares) {
    long[] all = interval(examples.from(), examples.to());
    Shuffle.shuffle(all, seed, 0);
    int at = 0;
    for (int i = 0; i < sizes.length; i++) {
      long[] part = Arrays.copyOfRange(all, at, at + (int) sizes[i]);
      Arrays.sort(part);
      values.put(shares.get(i).part(), part);
      at += (int) sizes[i];
    }
    unused(all.length - at);
  }

  private void ordered(
      DataPlan plan, Examples examples, long[] sizes, List<Share> shares, Place declared)
      throws ProblemException {
    long gap = plan.window() - 1;
    long at = examples.from();
    for (int i = 0; i < sizes.length; i++) {
      var part = shares.get(i).part();
      long skipped = i == 0 ? 0 : gap;
      if (sizes[i] <= skipped) {
        throw split(
                part.word()
                    + " would have "
                    + Messages.plural(sizes[i], "example")
                    + ", all within the gap of "
                    + gap
                    + " that keeps rows out of two parts",
                declared)
            .thrown();
      }
      put(part, at + skipped, at + sizes[i]);
      if (skipped > 0) {
        notes.add(
            Messages.plural(skipped, "example")
                + " left out before "
                + part.word()
                + ", so that no row is in two parts");
      }
      at += sizes[i];
    }
    unused(examples.to() - at);
  }

  private void ranges(
      DataPlan plan,
      Examples examples,
      List<Split.Slice> slices,
      Map<String, Long> dims,
      Place declared)
      throws ProblemException {
    var index = plan.range().index();
    boolean[] taken = new boolean[(int) examples.count()];
    long used = 0;
    for (var slice : slices) {
      long from = slice.from().evaluate(dims);
      long to = slice.to().evaluate(dims);
      var text = slice.part().word() + " = " + from + " .. " + to;
      if (from >= to) {
        throw split(text + " is empty", declared).thrown();
      }
      if (values.containsKey(slice.part())) {
        throw split(slice.part().word() + " is given twice", declared).thrown();
      }
      if (from < examples.from() || to > examples.to()) {
        throw split(text + " goes beyond the data", declared)
            .expected(
                "values of "
                    + index
                    + " in "
                    + examples.from()
                    + " .. "
                    + examples.to()
                    + ", as there are "
                    + Messages.plural(examples.count(), "example"))
            .thrown();
      }
      for (long n = from; n < to; n++) {
        int at = (int) (n - examples.from());
        if (taken[at]) {
          throw split(text + " overlaps an earlier part at " + index + " = " + n, declared)
              .thrown();
        }
        taken[at] = true;
      }
      put(slice.part(), from, to);
      used += to - from;
    }
    unused(examples.count() - used);
  }

  private void put(Part part, long from, long to) {
    values.put(part, interval(from, to));
  }

  private void unused(long count) {
    if (count > 0) {
      notes.add(Messages.plural(count, "example") + " in no part, and not used");
    }
  }

  private static long[] interval(long from, long to) {
    long[] values = new long[(int) (to - from)];
    Arrays.setAll(values, i -> from + i);
    return values;
  }

  private static Problem split(String found, Place declared) {
    return Problem.of(ProblemCode.SPLIT, "the split cannot be made: " + found).at(declared);
  }
}
