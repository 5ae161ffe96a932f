package dev.nnlang.compiler.semantics.problem;

import dev.nnlang.compiler.diagnostic.Fix;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Report;
import dev.nnlang.compiler.source.Span;
import java.util.List;
import java.util.Optional;

/** What can be wrong with a {@code train} declaration: the facts. */
public sealed interface PlanProblem extends Problem {
  @Override
  default Report report() {
    return PlanReports.of(this);
  }

  @Override
  default List<Fix> fixes() {
    return switch (this) {
      case UnknownSetting p -> Fix.meant(p.at(), p.near());
      case NotData p -> Fix.meant(p.at(), p.near());
      default -> Problem.super.fixes();
    };
  }

  @Override
  default String code() {
    return switch (this) {
      case UnknownSetting _ -> "E0601";
      case RepeatedSetting _ -> "E0602";
      case MissingSetting _ -> "E0603";
      case Exclusive _ -> "E0604";
      case NotAModel _ -> "E0605";
      case NotData _ -> "E0606";
      case NotFed _ -> "E0607";
      case OutputClash _ -> "E0608";
      case WrongSetting _ -> "E0609";
      case NotAnOptimizer _ -> "E0610";
      case UnknownResult _ -> "E0611";
      case BadSearch _ -> "E0612";
      case UnknownOverride _ -> "E0613";
      case StateInside _ -> "E0614";
      case NothingToTrain _ -> "E0615";
      case NoSuchParams _ -> "E0616";
      case ParamsOnlyInFn _ -> "E0617";
      case MappedModel _ -> "E0618";
      case NotAFigure _ -> "E0619";
      case SearchMiddle _ -> "H0601";
      case WhichIsBetter _ -> "E0620";
      case NotOptimized _ -> "E0621";
      case IdleOptimizer _ -> "E0622";
      case LearnsFromResults _ -> "E0623";
      case ResultAsValue _ -> "E0624";
    };
  }

  record UnknownSetting(Span at, String name, List<String> near, List<String> known)
      implements PlanProblem {}

  record RepeatedSetting(Span at, String name, Span first) implements PlanProblem {}

  record MissingSetting(Span at, String plan, String name) implements PlanProblem {}

  /** {@code epochs} and {@code steps}. */
  record Exclusive(Span at, String name, String other, Span first) implements PlanProblem {}

  record NotAModel(Span at, String name, String what, List<String> near) implements PlanProblem {}

  record NotData(Span at, String name, String what, List<String> near) implements PlanProblem {}

  /** LR-50: a model input that no sample tensor of its name feeds. */
  record NotFed(Span at, String input, String model, Span declared, List<String> samples)
      implements PlanProblem {}

  /** LR-50: a sample tensor with the name of a model output. */
  record OutputClash(Span at, String name, Span output, Span sample) implements PlanProblem {}

  record WrongSetting(Span at, String name, String expected) implements PlanProblem {}

  record NotAnOptimizer(Span at, String name, String what, List<String> near)
      implements PlanProblem {}

  /** LR-90: parameters that no optimizer of the plan takes. */
  record NotOptimized(Span at, List<String> left) implements PlanProblem {
    public NotOptimized {
      left = List.copyOf(left);
    }
  }

  /** LR-90: an optimizer of a list for which nothing is left. */
  record IdleOptimizer(Span at, String written) implements PlanProblem {}

  record UnknownResult(Span at, String name, List<String> known) implements PlanProblem {}

  /**
   * A schedule that learns, where there are no results or where it is given none.
   *
   * @param here whether this is a place where results may feed it
   */
  record LearnsFromResults(
      Span at, String schedule, List<String> inputs, boolean here, Span declared)
      implements PlanProblem {
    public LearnsFromResults {
      inputs = List.copyOf(inputs);
    }
  }

  /** {@code valid.loss} where a value is wanted. */
  record ResultAsValue(Span at, String result) implements PlanProblem {}

  record BadSearch(Span at) implements PlanProblem {}

  /** {@code --set} of what the plan does not have. */
  record UnknownOverride(Span at, String name, List<String> near) implements PlanProblem {}

  /** A metric with state inside an expression. */
  record StateInside(Span at, String metric) implements PlanProblem {}

  record NothingToTrain(Span at, String model) implements PlanProblem {}

  record NoSuchParams(Span at, String written, List<String> near) implements PlanProblem {}

  record ParamsOnlyInFn(Span at, Optional<String> callee) implements PlanProblem {}

  record MappedModel(Span at, String model, String mapped) implements PlanProblem {}

  /** A loss or metric that is no number for an example. */
  record NotAFigure(Span at, String what, String type) implements PlanProblem {}

  record SearchMiddle(Span at, String value) implements PlanProblem {}

  /** {@code stop} watches a metric, and nothing says whether more of it or less is better. */
  record WhichIsBetter(Span at, String result) implements PlanProblem {}
}
