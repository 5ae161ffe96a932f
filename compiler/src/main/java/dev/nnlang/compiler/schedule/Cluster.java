package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Tensor;
import java.util.List;
import java.util.Set;

/** Equations that become one kernel. */
abstract sealed class Cluster permits Space, Product, Closed {
  /** Whether it may take an equation that reads no tensor which it reads or computes. */
  abstract boolean isOpen();

  /** Takes an equation in, if it may and should be computed in the same kernel. */
  abstract boolean take(Equation equation);

  abstract List<Equation> equations();

  /**
   * The kernel of all that was taken.
   *
   * @param elsewhere tensors that others read
   */
  abstract Kernel kernel(Set<Tensor> elsewhere);
}
