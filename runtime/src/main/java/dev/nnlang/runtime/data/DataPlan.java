package dev.nnlang.runtime.data;

import java.util.List;

/**
 * A {@code data} declaration as the compiler hands it over. Sizes are {@code Extent}s over the open
 * dimensions of the sources, which are known once the files are read.
 *
 * @param name of the declaration
 * @param sources in the order declared
 * @param range which values the sample index takes
 * @param window 1 + the largest spread of constant offsets by which {@code sample} reads a source
 *     (LR-27): 1 where examples share no row
 * @param split into parts
 * @param tensors of {@code sample}, in the order declared
 */
public record DataPlan(
    String name,
    List<SourcePlan> sources,
    SampleRange range,
    long window,
    Split split,
    List<SampleTensor> tensors) {
  public DataPlan {
    sources = List.copyOf(sources);
    tensors = List.copyOf(tensors);
  }
}
