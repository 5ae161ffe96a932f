package dev.nnlang.compiler.semantics.problem;

import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.diagnostic.Report;
import dev.nnlang.compiler.semantics.problem.ConfigProblem.*;
import dev.nnlang.compiler.source.Span;

/** The words for {@link ConfigProblem}s. */
public final class ConfigReports {
  private ConfigReports() {}

  static Report of(ConfigProblem problem) {
    Span at = problem.at();
    return switch (problem) {
      case UnknownConfig p -> {
        var report =
            Report.of("`" + p.callee() + "` has no config `" + p.name() + "`", at, "unknown config")
                .with(p.declared(), "declared here");
        var near = NearNames.near(p.name(), p.known());
        yield p.known().isEmpty()
            ? report.help("it takes no config: write `" + p.callee() + "()`")
            : near.isEmpty()
                ? report.help("it knows " + String.join(", ", p.known()))
                : report.help("did you mean `" + near.getFirst() + "`?");
      }
      case GivenTwice p ->
          Report.of(
                  "the config `" + p.name() + "` of `" + p.callee() + "` is given twice",
                  at,
                  "given again here")
              .with(p.first(), "first given here")
              .help("remove one of the two");
      case MissingConfig p ->
          Report.of(
                  "`" + p.callee() + "` needs the config `" + p.name() + "`, which has no default",
                  at,
                  "not given here")
              .with(p.declared(), "declared here")
              .help("write `" + p.callee() + "(" + p.name() + " = ...)`");
      case TooManyConfigs p ->
          Report.of(
                  "`"
                      + p.callee()
                      + "` takes "
                      + count(p.known(), "config")
                      + ", here are "
                      + p.given(),
                  at,
                  "one too many")
              .with(p.declared(), "declared here")
              .help(
                  "config stands in the first list; tensors go into the second: `"
                      + p.callee()
                      + "(...)(x)`");
      case WrongConfigType p ->
          Report.of(
                  "the config `"
                      + p.name()
                      + "` of `"
                      + p.callee()
                      + "` wants "
                      + p.wanted()
                      + ", this is "
                      + p.found(),
                  at,
                  "this is " + p.found())
              .with(p.declared(), "declared here")
              .help("give it " + p.wanted());
      case NotIntegral p ->
          Report.of(
                  "`" + p.name() + "` is " + p.value() + ", but stands where an integer is needed",
                  at,
                  "an integer position")
              .with(p.declared(), "declared here")
              .help("give a whole number, or write `floor(" + p.name() + ")`");
      case NotStatic p ->
          Report.of(p.what() + " must be known when compiling", at, "this is only known later")
              .help("use config, dimensions and constants here");
      case NoSuchItem p ->
          Report.of(
                  "`"
                      + p.name()
                      + "` has "
                      + p.items()
                      + " values, there is no `"
                      + p.name()
                      + "["
                      + p.which()
                      + "]`",
                  at,
                  "counted from 0 to " + (p.items() - 1))
              .with(p.declared(), "declared here")
              .help("take one of " + p.name() + "[0] .. " + p.name() + "[" + (p.items() - 1) + "]");
      case ModelNeedsDefault p ->
          Report.of("the config `" + p.name() + "` of a model needs a default", at, "no default")
              .help("write `" + p.name() + " = ...`, so that the model can be trained as it is");
      case NotAllowedHere p ->
          Report.of(p.what() + " cannot stand in " + article(p.here()), at, "only in " + p.where())
              .help(
                  p.where().startsWith("layers")
                      ? "make this a layer, or pass the value in"
                      : "declare it there, and read it here by its name");
      case NoTraining p ->
          Report.of(
                  "`training` cannot be read in " + article(p.here()),
                  at,
                  "only layers, models, metrics and samples know it")
              .help("decide in the layer, and pass the outcome on");
      case NotCallable p ->
          Report.of("`" + p.name() + "` cannot be called: it is " + p.what(), at, "called here")
              .with(p.declared(), "declared here")
              .help(
                  p.what().equals("a tensor")
                      ? "elements are read with `[...]`"
                      : "call a function or a layer");
      case MakerAsTensor p ->
          Report.of(
                  "`"
                      + p.text()
                      + "` is "
                      + (p.instance() ? "an instance" : "a layer")
                      + ", but a tensor is wanted",
                  at,
                  "no tensor")
              .help(
                  "apply it: `"
                      + p.text()
                      + (p.instance() || p.text().endsWith(")") ? "" : "()")
                      + "(x)`");
      case TensorAsConfig p ->
          Report.of(
                  "the first list of `"
                      + p.callee()
                      + "` is config, but `"
                      + p.argument()
                      + "` is a tensor",
                  at,
                  "a tensor here")
              .help(
                  "tensors go into a second list: `"
                      + p.callee()
                      + "("
                      + p.config()
                      + ")("
                      + p.argument()
                      + ")`");
      case WrongInputCount p ->
          Report.of(
                  "`"
                      + p.callee()
                      + "` takes "
                      + count(p.inputs().size(), "input")
                      + (p.inputs().isEmpty() ? "" : " (" + String.join(", ", p.inputs()) + ")")
                      + ", here "
                      + (p.given() == 1 ? "is 1" : "are " + p.given()),
                  at,
                  count(p.given(), "input"))
              .with(p.declared(), "declared here")
              .help("give one tensor for each input");
      case WrongOutputCount p ->
          Report.of(
                  "`"
                      + p.callee()
                      + "` has "
                      + count(p.outputs().size(), "output")
                      + " ("
                      + String.join(", ", p.outputs())
                      + "), the left side "
                      + count(p.targets(), "name"),
                  at,
                  "taken apart here")
              .with(p.declared(), "declared here")
              .help("one name for each output; `_` drops one");
      case FunctionAsValue p ->
          Report.of(
                  "`" + p.name() + "` is " + article(p.word()) + ", but a value is wanted",
                  at,
                  "no value")
              .help("call it: `" + p.name() + "(x)`");
      case DrawOutsideTilde p ->
          Report.of("`" + p.name() + "` draws a number: it stands only after `~`", at, "drawn here")
              .help("draw it by an equation of its own: `eps ~ " + p.name() + "(...)`");
      case InputByName p ->
          Report.of(
                  "`" + p.callee() + "` has no input `" + p.name() + "` that may be named",
                  at,
                  "`" + p.name() + "` named here")
              .help(
                  "write config into a first list: `"
                      + p.callee()
                      + "("
                      + p.name()
                      + " = ...)(x)`");
      case BadRepeat p -> Report.of(p.why(), at, "in this `repeat`").help(p.mend());
      case NotAReduction p -> {
        var report =
            Report.of(
                "`" + p.name() + "` is no reduction: it cannot bind an index", at, "bound here");
        yield p.near().isEmpty()
            ? report.help(
                "reductions are sum, prod, mean, max, min, any, all, argmax, argmin, logsumexp")
            : report.help("did you mean `" + p.near().getFirst() + "`?");
      }
      case StateInRecurrence p ->
          Report.of(
                  "`" + p.callee() + "` sees the batch or keeps state, and cannot run once a step",
                  at,
                  "used here")
              .with(p.equation(), "inside this recurrence")
              .help("use it before or after the recurrence");
      case NotADraw p ->
          Report.of("`" + p.text() + "` draws nothing", at, "after `~`")
              .help(
                  "after `~` stands uniform, normal, truncated_normal, bernoulli, orthogonal or an `init`; write `=` for a value");
      case SeveralOutputs p when p.outputs().isEmpty() ->
          Report.of("`" + p.callee() + "` has no output, one is wanted", at, "nothing comes out")
              .help("name its outputs in its head, behind `->`");
      case SeveralOutputs p ->
          Report.of(
                  "`" + p.callee() + "` has " + p.outputs().size() + " outputs, one is wanted",
                  at,
                  "which of " + String.join(", ", p.outputs()) + "?")
              .help(
                  "take them apart: `" + String.join(", ", p.outputs()) + " = " + at.text() + "`");
      case ReshapeNeedsShape _ ->
          Report.of("`reshape` takes its shape from the left side, which states none", at, "here")
              .help("give it an equation of its own: `y[r: 8, c: 8] = reshape(x)`");
      case MisplacedAbsent p -> Report.of(p.why(), at, "here").help(p.mend());
      case OtherInputsGiven p ->
          Report.of(
                  "`"
                      + p.callee()
                      + "` is given "
                      + String.join(", ", p.here())
                      + " here, but "
                      + String.join(", ", p.first())
                      + " at its first use",
                  at,
                  "with " + String.join(", ", p.here()))
              .with(p.firstAt(), "with " + String.join(", ", p.first()))
              .help(
                  "one instance takes the same inputs wherever it is used; give them all here and there");
      case NotExpected p ->
          Report.of(p.what() + " cannot stand where " + p.where() + " is wanted", at, "here")
              .help(
                  switch (p.what()) {
                    case "a string" -> "strings live in `const`, config and settings";
                    case "a list" -> "lists live in the settings of a `train`";
                    case "a range" -> "ranges live in `data` and in `search`; one index is `[i]`";
                    case "`as`" -> "`as` names a stage, `|> Dense(8) as hidden`, or a metric";
                    default -> "write a value";
                  });
    };
  }

  private static String count(int n, String noun) {
    return n == 0 ? "no " + noun : n == 1 ? "1 " + noun : n + " " + noun + "s";
  }

  static String article(String word) {
    return ("aeiou".indexOf(word.charAt(0)) >= 0 ? "an " : "a ") + word;
  }
}
