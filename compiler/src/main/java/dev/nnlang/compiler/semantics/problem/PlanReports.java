package dev.nnlang.compiler.semantics.problem;

import dev.nnlang.compiler.diagnostic.Report;
import java.util.List;

/** The words for {@link PlanProblem}s. */
public final class PlanReports {
  private PlanReports() {}

  static Report of(PlanProblem problem) {
    var at = problem.at();
    return switch (problem) {
      case PlanProblem.UnknownSetting p ->
          Report.of("a train declaration has no setting `" + p.name() + "`", at, "")
              .help(
                  DataReports.near(p.near()) + "the settings are " + String.join(", ", p.known()));
      case PlanProblem.RepeatedSetting p ->
          Report.of("`" + p.name() + "` is set twice", at, "the second time")
              .with(p.first(), "the first time")
              .help("keep one of them");
      case PlanProblem.MissingSetting p ->
          Report.of("train " + p.plan() + " does not set " + p.name(), at, "")
              .help(
                  switch (p.name()) {
                    case "`loss`" -> "add `loss = ...`, an expression over outputs and samples";
                    case "`optimizer`" -> "add `optimizer = ...`; nn doc lists the library's";
                    default -> "add `epochs = 10`, or `steps = 1000`";
                  });
      case PlanProblem.Exclusive p ->
          Report.of("`" + p.name() + "` and `" + p.other() + "` both say how long to train", at, "")
              .with(p.first(), "`" + p.other() + "` is set here")
              .help("keep one of them");
      case PlanProblem.NotAModel p ->
          Report.of("train wants a model, and `" + p.name() + "` is " + p.what(), at, "")
              .help(DataReports.near(p.near()) + "write `train T : Model on Data`");
      case PlanProblem.NotData p ->
          Report.of("train wants data after `on`, and `" + p.name() + "` is " + p.what(), at, "")
              .help(DataReports.near(p.near()) + "write `train T : Model on Data`");
      case PlanProblem.NotFed p ->
          Report.of("nothing feeds the input `" + p.input() + "` of " + p.model(), at, "")
              .with(p.declared(), "declared here")
              .note(
                  p.samples().isEmpty()
                      ? "the data have no sample tensors"
                      : "the sample has " + String.join(", ", p.samples()))
              .help("give a tensor of `sample` the name `" + p.input() + "`");
      case PlanProblem.OutputClash p ->
          Report.of(
                  "`" + p.name() + "` is an output of the model and a tensor of the sample", at, "")
              .with(p.output(), "the output")
              .with(p.sample(), "the sample's")
              .help("rename one of them, or the loss could not tell which is meant");
      case PlanProblem.WrongSetting p ->
          Report.of("`" + p.name() + "` must be " + p.expected(), at, "");
      case PlanProblem.NotAnOptimizer p ->
          Report.of(
                  "`optimizer` must be an optimizer, and `" + p.name() + "` is " + p.what(), at, "")
              .help(
                  DataReports.near(p.near())
                      + "write the optimizer's name and its config, as in `optimizer = Name(lr = 1e-3)`");
      case PlanProblem.NotOptimized p ->
          Report.of("no optimizer takes " + some(p.left()), at, "takes only some shapes")
              .help("give the rest to another: `optimizer = [.., Name(lr = 1e-3)]`");
      case PlanProblem.IdleOptimizer p ->
          Report.of("nothing is left for `" + p.written() + "` to train", at, "")
              .help(
                  "a parameter goes to the first optimizer that takes it: put this one before"
                      + " those that take all");
      case PlanProblem.UnknownResult p ->
          Report.of("there is no result `" + p.name() + "`", at, "")
              .help("the results are " + String.join(", ", p.known()));
      case PlanProblem.LearnsFromResults p when p.here() ->
          Report.of(
                  "`" + p.schedule() + "` learns from results, and is given none",
                  at,
                  "no " + String.join(", ", p.inputs()))
              .with(p.declared(), "declared here")
              .help("name them in a second list: `" + p.schedule() + "(...)(valid.loss)`");
      case PlanProblem.LearnsFromResults p ->
          Report.of(
                  "`" + p.schedule() + "` learns from epoch to epoch, and there are no epochs here",
                  at,
                  "")
              .with(p.declared(), "declared here")
              .help("it stands in the `optimizer` of a `train`, where epochs have results");
      case PlanProblem.ResultAsValue p ->
          Report.of(
                  "`" + p.result() + "` is known when an epoch has ended, and is no value here",
                  at,
                  "a result")
              .help(
                  "results are watched by `stop` and feed schedules that learn:"
                      + " `name(0.1)("
                      + p.result()
                      + ")`");
      case PlanProblem.BadSearch _ ->
          Report.of("this is not what `search` takes", at, "")
              .help("write `search(1e-4 .. 1e-1, log)`, `search(0 .. 1)` or `search([32, 64])`");
      case PlanProblem.UnknownOverride p ->
          Report.of(
                  "`" + p.name() + "` is no setting, and no config of model, data or optimizer",
                  at,
                  "set from outside")
              .help(
                  p.near().isEmpty()
                      ? "settings are changed by name: `--set epochs=5`"
                      : DataReports.near(p.near()).strip());
      case PlanProblem.StateInside p ->
          Report.of(p.metric() + " has state, so it cannot stand inside an expression", at, "")
              .help("make it a metric of its own: `metrics = [" + p.metric() + "(...)]`");
      case PlanProblem.NothingToTrain p ->
          Report.of("the model " + p.model() + " has no parameters to train", at, "")
              .help("give it a `param`, or a layer that owns some");
      case PlanProblem.NoSuchParams p ->
          Report.of("no parameter is under `" + p.written() + "`", at, "")
              .help(
                  p.near().isEmpty()
                      ? "`params` alone means all of them"
                      : DataReports.near(p.near()).strip());
      case PlanProblem.ParamsOnlyInFn p ->
          Report.of(
                  "`params` is the argument of a fn of one parameter"
                      + p.callee().map(name -> ", and `" + name + "` is none").orElse(""),
                  at,
                  "")
              .help("write `l2(params)`, or declare `fn f : w[...S] = ...`");
      case PlanProblem.MappedModel p ->
          Report.of(
                  "the sample gives the model "
                      + p.model()
                      + " a dimension "
                      + p.mapped()
                      + " that it does not have",
                  at,
                  "")
              .help("give the model's input that dimension, or take it out of the sample");
      case PlanProblem.NotAFigure p ->
          Report.of(
                  p.what() + " must be a number for each example, and this is " + p.type(), at, "")
              .help("give it a loss or a metric of the outputs: a number");
      case PlanProblem.SearchMiddle p ->
          Report.of(
                  "`search` is not explored here: its middle, " + p.value() + ", is taken", at, "")
              .help("another value is tried by `--set`; `nn tune` explores");
      case PlanProblem.WhichIsBetter p ->
          Report.of(
                  "`stop` watches " + p.result() + ", and nothing says which way is better", at, "")
              .help(
                  "write `stalled("
                      + p.result()
                      + ", epochs = 5, better = higher)`, or `better = lower` for an error");
    };
  }

  /** The first few of many. */
  private static String some(List<String> names) {
    var first = names.stream().limit(3).map(n -> "`" + n + "`").toList();
    var more = names.size() > 3 ? " and " + (names.size() - 3) + " more" : "";
    return String.join(", ", first) + more;
  }
}
