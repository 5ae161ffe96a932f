package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Tensor;
import java.util.List;
import java.util.Set;

/** A kernel that takes nothing else in. */
final class Closed extends Cluster {
  private final Kernel kernel;

  Closed(Kernel kernel) {
    this.kernel = kernel;
  }

  @Override
  boolean isOpen() {
    return false;
  }

  @Override
  boolean take(Equation equation) {
    return false;
  }

  @Override
  List<Equation> equations() {
    return kernel.equations();
  }

  @Override
  Kernel kernel(Set<Tensor> elsewhere) {
    return kernel;
  }
}
