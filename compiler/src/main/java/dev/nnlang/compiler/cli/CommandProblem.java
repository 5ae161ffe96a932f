package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Report;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.source.Span;

/** What can be wrong with the files and names that a command was given. */
sealed interface CommandProblem extends Problem {
  /** The file as a whole, whose text nobody has read. */
  private static Span whole(String file) {
    return new Span(new SourceFile(file, ""), 0, 0);
  }

  record NoSuchFile(String file, String mend) implements CommandProblem {}

  record IsDirectory(String file) implements CommandProblem {}

  record Unreadable(String file, String why) implements CommandProblem {}

  record Unwritable(String file, String why) implements CommandProblem {}

  /** The {@code name=value} of an option, such as {@code --set}, that does not read as one. */
  record BadSetting(String option, String setting, String why, String mend)
      implements CommandProblem {}

  /** A tensor file that does not fit what the declaration takes. */
  record BadTensor(String file, String why, String mend) implements CommandProblem {}

  /** A data set that cannot be fetched. */
  record CannotFetch(String name, String why, String mend) implements CommandProblem {}

  /** {@code nn tune} of a plan without a {@code search}. */
  record NothingToTune(String file, String train) implements CommandProblem {}

  /**
   * What the runtime found, with its own code.
   *
   * @param at looked up once: a place of a program is read with its text
   */
  record AtRunTime(dev.nnlang.runtime.problem.Problem problem, Span at) implements CommandProblem {
    AtRunTime(dev.nnlang.runtime.problem.Problem problem) {
      this(problem, problem.at().map(ProgramText::at).orElseGet(() -> whole("(this run)")));
    }
  }

  @Override
  default String code() {
    return switch (this) {
      case NoSuchFile _ -> "E0901";
      case IsDirectory _ -> "E0902";
      case Unreadable _ -> "E0903";
      case Unwritable _ -> "E0904";
      case BadSetting _ -> "E0907";
      case BadTensor _ -> "E0908";
      case CannotFetch _ -> "E0909";
      case NothingToTune _ -> "E0911";
      case AtRunTime(var problem, _) -> problem.code().code();
    };
  }

  @Override
  default Span at() {
    return switch (this) {
      case NoSuchFile(var file, _) -> whole(file);
      case IsDirectory(var file) -> whole(file);
      case Unreadable(var file, _) -> whole(file);
      case Unwritable(var file, _) -> whole(file);
      case BadSetting(var option, var setting, _, _) -> whole(option + " " + setting);
      case BadTensor(var file, _, _) -> whole(file);
      case CannotFetch(var name, _, _) -> whole(name);
      case NothingToTune(var file, _) -> whole(file);
      case AtRunTime(_, var at) -> at;
    };
  }

  @Override
  default Report report() {
    return switch (this) {
      case NoSuchFile(var file, var mend) -> plain("there is no file " + file).help(mend);
      case IsDirectory(var file) -> plain(file + " is a directory; a .nn file is expected here");
      case Unreadable(var file, var why) -> plain(file + " cannot be read: " + why);
      case Unwritable(var file, var why) -> plain(file + " cannot be written: " + why);
      case BadSetting(_, _, var why, var mend) -> plain(why).help(mend);
      case BadTensor(_, var why, var mend) -> mend.isEmpty() ? plain(why) : plain(why).help(mend);
      case CannotFetch(_, var why, var mend) -> plain(why).help(mend);
      case NothingToTune(_, var train) ->
          plain("train " + train + " has no search(...) to explore")
              .help("write lr = search(1e-4 .. 1e-1, log) for a number that is to be found");
      case AtRunTime(var problem, _) -> {
        var report = plain(problem.message());
        if (!problem.expected().isEmpty()) {
          report = report.note("expected " + problem.expected());
        }
        if (problem.declared().isPresent()) {
          report = report.note("declared at " + problem.declared().get());
        }
        yield problem.mend().isEmpty() ? report : report.help(problem.mend());
      }
    };
  }

  private Report plain(String title) {
    return Report.of(title, at(), "");
  }
}
