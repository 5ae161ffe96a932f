package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.syntax.Formatter;
import dev.nnlang.runtime.file.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nn fmt}: the one layout. */
@Command(name = "fmt", description = "Lay programs out the one canonical way, in place.")
final class FmtCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Option(
      names = "--check",
      description = "Change nothing; status 1 if a file is laid out otherwise.")
  private boolean check;

  @Option(names = "--stdout", description = "Print the result instead of changing the file.")
  private boolean print;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "The .nn files.")
  private List<Path> files;

  @Override
  public Integer call() {
    var problems = new ArrayList<Problem>();
    boolean different = false;
    for (var path : files) {
      var file = ProgramFiles.read(path);
      var formatted = Formatter.format(file);
      if (formatted.hasErrors()) {
        problems.addAll(formatted.problems());
        continue;
      }
      if (print) {
        output.out().print(formatted.value());
      } else if (!formatted.value().equals(file.text())) {
        different = true;
        if (!check) {
          TextFiles.write(path, formatted.value().getBytes(StandardCharsets.UTF_8));
        }
        output.result(
            Json.object()
                .with("event", check ? "differs" : "formatted")
                .with("file", path.toString()),
            check ? path + " is laid out otherwise" : "formatted " + path);
      }
    }
    output.require(problems);
    return (check && different ? ExitStatus.PROBLEM : ExitStatus.DONE).code();
  }
}
