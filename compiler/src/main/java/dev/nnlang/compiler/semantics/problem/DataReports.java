package dev.nnlang.compiler.semantics.problem;

import dev.nnlang.compiler.diagnostic.Report;
import java.util.List;

/** The words for {@link DataProblem}s. */
public final class DataReports {
  private DataReports() {}

  static Report of(DataProblem problem) {
    var at = problem.at();
    return switch (problem) {
      case DataProblem.UnknownReader p ->
          Report.of("there is no reader `" + p.name() + "`", at, "")
              .help(
                  near(p.near())
                      + "the readers are "
                      + String.join(", ", p.known())
                      + "; a Java DataSource is named in quotes");
      case DataProblem.ReaderArguments p ->
          Report.of(p.reader() + " cannot be called with " + p.found(), at, "")
              .help("write " + p.usage());
      case DataProblem.NoSample p ->
          Report.of("the data " + p.data() + " does not say what an example is", at, "")
              .help("add `sample n -> x[4] { x[f] = table[n, f] }`");
      case DataProblem.Repeated p ->
          Report.of("a data declaration has one `" + p.what() + "`", at, "the second one")
              .with(p.first(), "the first one");
      case DataProblem.Unbounded p ->
          Report.of(
                  "`"
                      + p.index()
                      + "` is unbounded: no read of a source says how many examples"
                      + " there are",
                  at,
                  "")
              .help("read a source at `" + p.index() + "`, as in `table[" + p.index() + ", f]`");
      case DataProblem.FitReads p ->
          Report.of("fit reads `" + p.read() + "`, which need not be a training example", at, "")
              .note(
                  "`"
                      + p.dimension()
                      + "` holds the examples; fit sees only those of the training"
                      + " part")
              .help(
                  "reduce over it: `mean[" + p.index() + "](...)` runs over the training examples");
      case DataProblem.BadSplit p ->
          Report.of("`split` cannot be " + p.found(), at, "")
              .help(
                  "write `shuffled(train = 0.8, valid = 0.1, test = 0.1)`, `ordered(...)` or"
                      + " `ranges(train = 0 .. 1000, test = 1000 .. 1200)`");
      case DataProblem.Fractions p ->
          Report.of(p.what(), at, "")
              .help("the parts are shares of all examples, together at most 1");
      case DataProblem.UnknownPart p ->
          Report.of("there is no part `" + p.name() + "`", at, "")
              .help(near(p.near()) + "the parts are train, valid and test");
      case DataProblem.Overlap p ->
          Report.of("the part " + p.part() + " overlaps " + p.other(), at, "")
              .with(p.first(), p.other())
              .help("let each range start where the one before it ends");
      case DataProblem.SourceShape p ->
          Report.of("the shape of a source is made of names and sizes", at, "")
              .help("write `source " + p.source() + "[N, 65] = ...`");
      case DataProblem.OtherShape p ->
          Report.of(
                  "`"
                      + p.source()
                      + "` is declared as "
                      + (p.declared().isEmpty() ? "a number" : p.declared())
                      + ", but its reader gives "
                      + p.given(),
                  at,
                  "")
              .help("declare `" + p.source() + p.given() + "`, or read other columns");
      case DataProblem.NoSource p ->
          Report.of("the data " + p.data() + " has no source", at, "")
              .help("add `source table[N, 4] = csv(\"data/file.csv\")`");
      case DataProblem.SharedRows p ->
          Report.of(
                  "examples share rows (a window of "
                      + p.window()
                      + "), and a shuffled split puts the same rows into several parts",
                  at,
                  "")
              .help("use `ordered(...)`, which leaves a gap between parts");
    };
  }

  static String near(List<String> names) {
    return names.isEmpty() ? "" : "did you mean `" + String.join("` or `", names) + "`? ";
  }
}
