package dev.nnlang.runtime.train;

import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.data.Part;
import dev.nnlang.runtime.data.Parts;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a run starts with: drawn values, and values fitted to the training examples. */
final class Initial {
  private Initial() {}

  /** Every parameter and state by path; the same seed gives the same bits. */
  static Map<String, Tensor> values(Executable initial, long seed, int threads) {
    try (var session = initial.open(threads)) {
      if (initial.signature().hasInput("seed")) {
        session.bind("seed", seed);
      }
      session.run();
      return outputs(initial, session::output);
    }
  }

  /** What a run starts with; the means over the steps begin as the parameters themselves. */
  static Map<String, Tensor> all(TrainingPrograms programs, long seed, int threads) {
    var values = values(programs.initial(), seed, threads);
    for (var port : programs.step().signature().inputs(Port.Role.OPTIMIZER)) {
      if (port.name().startsWith("average/")) {
        values.put(port.name(), values.get(port.name().substring("average/".length())).copy());
      }
    }
    return values;
  }

  /** The values of {@code fit}, computed on the training examples alone (LR-27). */
  static Map<String, Tensor> fit(
      TrainingPrograms programs, DataSet data, Parts parts, int threads) {
    if (programs.fit().isEmpty()) {
      return Map.of();
    }
    var program = programs.fit().get();
    long[] train = parts.values(Part.TRAIN);
    var given = new LinkedHashMap<String, Tensor>();
    if (program.signature().hasInput("train_n")) {
      given.put("train_n", Tensor.of(train, train.length));
    }
    try (var bound = new BoundProgram(program, threads, data, given)) {
      bound.run();
      return outputs(program, bound::output);
    }
  }

  private interface Output {
    Tensor of(String name);
  }

  private static Map<String, Tensor> outputs(Executable program, Output output) {
    var values = new LinkedHashMap<String, Tensor>();
    for (Port port : program.signature().outputs()) {
      values.put(port.name(), output.of(port.name()));
    }
    return values;
  }
}
