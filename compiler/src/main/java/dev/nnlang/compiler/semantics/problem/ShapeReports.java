package dev.nnlang.compiler.semantics.problem;

import dev.nnlang.compiler.diagnostic.Report;
import dev.nnlang.compiler.semantics.problem.ShapeProblem.*;
import dev.nnlang.compiler.source.Span;
import java.util.Optional;

/** The words for {@link ShapeProblem}s. */
public final class ShapeReports {
  private ShapeReports() {}

  static Report of(ShapeProblem problem) {
    Span at = problem.at();
    return switch (problem) {
      case SizeDiffers p ->
          fails(
              Report.of(
                      "`"
                          + p.callee()
                          + "` reads "
                          + p.port()
                          + (p.dim().equals(after(p.wanted()))
                              ? ""
                              : " with " + p.dim() + " = " + after(p.wanted()))
                          + ", but the size here is "
                          + p.found(),
                      at,
                      "given " + p.found())
                  .with(p.given().filter(g -> !g.equals(at)), "this is " + p.shape())
                  .with(p.declared(), "declared here")
                  .help("give it what it reads, or change its head"),
              p.fails());
      case TooFewDims p ->
          Report.of(
                  "`"
                      + p.callee()
                      + "` wants "
                      + p.port()
                      + " with "
                      + dims(p.wanted())
                      + ", this is "
                      + p.found(),
                  at,
                  "this is " + p.found())
              .with(p.declared(), "declared here")
              .help("a function is mapped over more dimensions, never over fewer");
      case LeadingDiffer p ->
          Report.of(
                  "`"
                      + p.callee()
                      + "` is mapped over "
                      + p.one()
                      + " by one input and over "
                      + p.other()
                      + " by another",
                  at,
                  "mapped over " + p.other())
              .with(p.first(), "mapped over " + p.one())
              .help("leading dimensions must be equal, or the input has just its declared shape");
      case ShapesDiffer p ->
          fails(
              Report.of(
                      p.what() + " joins " + p.left() + " and " + p.right(),
                      at,
                      "shapes must be equal, or one a scalar")
                  .with(p.leftAt(), "this is " + p.left())
                  .with(p.rightAt(), "this is " + p.right())
                  .help(
                      commas(p.left()) == commas(p.right())
                          ? "give both the same dimensions"
                          : "nothing broadcasts silently: write the indices, `y[t, :] = x[t, :] + b`"),
              p.fails());
      case OutputDiffers p ->
          fails(
              Report.of(
                      "`"
                          + p.name()
                          + "` is "
                          + p.wanted()
                          + ", but its equation gives "
                          + p.found(),
                      at,
                      "this is " + p.found())
                  .with(p.declared(), "declared here")
                  .help("mend the equation, or the shape that is declared"),
              p.fails());
      case SubscriptCount p ->
          Report.of(
                  "`"
                      + p.name()
                      + "` has "
                      + (p.shape().isEmpty() ? "no dimensions" : "the dimensions " + p.shape())
                      + ", here "
                      + (p.given() == 1 ? "is 1 subscript" : "are " + p.given() + " subscripts"),
                  at,
                  p.given() == 1 ? "1 subscript" : p.given() + " subscripts")
              .with(p.declared(), "declared here")
              .help("one subscript for each dimension; `:` takes all of one");
      case LeftCount p ->
          Report.of(
                  "`"
                      + p.name()
                      + "` has "
                      + (p.shape().isEmpty() ? "no dimensions" : "the dimensions " + p.shape())
                      + ", the left side has "
                      + p.given(),
                  at,
                  p.given() + " on the left")
              .with(p.declared(), "declared here")
              .help("write an index or `:` for every dimension, or none at all");
      case BareTensor p ->
          Report.of(
                  "`"
                      + p.text()
                      + "` is a whole tensor "
                      + p.shape()
                      + " where one element is wanted",
                  at,
                  "without subscripts")
              .with(p.declared().filter(d -> !d.equals(at)), "declared here")
              .help(
                  p.text().endsWith("]")
                      ? "write an index for each `:`, or put `:` on the left, too"
                      : "write its indices, `" + p.text() + "[...]`, or put `:` on the left");
      case ScalarForTensor p ->
          Report.of(
                  "`" + p.name() + "` is a tensor " + p.shape() + ", its equation gives one number",
                  at,
                  "a scalar")
              .with(p.declared(), "declared here")
              .help("write indices on the left: `" + p.name() + "[i] = ...`");
      case NotPositive p ->
          Report.of(
                  p.what().equals("a dimension")
                      ? "a dimension is at least 1, this is " + p.arithmetic()
                      : "every dimension is at least 1, but "
                          + p.what()
                          + " is not: "
                          + p.arithmetic(),
                  at,
                  p.arithmetic())
              .with(p.declared().filter(d -> !d.equals(at)), "declared here")
              .help("give larger inputs or a smaller kernel, or mend the arithmetic");
      case ConditionFails p -> {
        var report =
            Report.of(
                    p.message()
                        .map(m -> "`" + p.callee() + "`: " + m)
                        .orElse("`" + p.callee() + "` demands " + p.condition()),
                    at,
                    p.condition()
                        + " does not hold"
                        + (p.values().isEmpty() ? "" : ": " + p.values()))
                .with(p.declared(), "demanded here");
        yield report.help("change the sizes or the config so that " + p.condition());
      }
      case IndexIdentity p ->
          Report.of(
                  "an index of " + p.found() + " stands where one of " + p.wanted() + " is wanted",
                  at,
                  "index " + p.found())
              .with(p.foundFrom(), "one set is declared here")
              .with(p.wantedFrom(), "the other here")
              .help("index sets agree by name, not by size: use the same `dim` in both places");
      case WrongType p -> {
        var report =
            Report.of(p.what() + " wants " + p.wanted() + ", this is " + p.found(), at, p.found());
        yield p.mend().map(report::help).orElse(report);
      }
      case RealAsIndex p ->
          Report.of(
                  p.text().equals("an int")
                      ? "a real stands where an int is wanted"
                      : "a real stands where " + p.text() + " wants an integer",
                  at,
                  "a real")
              .help(
                  "write `floor(...)`, `round(...)` or `int(...)`; a local for subscripts is declared `k: int = ...`");
      case ReshapeCount p ->
          Report.of(
                  "reshape keeps the number of elements: " + p.from() + " are not " + p.to(),
                  at,
                  "here")
              .help("mend one of the shapes");
      case OpenInParam p ->
          Report.of(
                  "the shape of `"
                      + p.param()
                      + "` needs a number, but `"
                      + p.dim()
                      + "` is known only when data arrive",
                  at,
                  "needs " + p.dim())
              .help("fix it: `dim " + p.dim() + " = ...`, a config, or a number in the input");
      case CannotInfer p ->
          Report.of(
                  (p.dims().size() == 1 ? "the dimension " : "the dimensions ")
                      + String.join(" and ", p.dims().stream().map(d -> "`" + d + "`").toList())
                      + (p.dims().size() == 1 ? " does" : " do")
                      + " not follow from the inputs of `"
                      + p.of()
                      + "`",
                  at,
                  "one size cannot tell " + (p.dims().size() == 1 ? "it" : "both"))
              .help(
                  "let it stand alone in an input's shape, or make it a config: `"
                      + p.of()
                      + "("
                      + p.dims().getFirst()
                      + ": dim)`");
      case RunsDiffer p ->
          Report.of(
                  "`"
                      + p.callee()
                      + "` wants equal dimensions for ..."
                      + p.run()
                      + ", here are "
                      + shown(p.one())
                      + " and "
                      + shown(p.other()),
                  at,
                  "used here")
              .with(p.declared(), "declared here")
              .help("give it tensors of one shape");
      case LossShape p ->
          Report.of(
                  "a loss gives one number for each example, `" + p.name() + "` gives " + p.shape(),
                  at,
                  "here")
              .help("reduce it: `mean[i](...)`; or see the batch and give `value[batch]`");
      case DividesByZero p ->
          Report.of("`" + p.text() + "` divides by 0", at, "the divisor is 0")
              .help("give another divisor");
      case Overflow p ->
          Report.of("`" + p.text() + "` is beyond 64 bits", at, "too large")
              .help("sizes and constants are exact 64-bit integers");
      case ReduceScalar p ->
          Report.of("`" + p.name() + "` of one number", at, "its argument is a scalar")
              .help("bind an index: `" + p.name() + "[i](x[i])`");
      case ReducesBatch p ->
          Report.of(
                  p.inInference()
                      ? "`"
                          + p.reducer()
                          + "` over the batch: predictions would depend on their neighbours"
                      : "`"
                          + p.reducer()
                          + "` without an index takes the dimensions of one example, never the batch",
                  at,
                  "over the batch")
              .help(
                  p.inInference()
                      ? "do it under `if training`, and keep the result in a `state` for inference"
                      : "name its index: `" + p.reducer() + "[b: batch](...)`");
      case NoExamples p ->
          Report.of(
                  "`"
                      + p.callee()
                      + "` sees the batch, but nothing given to it depends on the example",
                  at,
                  "no example here")
              .help("give it an input, or what is computed from one");
      case TwoRuns p ->
          Report.of("the input `" + p.name() + "` has two runs of dimensions", at, "two `...`")
              .help("one `...` in a shape: what belongs to which would be open");
      case InstanceDiffers p ->
          Report.of(
                  "`"
                      + p.name()
                      + "` reads "
                      + shown(p.first())
                      + ", but is given "
                      + shown(p.found())
                      + " here",
                  at,
                  "given " + shown(p.found()))
              .with(p.firstAt(), "first used with " + shown(p.first()))
              .help("one instance has one shape; make another for fresh parameters");
      case RepeatShape p ->
          Report.of(
                  "`repeat` chains copies, but `"
                      + p.callee()
                      + "` turns "
                      + shown(p.in())
                      + " into "
                      + shown(p.out()),
                  at,
                  "in and out differ")
              .help("repeat a layer that keeps its shape");
      case RangeDiffers p ->
          Report.of(
                  "`"
                      + p.index()
                      + "` is said to run over "
                      + p.stated()
                      + ", but the dimension is "
                      + p.declared(),
                  at,
                  "stated here")
              .with(p.declaredAt(), "declared here")
              .help("leave the range out");
      case TooLarge p ->
          Report.of(
                  "`"
                      + p.name()
                      + "` is "
                      + p.shape()
                      + ": a tensor holds at most 2^31 - 1 elements, this would hold "
                      + p.count(),
                  at,
                  "too large")
              .help("make a dimension smaller, or split it into several tensors");
    };
  }

  private static String after(String size) {
    int cut = size.indexOf(" = ");
    return cut < 0 ? size : size.substring(cut + 3);
  }

  private static long commas(String shape) {
    return shape.chars().filter(k -> k == ',').count();
  }

  private static String shown(String shape) {
    return shape.isEmpty() ? "a scalar" : shape;
  }

  private static String dims(int n) {
    return n == 1 ? "1 dimension" : n + " dimensions";
  }

  private static Report fails(Report report, Optional<String> sizes) {
    return sizes.filter(s -> !s.isEmpty()).map(s -> report.note("fails for " + s)).orElse(report);
  }
}
