package dev.nnlang.compiler.cli;

import dev.nnlang.runtime.file.Json;
import dev.nnlang.runtime.model.ModelFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nn plot}: how a run went, as a picture. */
@Command(
    name = "plot",
    description = "Draw the loss and the metrics of a run, epoch by epoch (SVG).")
final class PlotCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Parameters(paramLabel = "DIR", description = "The folder of the run, finished or not.")
  private Path folder;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "SVG",
      description = "Where the picture goes; default standard output.")
  private Optional<Path> out = Optional.empty();

  @Override
  public Integer call() {
    var svg = of(folder).chart().svg();
    if (out.isPresent()) {
      TextFiles.write(out.get(), svg.getBytes(StandardCharsets.UTF_8));
      output.out().println(out.get());
    } else {
      output.out().print(svg);
    }
    return ExitStatus.DONE.code();
  }

  /** What a run's folder tells of it. */
  static RunCurves of(Path folder) {
    var curves = new RunCurves();
    var text = new String(TextFiles.read(ModelFolder.log(folder)), StandardCharsets.UTF_8);
    for (var line : Json.parseLines(text)) {
      if (line instanceof Json.Members event) {
        curves.on(event);
      }
    }
    return curves;
  }
}
