package dev.nnlang.compiler;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Report;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.source.Span;
import java.util.List;

/** What can be wrong with what a program was asked for: names that it does not have. */
public sealed interface RequestProblem extends Problem {
  /** In what the name was looked for: a file, the library. */
  String in();

  /**
   * A name that is not there.
   *
   * @param name empty where any would do, and there is none
   * @param near names like it, the nearest first
   * @param all what there is, where that is a short list
   */
  record NoSuchName(String in, String kind, String name, List<String> near, List<String> all)
      implements RequestProblem {}

  /** There are several, so one must be said. */
  record WhichName(String in, String kind, List<String> all, String option)
      implements RequestProblem {}

  /** A name that is there and cannot be used so. */
  record WrongKind(String in, String name, String kind, String wanted) implements RequestProblem {}

  @Override
  default String code() {
    return switch (this) {
      case NoSuchName _ -> "E0905";
      case WhichName _ -> "E0906";
      case WrongKind _ -> "E0910";
    };
  }

  @Override
  default Span at() {
    return new Span(new SourceFile(in(), ""), 0, 0);
  }

  @Override
  default Report report() {
    return switch (this) {
      case NoSuchName(_, var kind, var name, var near, var all) -> {
        var report =
            plain(
                name.isEmpty()
                    ? "there is no %s here".formatted(kind)
                    : "there is no %s named %s here".formatted(kind, name));
        if (!all.isEmpty()) {
          report = report.note("there is " + String.join(", ", all));
        }
        yield near.isEmpty() ? report : report.help("did you mean " + near.getFirst() + "?");
      }
      case WhichName(_, var kind, var all, var option) ->
          plain("there are %d of kind %s: %s".formatted(all.size(), kind, String.join(", ", all)))
              .help("say which one: " + option + " " + all.getFirst());
      case WrongKind(_, var name, var kind, var wanted) ->
          plain("%s is a %s; expected is %s".formatted(name, kind, wanted));
    };
  }

  private Report plain(String title) {
    return Report.of(title, at(), "");
  }
}
