package dev.nnlang.runtime.train;

import dev.nnlang.runtime.data.Part;
import dev.nnlang.runtime.data.Parts;
import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.train.TrainingPlan.Metric;
import dev.nnlang.runtime.train.TrainingPlan.Result;
import dev.nnlang.runtime.train.TrainingPlan.Stall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which figure {@code stop} watches, given the parts that there are. */
final class Watch {
  private Watch() {}

  /** Refuses figures that the run will not have. */
  static void check(TrainingPlan plan, Parts parts) throws ProblemException {
    if (plan.first().isPresent()) {
      var gate = plan.first().get();
      known(plan, gate.until().result(), gate.declared());
    }
    if (plan.stop().isEmpty()) {
      return;
    }
    var stop = plan.stop().get();
    known(plan, stop.watched().name(), stop.declared());
    if (stop.watched().part() == Part.TEST) {
      throw missing("stop watches " + stop.watched(), stop.declared())
          .expected("a figure of train or valid, as test must stay unseen")
          .thrown();
    }
    var watched = watched(stop.watched(), parts);
    boolean hasState =
        plan.metrics().stream()
            .anyMatch(m -> m.name().equals(watched.name()) && m.kind() == Metric.Kind.STATE);
    if (watched.part() == Part.TRAIN && hasState) {
      throw missing("there is no figure " + watched, stop.declared())
          .expected("a part valid in split: " + watched.name() + " has state, and steps carry none")
          .thrown();
    }
  }

  private static void known(TrainingPlan plan, String name, Place declared)
      throws ProblemException {
    var names = new ArrayList<>(List.of("loss"));
    plan.metrics().forEach(metric -> names.add(metric.name()));
    if (!names.contains(name)) {
      throw missing("there is no figure " + name, declared)
          .expected("one of " + String.join(", ", names))
          .thrown();
    }
  }

  private static Problem missing(String found, Place declared) {
    return Problem.of(ProblemCode.RESULT_MISSING, found).at(declared);
  }

  /** Without a validation part, the figure of the training part. */
  private static Result watched(Result wanted, Parts parts) {
    return wanted.part() == Part.VALID && !parts.has(Part.VALID)
        ? new Result(Part.TRAIN, wanted.name())
        : wanted;
  }

  static List<String> notes(TrainingPlan plan, Parts parts) {
    return plan.stop()
        .map(Stall::watched)
        .filter(result -> !watched(result, parts).equals(result))
        .map(
            result ->
                List.of("the split has no part valid, so stop watches " + watched(result, parts)))
        .orElse(List.of());
  }

  static double figure(Result result, Parts parts, Figures train, Optional<Figures> valid) {
    var watched = watched(result, parts);
    var figures = watched.part() == Part.VALID ? valid.orElse(train) : train;
    return figures.scalar(watched.name()).orElse(Double.NaN);
  }
}
