package dev.nnlang.runtime.train;

import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.data.Part;
import dev.nnlang.runtime.data.Parts;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.tensor.Tensor;
import dev.nnlang.runtime.train.TrainingPlan.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Schedules that learn from results: their states, which steps only read, move when an epoch has
 * ended. The states lie among those of the optimizer, and so outlive an interruption.
 */
final class Schedules implements AutoCloseable {
  private static final String FIGURE = "figure/";

  private final BoundProgram program;
  private final List<Fed> fed = new ArrayList<>();

  private record Fed(Port port, Result result) {}

  /**
   * Opens the program.
   *
   * @param steps of the whole run
   */
  Schedules(TrainingPrograms programs, DataSet data, Weights weights, long steps) {
    var executable = programs.schedules().orElseThrow();
    program = new BoundProgram(executable, 1, data, weights.byInput());
    program.scalar("steps", steps);
    for (var port : executable.signature().inputs()) {
      if (port.name().startsWith(FIGURE)) {
        fed.add(new Fed(port, result(port.name().substring(FIGURE.length()))));
      }
    }
  }

  private static Result result(String name) {
    int dot = name.indexOf('.');
    var part = Part.valueOf(name.substring(0, dot).toUpperCase(Locale.ROOT));
    return new Result(part, name.substring(dot + 1));
  }

  /**
   * After an epoch.
   *
   * @param step the last one taken
   */
  void learn(long step, Parts parts, Figures train, Optional<Figures> valid) {
    for (var one : fed) {
      var value = Tensor.zeros(one.port.type());
      value.set(0, Watch.figure(one.result, parts, train, valid));
      program.bind(one.port.name(), value);
    }
    program.scalar("step", step);
    program.run();
  }

  @Override
  public void close() {
    program.close();
  }
}
