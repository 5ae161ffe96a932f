package dev.nnlang.runtime.train;

import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One epoch: batch after batch in a given order, until its end, the last step or an interruption.
 */
final class EpochRun {
  private final TrainingPlan plan;
  private final Stepping stepping;
  private final Optional<Checkup> checkup;
  private final TrainingState start;
  private final long[] order;
  private final int batch;
  private final long steps;
  private final Averages averages;
  private long step;
  private int position;
  private double seconds;

  EpochRun(
      TrainingPlan plan,
      Stepping stepping,
      Optional<Checkup> checkup,
      TrainingState start,
      long[] order,
      int batch,
      long steps) {
    this.plan = plan;
    this.stepping = stepping;
    this.checkup = checkup;
    this.start = start;
    this.order = order;
    this.batch = batch;
    this.steps = steps;
    this.averages = Averages.of(start.sums(), start.position());
    this.step = start.step();
    this.position = start.position();
  }

  /**
   * Runs to the end; the state is present if it was interrupted before.
   *
   * @param saving told of every step after which it may want to save
   */
  Optional<TrainingState> run(TrainingListener listener, BooleanSupplier interrupted, Saving saving)
      throws ProblemException {
    long begin = System.nanoTime();
    int before = position;
    while (position < order.length && step < steps) {
      int from = position;
      int to = Math.min(order.length, position + batch);
      double loss = stepping.take(step + 1, order, from, to, averages);
      step++;
      if (!Double.isFinite(loss)) {
        throw notFinite(loss, from, to).thrown();
      }
      position = to;
      seconds = (System.nanoTime() - begin) / 1e9;
      double rate = (position - before) / Math.max(seconds, 1e-9);
      listener.on(
          new TrainingEvent.Step(
              step, steps, start.epoch(), loss, averages.figures(), position, order.length, rate));
      if (checkup.isPresent() && Checkup.isDue(step)) {
        checkup.get().look(step, start.epoch(), order, from, to).forEach(listener::on);
      }
      if (interrupted.getAsBoolean()) {
        return Optional.of(state());
      }
      saving.after(step, this::state);
    }
    return Optional.empty();
  }

  /** What is done with a state on the way. */
  interface Saving {
    void after(long step, Supplier<TrainingState> state) throws ProblemException;
  }

  private TrainingState state() {
    return new TrainingState(
        step, start.epoch(), position, averages.sums(), start.best(), start.stalled(), false);
  }

  private Problem notFinite(double loss, int from, int to) {
    var problem = notFinite(loss, step, "epoch " + start.epoch(), plan);
    boolean asked = plan.watch().filter(w -> w.looksFor(Sickness.NAN)).isPresent();
    return checkup
        .filter(_ -> asked)
        .flatMap(c -> c.firstNotFinite(step, order, from, to))
        .map(where -> problem.expected("a finite number; " + where))
        .orElse(problem);
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
