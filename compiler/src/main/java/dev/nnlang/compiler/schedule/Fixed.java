package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Tensor;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds what is the same in all runs until somebody gives or changes a parameter: what depends on
 * nothing but parameters and states that the program does not update. A prediction then folds
 * normalisations into weights, and lays weights out for products, once and not in every run.
 */
final class Fixed {
  private Fixed() {}

  /**
   * The inputs and the results of kernels that are; kernels in the order in which they run.
   *
   * @param intoStates what is written into a state: each run does that again
   */
  static Set<Tensor> of(Program program, List<Kernel> kernels, Set<Tensor> intoStates) {
    var fixed = new HashSet<Tensor>();
    for (var input : program.inputs()) {
      switch (input.role()) {
        case PARAMETER, FROZEN, STATE, OPTIMIZER -> fixed.add(input.tensor());
        case DATA, SOURCE, SCALAR -> {}
      }
    }
    program.updates().forEach(u -> fixed.remove(u.state()));
    for (var kernel : kernels) {
      var own = new HashSet<Tensor>();
      kernel.equations().forEach(e -> own.add(e.tensor()));
      boolean all =
          kernel.equations().stream()
              .flatMap(e -> Walk.tensors(e).stream())
              .allMatch(t -> own.contains(t) || fixed.contains(t));
      if (all && Collections.disjoint(own, intoStates)) {
        fixed.addAll(own);
      }
    }
    return fixed;
  }
}
