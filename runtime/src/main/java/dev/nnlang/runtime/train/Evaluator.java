package dev.nnlang.runtime.train;

import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Passes without training. Figures that are means are averaged over examples; metrics with state
 * (LR-20) start afresh at each pass, are updated batch by batch in order, and are read once at its
 * end.
 */
public final class Evaluator implements AutoCloseable {
  private static final String METRIC = "metric/";

  private final int batch;
  private final List<String> order;
  private final BoundProgram evaluate;
  private final BoundProgram metrics;
  private final boolean stateful;
  private final List<String> outputs;
  private final Map<String, Tensor> states = new LinkedHashMap<>();
  private final Map<String, Tensor> starts = new LinkedHashMap<>();

  /**
   * Opens the programs.
   *
   * @param batch examples at a time
   */
  public Evaluator(
      TrainingPlan plan,
      TrainingPrograms programs,
      DataSet data,
      Weights weights,
      int batch,
      int threads) {
    this.batch = batch;
    this.order = plan.metrics().stream().map(TrainingPlan.Metric::name).toList();
    // Parameters are drawn there, too: not once more for nothing.
    if (programs.initial().signature().outputs().stream()
        .anyMatch(port -> port.name().startsWith(METRIC))) {
      Initial.values(programs.initial(), plan.seed(), threads)
          .forEach(
              (name, value) -> {
                if (name.startsWith(METRIC)) {
                  starts.put(name, value);
                  states.put(name, value.copy());
                }
              });
    }
    var tensors = weights.byInput();
    tensors.putAll(states);
    this.evaluate = new BoundProgram(programs.evaluate(), threads, data, tensors);
    this.stateful = programs.metrics().isPresent();
    this.metrics =
        stateful ? new BoundProgram(programs.metrics().get(), 1, data, tensors) : evaluate;
    this.outputs = Averages.outputs(evaluate);
    for (var program : List.of(evaluate, metrics)) {
      program.scalar("seed", plan.seed());
      // LR-29: outside training there are no steps, so that predictions repeat.
      program.scalar("step", 0);
      program.scalar("steps", 0);
    }
  }

  /** One pass over these values of the sample index. */
  public Figures evaluate(long[] values) {
    starts.forEach((name, start) -> states.get(name).copyFrom(start));
    var averages = new Averages();
    for (int from = 0; from < values.length; from += batch) {
      int to = Math.min(values.length, from + batch);
      evaluate.run(values, from, to);
      for (var output : outputs) {
        averages.add(output, evaluate.output(output), to - from);
      }
      averages.count(to - from);
    }
    var all = new LinkedHashMap<>(averages.figures().tensors());
    if (stateful) {
      metrics.run();
      for (var port : metrics.signature().outputs()) {
        all.put(Averages.figure(port.name()), metrics.output(port.name()));
      }
    }
    return inOrder(all);
  }

  private Figures inOrder(Map<String, Tensor> all) {
    var ordered = new LinkedHashMap<String, Tensor>();
    ordered.put("loss", all.get("loss"));
    for (var name : order) {
      if (all.containsKey(name)) {
        ordered.put(name, all.get(name));
      }
    }
    all.forEach(ordered::putIfAbsent);
    return new Figures(ordered);
  }

  @Override
  public void close() {
    evaluate.close();
    if (stateful) {
      metrics.close();
    }
  }
}
