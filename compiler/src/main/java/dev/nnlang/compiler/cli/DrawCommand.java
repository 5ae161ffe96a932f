package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Drawing;
import dev.nnlang.compiler.RequestProblem;
import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.diagnostic.Severity;
import dev.nnlang.compiler.picture.Picture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nn draw}: a model as a picture. */
@Command(
    name = "draw",
    description = "Draw a model, or another declaration, as a graph of its layers (SVG).")
final class DrawCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Parameters(index = "0", paramLabel = "FILE", description = "The .nn file.")
  private Path file;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The declaration; default the first model of the file.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = {"-o", "--out"},
      paramLabel = "SVG",
      description = "Where the picture goes; default standard output.")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--level",
      paramLabel = "layers|equations|kernels",
      description = "How much the boxes tell; default layers. Kernels are those of a prediction.")
  private Picture.Level level = Picture.Level.LAYERS;

  @Override
  public Integer call() {
    var inspection = Compiler.open(ProgramFiles.read(file), new ProgramFiles(file)).inspect();
    output.require(
        inspection.problems().stream().filter(p -> p.severity() == Severity.ERROR).toList());
    var picture = Drawing.of(inspection, name, level);
    if (picture.isEmpty()) {
      var known = Drawing.drawable(inspection);
      throw new Reported(
          new RequestProblem.NoSuchName(
              file.toString(),
              "declaration that can be drawn",
              name.orElse("model"),
              NearNames.near(name.orElse("model"), known),
              known));
    }
    var svg = picture.get().svg();
    if (out.isPresent()) {
      TextFiles.write(out.get(), svg.getBytes(StandardCharsets.UTF_8));
      output.out().println(out.get());
    } else {
      output.out().print(svg);
    }
    return ExitStatus.DONE.code();
  }
}
