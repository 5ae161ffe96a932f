package dev.nnlang.compiler.semantics.problem;

import dev.nnlang.compiler.diagnostic.Fix;
import dev.nnlang.compiler.diagnostic.Report;
import dev.nnlang.compiler.semantics.problem.NameProblem.*;
import dev.nnlang.compiler.source.Span;
import java.util.List;
import java.util.Locale;

/** The words for {@link NameProblem}s. */
public final class NameReports {
  private NameReports() {}

  static Report of(NameProblem problem) {
    Span at = problem.at();
    return switch (problem) {
      case UnknownName p ->
          near(
              Report.of("nothing here is called `" + p.name() + "`", at, "unknown name"),
              at,
              p.near());
      case DuplicateName p ->
          Report.of("`" + p.name() + "` is declared twice " + p.where(), at, "declared again here")
              .with(p.first(), "first declared here")
              .help("rename one of them");
      case HiddenByIndex p ->
          Report.of("the index `" + p.name() + "` has the name of " + p.what(), at, "an index here")
              .with(p.first(), p.what() + " declared here")
              .help("an index may not hide what the declaration knows: choose another letter");
      case ReservedName p ->
          Report.of("`" + p.name() + "` is a name of the language", at, "declared here")
              .help("choose another name");
      case WrongCase p -> {
        int first = p.name().length() - p.name().replaceFirst("^_+", "").length();
        var letter = p.name().substring(first, first + 1);
        var meant =
            p.name().substring(0, first)
                + (p.upper() ? letter.toUpperCase(Locale.ROOT) : letter.toLowerCase(Locale.ROOT))
                + p.name().substring(first + 1);
        yield Report.of(
                "`"
                    + p.name()
                    + "` is "
                    + p.what()
                    + ", and begins with a "
                    + (p.upper() ? "lower-case" : "capital")
                    + " letter",
                at,
                "declared here")
            .help(
                "write `"
                    + meant
                    + "`: dimensions, layers, models, optimizers, data and plans begin with a capital"
                    + " letter, all else with a small one");
      }
      case NeverDefined p -> {
        var report =
            Report.of(
                p.what()
                    + " `"
                    + p.name()
                    + "` has no equation"
                    + (p.branch().isPresent() ? " in one branch" : ""),
                at,
                "declared here");
        yield p.branch()
            .map(
                b ->
                    report
                        .with(b, "the only equation for `" + p.name() + "`")
                        .help("write one in the other branch, too, or one after the `if`"))
            .orElse(report.help("write `" + p.name() + " = ...`"));
      }
      case DefinedTwice p ->
          Report.of("`" + p.name() + "` is defined twice", at, "defined again here")
              .with(p.first(), "first defined here")
              .help("each name has one equation; give the second another name");
      case NotAssignable p ->
          Report.of(
                  "`" + p.name() + "` is " + p.what() + " and can have no equation",
                  at,
                  "an equation for it here")
              .with(p.declared(), p.what() + ", declared here")
              .help("give the left side a name of its own");
      case BadPrime p ->
          Report.of("`" + p.name() + "'` has no meaning: " + p.why(), at, "a next value here")
              .with(p.declared(), "declared here")
              .help(
                  "a prime stands on a `state` of the same declaration, or on `w` in an optimizer");
      case OnlyInBranch p ->
          Report.of("`" + p.name() + "` is defined in one branch only", at, "read outside of it")
              .with(p.branch(), "defined in this branch")
              .help("define it in every branch, or read it inside this one");
      case NoSuchFile p ->
          Report.of("there is no file `" + p.path() + "`", at, "used here")
              .note("paths are relative to the file that uses them");
      case UseRing p ->
          Report.of("files use each other in a ring", at, "this closes it")
              .note(String.join(" uses ", p.ring()))
              .help("move what both need into a file of its own");
      case OutsideRoot p ->
          Report.of(
                  "`" + p.path() + "` is no path inside the folder of the started file",
                  at,
                  "used here")
              .help("use a relative path with `/`, without leaving that folder");
      case ImportClash p ->
          Report.of(
                  p.own()
                      ? "`" + p.name() + "` is declared in this file, too"
                      : "`" + p.name() + "` is brought in from two files",
                  at,
                  "brought in here")
              .with(p.first(), p.own() ? "declared here" : "first brought in here")
              .help("bring in other names, or write `use \"...\" as m` and `m." + p.name() + "`");
      case NotInFile p ->
          near(
              Report.of("`" + p.path() + "` declares no `" + p.name() + "`", at, "asked for here"),
              at,
              p.near());
      case Ring p -> {
        var report =
            Report.of(
                p.what().equals("declaration")
                    ? "declarations may not call themselves"
                    : "this " + p.what() + " needs itself",
                at,
                "the ring closes here");
        for (int i = 0; i < p.places().size(); i++) {
          if (!p.places().get(i).equals(at)) {
            report = report.with(p.places().get(i), "needs " + p.ring().get(i + 1));
          }
        }
        yield report
            .note(String.join(" needs ", p.ring()))
            .help(
                p.what().equals("declaration")
                    ? "a recurrence is an equation that reads itself at `t-1`; copies are `repeat(n, ...)`"
                    : "give one of them a value of its own");
      }
      case ElsewhereOnly p ->
          Report.of(
                  "`" + p.name() + "` is known only in " + p.where(),
                  at,
                  "this is " + article(p.here()))
              .help("pass it as config or as an input");
      case UnknownDimension p -> {
        var report =
            Report.of("no dimension is called `" + p.name() + "` here", at, "unknown")
                .note("dimensions come from the inputs, the config or a `dim`");
        yield p.near().isEmpty()
            ? report.help(
                "make it a config, `("
                    + p.name()
                    + ": dim)`, or write `dim "
                    + p.name()
                    + " = ...`")
            : near(report, at, p.near());
      }
      case UnknownIndex p ->
          Report.of("`" + p.name() + "` is no index of this equation", at, "read here")
              .help(
                  p.known().isEmpty()
                      ? "write it on the left, `y["
                          + p.name()
                          + "] = ...`, or bind it, `sum["
                          + p.name()
                          + "](...)`"
                      : "its indices are "
                          + String.join(", ", p.known())
                          + "; bind others, `sum["
                          + p.name()
                          + "](...)`");
      case UnknownMember p ->
          Report.of("`" + p.object() + "` has no member `" + p.member() + "`", at, "unknown member")
              .help(
                  p.members().isEmpty()
                      ? "only enumerated dimensions and files brought in `as` a name have members"
                      : (p.near().isEmpty() ? "" : "did you mean `" + p.near().getFirst() + "`? ")
                          + "it has "
                          + String.join(", ", p.members()));
      case AheadOfResult p ->
          Report.of(
                  "`"
                      + p.output()
                      + "` is wanted at every step, but depends on `"
                      + p.read()
                      + "`, which is known when an epoch has ended",
                  at,
                  "wanted at every step")
              .with(p.declared(), "declared here")
              .help("keep what is needed of it in a `state`, and read that here, without a prime");
      case Unused p ->
          Report.of(p.what() + " `" + p.name() + "` is never read", at, "")
              .help("read it, or remove it");
      case Hides p ->
          Report.of("this `" + p.name() + "` hides " + p.what(), at, "")
              .help("rename it if you mean to use both");
      case UnusedParam p ->
          Report.of("no output depends on the param `" + p.name() + "`", at, "it would never learn")
              .help("read it in an equation, or remove it");
      case CapturedDim p ->
          Report.of("`" + p.name() + "` is the file's dimension here, not inferred", at, "")
              .with(p.declared(), "declared here")
              .help("rename it if any size should do");
    };
  }

  private static String article(String word) {
    return ("aeiou".indexOf(word.charAt(0)) >= 0 ? "an " : "a ") + word;
  }

  private static Report near(Report report, Span at, List<String> near) {
    if (near.isEmpty()) {
      return report;
    }
    return report.help(
        new Fix(
            "did you mean "
                + (near.size() == 1 ? "" : "one of ")
                + String.join(", ", near.stream().map(n -> "`" + n + "`").toList())
                + "?",
            near.size() == 1 ? List.of(new Fix.Edit(at, near.getFirst())) : List.of()));
  }
}
