package dev.nnlang.compiler.codegen;

import dev.nnlang.compiler.equation.RandomPrograms;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.List;

/** Random programs run by a backend, and what it gives beside what another gives. */
public final class RandomRuns {
  private RandomRuns() {}

  /** All outputs, in order. */
  public static List<Tensor> run(Executable executable, RandomPrograms.Case each, int threads) {
    try (var session = executable.open(threads)) {
      each.inputs(ElementType.F64).forEach(session::bind);
      each.dims().forEach(session::dimension);
      session.run();
      return executable.signature().outputs().stream()
          .map(port -> session.output(port.name()))
          .toList();
    }
  }

  /** Notes each output that differs. */
  public static void compare(
      String what, List<Tensor> expected, List<Tensor> got, List<String> different) {
    for (int i = 0; i < expected.size(); i++) {
      if (!same(expected.get(i), got.get(i))) {
        different.add(what + ", output " + i);
      }
    }
  }

  /** Reductions may be associated otherwise; all else is the same arithmetic. */
  public static boolean same(Tensor a, Tensor b) {
    for (int i = 0; i < a.size(); i++) {
      double x = a.get(i);
      double y = b.get(i);
      boolean equal = x == y || Double.isNaN(x) && Double.isNaN(y);
      if (!equal && !(Math.abs(x - y) <= 1e-9 * (1 + Math.abs(x)))) {
        return false;
      }
    }
    return a.size() == b.size();
  }
}
