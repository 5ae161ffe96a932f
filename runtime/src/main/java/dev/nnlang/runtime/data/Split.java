package dev.nnlang.runtime.data;

import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.program.Extent;
import java.util.List;

/** How examples are divided into parts (LR-27, LR-28). */
public sealed interface Split {
  /** No {@code split}: all is training. */
  record Whole() implements Split {}

  /** By chance, with a seed of its own: the run's seed never changes what is test. */
  record Shuffled(long seed, List<Share> shares, Place declared) implements Split {
    public Shuffled {
      shares = List.copyOf(shares);
    }
  }

  /** One part after the other, with a gap of (window - 1) examples between them. */
  record Ordered(List<Share> shares, Place declared) implements Split {
    public Ordered {
      shares = List.copyOf(shares);
    }
  }

  /** Values of the sample index. */
  record Ranges(List<Slice> slices, Place declared) implements Split {
    public Ranges {
      slices = List.copyOf(slices);
    }
  }

  /** A part and its fraction of all examples. */
  record Share(Part part, double fraction) {}

  /** A part and its values of the sample index, half-open. */
  record Slice(Part part, Extent from, Extent to) {}
}
