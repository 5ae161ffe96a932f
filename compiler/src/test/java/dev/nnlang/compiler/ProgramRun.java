package dev.nnlang.compiler;

import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Programs of a random use, run on values that are drawn by the roles of their inputs. */
final class ProgramRun {
  private static final Options GENERATED =
      new Options(Options.Precision.f64, Options.Backend.BYTECODE);

  private ProgramRun() {}

  /** For every input of the program; parameters near what their initialisers give. */
  static Map<String, Tensor> values(RandomUse use, Executable executable, Random random) {
    var values = new LinkedHashMap<String, Tensor>();
    var initial = of(Pipeline.executable(use.initial(), GENERATED), Map.of());
    for (var port : executable.signature().inputs()) {
      switch (port.role()) {
        case SCALAR -> {}
        case DATA, SOURCE -> {
          var given = use.inputs().get(port.name());
          values.put(port.name(), given != null ? given : normal(port, random));
        }
        case PARAMETER, FROZEN -> {
          var near = initial.get(port.name()).copy();
          for (int k = 0; k < near.size(); k++) {
            near.set(k, near.get(k) + 0.25 * random.nextGaussian());
          }
          values.put(port.name(), near);
        }
        case STATE, OPTIMIZER -> values.put(port.name(), initial.get(port.name()));
        case OUTPUT -> throw new AssertionError("an output among the inputs: " + port);
      }
    }
    return values;
  }

  private static Tensor normal(Port port, Random random) {
    var value = Tensor.zeros(ElementType.F64, port.shape(Map.of()));
    for (int k = 0; k < value.size(); k++) {
      value.set(k, random.nextGaussian());
    }
    return value;
  }

  /** All outputs, by name. */
  static Map<String, Tensor> of(Executable executable, Map<String, Tensor> values) {
    return of(executable, values, 1);
  }

  /**
   * All outputs of the last of several runs, each of which begins with the states that one left.
   */
  static Map<String, Tensor> of(Executable executable, Map<String, Tensor> values, int runs) {
    try (var session = executable.open(1)) {
      for (var port : executable.signature().inputs()) {
        switch (port.role()) {
          case SCALAR -> session.bind(port.name(), 1);
          default -> session.bind(port.name(), values.get(port.name()).copy());
        }
      }
      for (int k = 0; k < runs; k++) {
        session.run();
      }
      var outputs = new LinkedHashMap<String, Tensor>();
      for (var port : executable.signature().outputs()) {
        outputs.put(port.name(), session.output(port.name()).copy());
      }
      return outputs;
    }
  }
}
