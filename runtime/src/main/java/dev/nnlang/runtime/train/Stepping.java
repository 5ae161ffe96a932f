package dev.nnlang.runtime.train;

import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Takes optimizer steps: each on one batch, or with {@code accumulate} on several micro-batches,
 * whose gradients are added up before the parameters move once (LR-78).
 */
final class Stepping implements AutoCloseable {
  private static final String ACCUMULATED = "accumulated/";

  private final BoundProgram step;
  private final BoundProgram examples;
  private final boolean accumulates;
  private final int batch;
  private final List<String> outputs;

  /**
   * Opens the programs.
   *
   * @param batch examples that are in memory at a time
   * @param steps of the whole run, for schedules
   */
  Stepping(
      TrainingPlan plan,
      TrainingPrograms programs,
      DataSet data,
      Weights weights,
      int batch,
      long steps,
      int threads) {
    var tensors = new LinkedHashMap<>(weights.byInput());
    this.batch = batch;
    this.accumulates = programs.accumulate().isPresent();
    for (var port : programs.step().signature().inputs(Port.Role.OPTIMIZER)) {
      if (port.name().startsWith(ACCUMULATED)) {
        tensors.put(port.name(), Tensor.zeros(port.type(), port.shape(java.util.Map.of())));
      }
    }
    this.step = new BoundProgram(programs.step(), threads, data, tensors);
    this.examples =
        accumulates ? new BoundProgram(programs.accumulate().get(), threads, data, tensors) : step;
    this.outputs = Averages.outputs(examples);
    for (var program : List.of(step, examples)) {
      program.scalar("seed", plan.seed());
      program.scalar("steps", steps);
    }
  }

  /**
   * One step on examples {@code from} to {@code to}; adds its figures, and gives its mean loss. The
   * figures of a loss that is not finite are not added.
   *
   * @param number of the step, from 1
   */
  double take(long number, long[] order, int from, int to, Averages averages) {
    step.scalar("step", number);
    examples.scalar("step", number);
    double loss = 0;
    int size = accumulates ? batch : to - from;
    for (int at = from; at < to; at += size) {
      int end = Math.min(to, at + size);
      examples.run(order, at, end);
      double mean = examples.output("loss").get(0);
      loss += mean * (end - at);
      if (!Double.isFinite(mean)) {
        return mean;
      }
      for (var output : outputs) {
        averages.add(output, examples.output(output), end - at);
      }
      averages.count(end - at);
    }
    if (accumulates) {
      step.scalar("examples", to - from);
      step.run();
    }
    return loss / (to - from);
  }

  @Override
  public void close() {
    step.close();
    if (accumulates) {
      examples.close();
    }
  }
}
