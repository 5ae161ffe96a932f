package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a program runs.
 *
 * @param program what is computed; its border is the plan's
 * @param kernels in the order in which they run
 * @param lives for every tensor that a kernel writes into the arena: when it is alive
 * @param inPlace tensors that have no memory of their own: those that are written straight into the
 *     state that they are the next value of, and those that are where another tensor of their
 *     kernel will be
 * @param fixed the parameters that no run updates, and what depends on nothing else: such results
 *     are alive from the first kernel to the end of the next run, and computed anew only if a
 *     parameter was
 * @param savings what was decided about cheap values that later kernels need
 */
public record Plan(
    Program program,
    List<Kernel> kernels,
    Map<Tensor, Life> lives,
    Map<Tensor, Tensor> inPlace,
    Set<Tensor> fixed,
    List<Saving> savings) {

  /** From the kernel that writes a tensor to the last that reads it; both numbers of kernels. */
  public record Life(int first, int last) {}

  public Plan {
    kernels = List.copyOf(kernels);
    fixed = Set.copyOf(fixed);
    savings = List.copyOf(savings);
  }

  /** The same with other kernels, each for the one at its place; for tests. */
  public Plan with(List<Kernel> others) {
    return new Plan(program, others, lives, inPlace, fixed, savings);
  }

  /** Whether a kernel's results are the same in all runs until a parameter changes. */
  public boolean isFixed(Kernel kernel) {
    return kernel.equations().stream().allMatch(e -> fixed.contains(e.tensor()));
  }

  /** Whether a tensor is. */
  public boolean isFixed(Tensor tensor) {
    return fixed.contains(tensor);
  }

  /** Whether an expression's values are. */
  public boolean isFixed(Node node) {
    return Walk.nodes(List.of(node)).stream()
        .noneMatch(n -> n.expr() instanceof Expr.Read read && !fixed.contains(read.tensor()));
  }

  /** For each kernel the bytes of all that is alive in the arena while it runs. */
  public List<Poly> alive() {
    var alive = new ArrayList<Poly>(Collections.nCopies(kernels.size(), Poly.ZERO));
    lives.forEach(
        (tensor, life) -> {
          var bytes = Cost.bytes(tensor);
          for (int k = life.first; k <= Math.min(life.last, kernels.size() - 1); k++) {
            alive.set(k, alive.get(k).plus(bytes));
          }
        });
    return List.copyOf(alive);
  }

  @Override
  public String toString() {
    return PlanText.of(this);
  }
}
