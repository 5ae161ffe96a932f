package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.CompiledTraining;
import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.data.Part;
import dev.nnlang.runtime.file.Json;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.train.Outcome;
import dev.nnlang.runtime.train.Trainer;
import dev.nnlang.runtime.train.TrainingEvent;
import dev.nnlang.runtime.train.TrainingPlan;
import java.util.Map;
import java.util.Optional;

/** One choice of settings while it is tried: it runs for some epochs, and can go on from there. */
final class Trial implements Comparable<Trial> {
  private final Map<String, String> chosen;
  private final CompiledTraining compiled;
  private final DataSet data;
  private final int threads;
  private final TrainingPlan.Result watched;
  private Optional<Outcome> outcome = Optional.empty();
  private long done;
  private double figure = Double.NaN;
  private boolean failed;

  Trial(Map<String, String> chosen, CompiledTraining compiled, DataSet data, int threads)
      throws ProblemException {
    this.chosen = chosen;
    this.compiled = compiled;
    this.data = data;
    this.threads = threads;
    var part = data.parts().has(Part.VALID) ? Part.VALID : Part.TRAIN;
    this.watched =
        compiled
            .plan()
            .stop()
            .map(TrainingPlan.Stall::watched)
            .orElse(new TrainingPlan.Result(part, "loss"));
  }

  Map<String, String> chosen() {
    return chosen;
  }

  /** Of the whole plan, where it counts epochs; else one. */
  long epochs() {
    return compiled.plan().length() instanceof TrainingPlan.Length.Epochs(var count) ? count : 1;
  }

  long done() {
    return done;
  }

  double figure() {
    return figure;
  }

  /** Whether the run had to give up: a loss that is no number, a gate that stayed closed. */
  boolean failed() {
    return failed;
  }

  /** Runs until so many epochs are done. */
  void runTo(long until) {
    if (failed || done >= until) {
      return;
    }
    try {
      var trainer =
          new Trainer(
              compiled.plan(),
              compiled.programs(),
              data,
              threads,
              this::hear,
              () -> done >= until && until < epochs());
      outcome =
          Optional.of(
              outcome.isPresent()
                  ? trainer.resume(outcome.get().weights(), outcome.get().state())
                  : trainer.train());
    } catch (ProblemException _) {
      failed = true;
    }
  }

  private void hear(TrainingEvent event) {
    if (event instanceof TrainingEvent.Epoch epoch) {
      done = epoch.epoch();
      var figures = watched.part() == Part.VALID ? epoch.valid() : Optional.of(epoch.train());
      double now = figures.orElse(epoch.train()).scalar(watched.name()).orElse(Double.NaN);
      // The best epoch counts where stop keeps the best parameters.
      boolean keepsBest = compiled.plan().stop().isPresent();
      figure = !keepsBest || better().beats(now, figure) ? now : figure;
    }
  }

  private TrainingPlan.Better better() {
    return compiled.plan().stop().map(TrainingPlan.Stall::better).orElse(TrainingPlan.Better.LOWER);
  }

  String figureName() {
    return watched.toString();
  }

  /** The better one first; what failed is last. */
  @Override
  public int compareTo(Trial other) {
    if (failed != other.failed) {
      return failed ? 1 : -1;
    }
    return better().beats(figure, other.figure) ? -1 : better().beats(other.figure, figure) ? 1 : 0;
  }

  Json.Members json(String event) {
    var settings = Json.object();
    for (var entry : chosen.entrySet()) {
      settings = settings.with(entry.getKey(), entry.getValue());
    }
    return Json.object()
        .with("event", event)
        .with("settings", settings)
        .with("epochs", done)
        .with(figureName(), figure)
        .with("failed", new Json.Truth(failed));
  }
}
