package dev.nnlang.runtime.data;

import dev.nnlang.runtime.program.Extent;
import java.util.List;

/**
 * The values of the sample index (LR-3): all {@code n} with {@code max(from) <= n < min(to)}.
 *
 * @param index its name in the program
 * @param from lower bounds over source dimensions, inclusive; at least one
 * @param to upper bounds, exclusive; at least one
 */
public record SampleRange(String index, List<Extent> from, List<Extent> to) {
  public SampleRange {
    from = List.copyOf(from);
    to = List.copyOf(to);
    if (from.isEmpty() || to.isEmpty()) {
      throw new IllegalArgumentException("a sample index without bounds");
    }
  }
}
