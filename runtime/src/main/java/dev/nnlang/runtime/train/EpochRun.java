package dev.nnlang.runtime.train;

import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One epoch: batch after batch in a given order, until its end, the last step or an interruption.
 */
final class EpochRun {
  private final TrainingPlan plan;
  private final BoundProgram program;
  private final TrainingState start;
  private final long[] order;
  private final int batch;
  private final long steps;
  private final List<String> outputs;
  private final Averages averages;
  private long step;
  private int position;
  private double seconds;

  EpochRun(
      TrainingPlan plan,
      BoundProgram program,
      TrainingState start,
      long[] order,
      int batch,
      long steps) {
    this.plan = plan;
    this.program = program;
    this.start = start;
    this.order = order;
    this.batch = batch;
    this.steps = steps;
    this.outputs = Averages.outputs(program);
    this.averages = Averages.of(start.sums(), start.position());
    this.step = start.step();
    this.position = start.position();
  }

  /** Runs to the end; the state is present if it was interrupted before. */
  Optional<TrainingState> run(TrainingListener listener, BooleanSupplier interrupted)
      throws ProblemException {
    long begin = System.nanoTime();
    int before = position;
    while (position < order.length && step < steps) {
      int to = Math.min(order.length, position + batch);
      program.scalar("step", step + 1);
      program.run(order, position, to);
      step++;
      double loss = program.output("loss").get(0);
      if (!Double.isFinite(loss)) {
        throw notFinite(loss, step, "epoch " + start.epoch(), plan).thrown();
      }
      for (var output : outputs) {
        averages.add(output, program.output(output), to - position);
      }
      averages.count(to - position);
      position = to;
      seconds = (System.nanoTime() - begin) / 1e9;
      double rate = (position - before) / Math.max(seconds, 1e-9);
      listener.on(
          new TrainingEvent.Step(
              step, steps, start.epoch(), loss, averages.figures(), position, order.length, rate));
      if (interrupted.getAsBoolean()) {
        return Optional.of(
            new TrainingState(
                step,
                start.epoch(),
                position,
                averages.sums(),
                start.best(),
                start.stalled(),
                false));
      }
    }
    return Optional.empty();
  }

  static Problem notFinite(double loss, long step, String during, TrainingPlan plan) {
    return Problem.of(
            ProblemCode.LOSS_NOT_FINITE,
            "the loss is " + loss + " at step " + step + " (" + during + ")")
        .expected("a finite number")
        .mend(
            "try a smaller learning rate or clip = norm(1.0); look for a log, a root or a"
                + " division in the loss")
        .at(plan.declared());
  }

  Figures figures() {
    return averages.figures();
  }

  long step() {
    return step;
  }

  double seconds() {
    return seconds;
  }
}
