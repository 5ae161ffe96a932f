package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Tensor;
import java.util.List;
import java.util.Map;

/**
 * How a program runs.
 *
 * @param program what is computed; its border is the plan's
 * @param kernels in the order in which they run
 * @param lives for every tensor that a kernel writes into the arena: when it is alive
 * @param inPlace tensors that are written straight into the state that they are the next value of
 */
public record Plan(
    Program program, List<Kernel> kernels, Map<Tensor, Life> lives, Map<Tensor, Tensor> inPlace) {

  /** From the kernel that writes a tensor to the last that reads it; both numbers of kernels. */
  public record Life(int first, int last) {}

  public Plan {
    kernels = List.copyOf(kernels);
  }

  @Override
  public String toString() {
    return PlanText.of(this);
  }
}
