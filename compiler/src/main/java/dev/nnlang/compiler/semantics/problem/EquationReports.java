package dev.nnlang.compiler.semantics.problem;

import dev.nnlang.compiler.diagnostic.Report;
import dev.nnlang.compiler.semantics.problem.EquationProblem.*;
import dev.nnlang.compiler.source.Span;
import java.util.Optional;

/** The words for {@link EquationProblem}s. */
public final class EquationReports {
  private EquationReports() {}

  static Report of(EquationProblem problem) {
    Span at = problem.at();
    return switch (problem) {
      case OutOfRange p ->
          fails(
              Report.of(
                      "`"
                          + p.read()
                          + "` may be outside: not certain that `"
                          + p.inequality()
                          + "`",
                      at,
                      p.has())
                  .with(p.declared(), "declared here")
                  .help(
                      "say what stands outside: `(" + p.read() + " ?? 0)`, or guard it with `if`"),
              p.fails());
      case NeverInside p ->
          Report.of("this read is always outside: `" + p.inequality() + "`", at, p.has())
              .with(p.declared(), "declared here")
              .help("only its `??` would ever be taken; mend the subscript");
      case ComputedSubscript p ->
          Report.of(
                  "`"
                      + p.text()
                      + "` is an int computed when running: it may lie outside "
                      + p.dimension(),
                  at,
                  "not known to be inside")
              .help(
                  "say what stands outside with `??`, or give it the type `index "
                      + p.dimension()
                      + "`");
      case MayBeEmpty p ->
          Report.of(
                  "`" + p.reducer() + "` of nothing, where no index satisfies `" + p.guard() + "`",
                  at,
                  "may be empty")
              .help(
                  "say what it is then: `"
                      + p.reducer()
                      + "[...](...) ?? 0`, or guard it with `if any["
                      + p.binders()
                      + "]("
                      + p.guard()
                      + ")`");
      case NotInIndexSet p ->
          fails(
              Report.of(
                      "not certain that `" + p.text() + "` is an index of " + p.dimension(),
                      at,
                      "an int here")
                  .help("take it modulo the size, or compare before"),
              p.fails());
      case NumberIntoEnum p ->
          Report.of(
                  "`" + p.text() + "` is a number, but " + p.dimension() + " has members",
                  at,
                  "a number here")
              .help(
                  "write `"
                      + p.dimension()
                      + "."
                      + p.members().getFirst()
                      + "` (it has "
                      + String.join(", ", p.members())
                      + ")");
      case NoRange p ->
          Report.of(
                  "nothing says how far `" + p.index() + "` runs",
                  at,
                  "no bare read `x[" + p.index() + "]` gives its range")
              .help("write the range: `" + p.index() + ": 8`, or a dimension for the 8");
      case RangesDiffer p ->
          Report.of(
                  "`"
                      + p.index()
                      + "` runs over "
                      + p.one()
                      + " here and over "
                      + p.other()
                      + " there",
                  at,
                  "which of them?")
              .with(p.oneAt(), p.one())
              .with(p.otherAt(), p.other())
              .help(
                  "write the range that is meant, `"
                      + p.index()
                      + ": "
                      + name(p.one())
                      + "`, or say that one is the smaller: `where "
                      + name(p.one())
                      + " <= "
                      + name(p.other())
                      + "`");
      case RepeatedIndex p ->
          Report.of("the left side has the index `" + p.index() + "` twice", at, "again here")
              .with(p.first(), "first here")
              .help("two indices, and compare them: `if i == j then ... else 0`");
      case Cycle p -> {
        var report =
            Report.of(
                p.edges().size() == 1
                    ? "this equation needs its own value before it has one"
                    : "these equations need each other before they have a value: " + p.why(),
                at,
                "");
        for (var edge : p.edges()) {
          report = report.with(edge.at(), "`" + edge.reader() + "` needs `" + edge.read() + "`");
        }
        yield report.help(
            "a recurrence goes back by a constant, `h[t-1]`, or forward, in one direction");
      }
      case WholeCount p ->
          Report.of(
                  "the left side has "
                      + (p.colons() == 0 ? "no `:`" : p.colons() + " `:`")
                      + ", its equation gives "
                      + p.shape(),
                  at,
                  "on the left")
              .help("one `:` for each dimension that the right side leaves");
      case FallbackShape p ->
          Report.of(
                  "the value of `??` is "
                      + p.found()
                      + ", the read is "
                      + (p.wanted().isEmpty() ? "a scalar" : p.wanted()),
                  at,
                  "here")
              .help("give a number, or a tensor of the slice's shape");
      case ShapeOfItself p ->
          Report.of("the shape of `" + p.name() + "` follows only from itself", at, "a local")
              .help(
                  "state its ranges on the left, `"
                      + p.name()
                      + "[t: T, j: D]`, or make it an output");
      case StaticIf p ->
          Report.of(
                  "`" + p.text() + "` is not known when compiling, so it cannot choose equations",
                  at,
                  "not static")
              .help("use the value form: `y[i] = if ... then ... else ...`");
      case GradByExpression p ->
          Report.of("`grad` differentiates by a name, not by `" + p.text() + "`", at, "here")
              .help("give it an equation of its own and name that");
      case GradOfTensor p ->
          Report.of("`grad` wants a scalar, `" + p.text() + "` is " + p.shape(), at, "a tensor")
              .help("reduce it: `grad(sum(" + p.text() + "), x)`");
      case GradIndependent p ->
          (p.ofAt().equals(at)
                  ? independent(p, at)
                  : independent(p, at).with(p.ofAt(), "computed here"))
              .help(
                  "differentiate by what it is computed from; a declaration that gets both as inputs is right where its use computes one from the other");
      case GradNotReal p ->
          Report.of("`grad` knows reals only, `" + p.name() + "` is " + p.type(), at, p.type())
              .help("what is no real has no derivative");
      case GradMixesExamples p ->
          Report.of(
                  "`"
                      + p.of()
                      + "` depends on `"
                      + p.by()
                      + "`"
                      + given(p.given())
                      + " of other examples, too",
                  at,
                  "the derivative within one example is meant")
              .with(p.layerAt(), "`" + p.layer() + "` sees the whole batch")
              .help(
                  "put a layer there that sees one example, such as one that normalises a vector");
      case LogitsOfProbabilities p ->
          Report.of(
                  "`" + p.text() + "` takes logits, but is given probabilities",
                  at,
                  "normalises once more")
              .with(p.made(), "these are probabilities already")
              .help(
                  "leave out `"
                      + p.maker()
                      + "`, or take what wants probabilities; both are exact, for any logits");
      case NoScalarBody p ->
          Report.of(
                  "`" + p.reducer() + "` with a binder adds single numbers, this is " + p.shape(),
                  at,
                  "a tensor")
              .help("write its indices, or leave out the binder to take all");
      case RunLength p ->
          Report.of("`..." + p.name() + "` is a run of indices, not one number", at, "here")
              .help(
                  "a run stands in brackets: `x[..."
                      + p.name()
                      + "]`; for one index write `[i]` instead of the run");
      case OneIndex p ->
          Report.of(
                  "`" + p.reducer() + "` says at which index, here are " + p.indices(),
                  at,
                  "several indices")
              .help(
                  "bind one, and take the other from what is found: `"
                      + p.reducer()
                      + "[i](max[j](x[i, j]))`");
      case NoOutside p ->
          Report.of("`" + p.text() + "` has no outside for `??`", at, "no read")
              .help(
                  "`??` stands directly behind a read, `(x[i-1] ?? 0)^2`, or behind `mean`, `argmax`, `argmin` with a guard");
      case NeverNeeded _ ->
          Report.of("this `??` is never needed", at, "always inside").help("leave it out");
      case WeighsMean p ->
          Report.of(
                  "`"
                      + p.weight()
                      + "` weighs no place: `"
                      + p.loss()
                      + "` is the mean over "
                      + p.over()
                      + " already",
                  at,
                  "one number times " + p.over())
              .help(
                  "call the loss at an index, and weigh that: `mean[t](w[t] * f(z[t, :], y[t]))`");
      case Undecided p ->
          Report.of(
                  "only a use with numbers can decide "
                      + p.what()
                      + ", and nothing uses `"
                      + p.of()
                      + "`",
                  at,
                  "not decided")
              .help("use it in a model, or state the condition that makes it true: `where ...`");
      case RealDivisionByZero _ ->
          Report.of("division by a constant 0 gives infinity or NaN", at, "")
              .help("give another divisor");
    };
  }

  /** {@code Digit} of {@code Digit = 10}. */
  private static String name(String size) {
    int cut = size.indexOf(" = ");
    return cut < 0 ? size : size.substring(0, cut);
  }

  private static Report fails(Report report, Optional<String> sizes) {
    return sizes.filter(s -> !s.isEmpty()).map(s -> report.note("fails for " + s)).orElse(report);
  }

  private static Report independent(EquationProblem.GradIndependent p, Span at) {
    return Report.of(
        "`"
            + p.of()
            + "` does not depend on `"
            + p.by()
            + "`"
            + p.given().map(a -> ", here `" + a + "`").orElse(""),
        at,
        "always 0");
  }

  private static String given(Optional<String> argument) {
    return argument.map(a -> ", here `" + a + "`,").orElse("");
  }
}
