package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Severity;
import dev.nnlang.runtime.file.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code nn check}: everything that can be said of a program without its data. */
@Command(name = "check", description = "Check programs: names, shapes, ranges, plans; no data.")
final class CheckCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "The .nn files.")
  private List<Path> files;

  @Override
  public Integer call() {
    var problems = new ArrayList<Problem>();
    for (var file : files) {
      problems.addAll(Compiler.open(ProgramFiles.read(file), new ProgramFiles(file)).check());
    }
    output.problems(problems);
    long errors = problems.stream().filter(p -> p.severity() == Severity.ERROR).count();
    if (output.json) {
      output.out().println(Json.object().with("event", "checked").with("errors", errors));
    } else if (errors == 0) {
      output
          .out()
          .println(files.size() == 1 ? files.getFirst() + ": ok" : files.size() + " files: ok");
    }
    return (errors == 0 ? ExitStatus.DONE : ExitStatus.PROBLEM).code();
  }
}
