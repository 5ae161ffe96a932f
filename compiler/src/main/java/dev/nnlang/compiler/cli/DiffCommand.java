package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.runtime.file.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nn diff}: a derivative, as a function of the language that compiles again. */
@Command(
    name = "diff",
    description =
        "Print the derivative of a fn, loss, layer or model as equations of the language.")
final class DiffCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Parameters(index = "0", paramLabel = "FILE", description = "The .nn file.")
  private Path file;

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      description = "The declaration, or one of the library.")
  private String name;

  @Option(names = "--set", paramLabel = "NAME=VALUE", description = "A config of the declaration.")
  private List<String> settings = List.of();

  @Override
  public Integer call() {
    var compilation = Compiler.open(ProgramFiles.read(file), new ProgramFiles(file));
    var text = compilation.derivative(name, PlanOptions.pairs(settings));
    output.require(text.problems());
    output.result(
        Json.object().with("event", "derivative").with("name", name).with("text", text.value()),
        text.value().stripTrailing());
    return ExitStatus.DONE.code();
  }
}
