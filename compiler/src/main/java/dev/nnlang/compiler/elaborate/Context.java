package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.size.Poly;
import java.util.Optional;
import java.util.Set;

/**
 * What one program's random numbers and updates depend on.
 *
 * @param phase training or inference; random numbers know the step only when training (LR-29)
 * @param numbers the data set's number of each example; without it an example counts in its batch
 * @param trainingValues in {@code fit}, the training values of the sample index
 * @param counted the dimensions of sources that these values index (LR-27)
 * @param low who keeps account of long repeats that have only their ends; empty, where all are
 *     whole
 */
record Context(
    Phase phase,
    Optional<Tensor> numbers,
    Optional<Tensor> trainingValues,
    Set<Poly> counted,
    Optional<LowStacks> low) {
  static Context of(Phase phase) {
    return new Context(phase, Optional.empty(), Optional.empty(), Set.of(), Optional.empty());
  }

  Context numbered(Tensor tensor) {
    return new Context(phase, Optional.of(tensor), trainingValues, counted, low);
  }

  Context overTrainingValues(Tensor tensor, Set<Poly> dimensions) {
    return new Context(phase, numbers, Optional.of(tensor), dimensions, low);
  }

  Context with(Optional<LowStacks> stacks) {
    return new Context(phase, numbers, trainingValues, counted, stacks);
  }
}
