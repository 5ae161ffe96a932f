package dev.nnlang.runtime.train;

import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.train.TrainingPlan.Batch;
import dev.nnlang.runtime.train.TrainingPlan.Gate;
import dev.nnlang.runtime.train.TrainingPlan.Metric;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * {@code first = overfit(...)}: a copy of the model must learn a few examples by heart. A model,
 * loss or label that is wrong shows in seconds, before hours are spent on it.
 */
final class GateRun {
  private final TrainingPlan plan;
  private final TrainingPrograms programs;
  private final DataSet data;
  private final long[] order;
  private final long steps;
  private final int threads;
  private final TrainingListener listener;

  /**
   * A gate.
   *
   * @param order of the training examples in the first epoch; the gate takes the first of them
   * @param steps of the whole run, so that schedules are those of the run
   */
  GateRun(
      TrainingPlan plan,
      TrainingPrograms programs,
      DataSet data,
      long[] order,
      long steps,
      int threads,
      TrainingListener listener) {
    this.plan = plan;
    this.programs = programs;
    this.data = data;
    this.order = order;
    this.steps = steps;
    this.threads = threads;
    this.listener = listener;
  }

  /** Trains the copy; false if interrupted, a problem if the gate stays closed. */
  boolean pass(Weights copy, Gate gate, BooleanSupplier interrupted) throws ProblemException {
    long[] values = Arrays.copyOf(order, Math.min(gate.samples(), order.length));
    int batch =
        switch (plan.batch()) {
          case Batch.All _ -> values.length;
          case Batch.Examples(var count) -> Math.min(count, values.length);
        };
    double figure = Double.NaN;
    // A schedule is that of the run, and must not be asked beyond its end.
    long length = Math.max(steps, gate.within());
    try (var stepping = new Stepping(plan, programs, data, copy, batch, length, threads);
        var evaluator = new Evaluator(plan, programs, data, copy, batch, threads)) {
      long step = 0;
      while (step < gate.within()) {
        var averages = new Averages();
        for (int from = 0; from < values.length && step < gate.within(); from += batch) {
          int to = Math.min(values.length, from + batch);
          double loss = stepping.take(++step, values, from, to, averages);
          if (!Double.isFinite(loss)) {
            throw EpochRun.notFinite(loss, step, "overfit", plan).thrown();
          }
          listener.on(new TrainingEvent.GateStep(step, gate.within(), loss));
          if (interrupted.getAsBoolean()) {
            return false;
          }
        }
        var figures = hasState(gate) ? evaluator.evaluate(values) : averages.figures();
        figure = figures.scalar(gate.until().result()).orElse(Double.NaN);
        if (averages.examples() == values.length && gate.until().holds(figure)) {
          listener.on(new TrainingEvent.GatePassed(step, gate.until().toString(), figure));
          return true;
        }
      }
    }
    throw Problem.of(
            ProblemCode.GATE_FAILED,
            "the model did not learn "
                + values.length
                + " examples by heart: after "
                + gate.within()
                + " steps "
                + gate.until().result()
                + " is "
                + figure)
        .expected(gate.until() + " within " + gate.within() + " steps")
        .mend(
            "look at the loss, the labels and the learning rate; or raise within, or leave first"
                + " out to train anyway")
        .at(gate.declared())
        .thrown();
  }

  /** Whether the figure is read from a state, which steps do not carry. */
  private boolean hasState(Gate gate) {
    return plan.metrics().stream()
        .anyMatch(m -> m.name().equals(gate.until().result()) && m.kind() == Metric.Kind.STATE);
  }
}
