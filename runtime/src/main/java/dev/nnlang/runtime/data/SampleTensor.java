package dev.nnlang.runtime.data;

import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.program.Extent;
import java.util.List;
import java.util.Optional;

/**
 * One tensor of {@code sample}.
 *
 * @param shape of one example, without the batch
 * @param from where its elements come from, if each is one read of a source; with it, a value that
 *     is outside its index set (LR-4) is reported with the data's file and line
 * @param declared where the sample declares it
 */
public record SampleTensor(
    String name, List<Extent> shape, Element element, Optional<Read> from, Place declared) {
  public SampleTensor {
    shape = List.copyOf(shape);
  }

  /**
   * A read of a source.
   *
   * @param position over source dimensions, the sample index by its name, and the tensor's own
   *     indices as {@code #0}, {@code #1}, ... in the order of its shape
   */
  public record Read(String source, List<Extent> position) {
    public Read {
      position = List.copyOf(position);
    }
  }
}
