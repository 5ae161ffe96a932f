package dev.nnlang.compiler.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code nn new NAME}: a folder with a small network, its data, and nothing that fails. */
@Command(name = "new", description = "Start a project: a folder with a network that trains.")
final class NewCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Parameters(paramLabel = "FOLDER", description = "The folder to make.")
  private Path folder;

  private static final String PROGRAM =
      """
      /// %1$s: does a point lie inside the circle? Two numbers in, one probability out.
      model %1$s : point[2] -> p {
          out = point |> Dense(16) |> tanh |> Dense(1) |> sigmoid
          p   = out[0]
      }

      data Points {
          source x[N]      = csv("points.csv", column = "x")
          source y[N]      = csv("points.csv", column = "y")
          source inside[N] = csv("points.csv", column = "inside")
          sample n -> point[2], target {
              point[k] = if k == 0 then x[n] else y[n]
              target   = inside[n]
          }
          split = shuffled(train = 0.8, test = 0.2)
      }

      train First : %1$s on Points {
          loss      = binary_cross_entropy(p, target)
          metrics   = [binary_accuracy(p, target)]
          optimizer = Adam(lr = 1e-2)
          batch     = 32
          epochs    = 60
      }
      """;

  @Override
  public Integer call() {
    if (Files.exists(folder)) {
      throw new Reported(
          new CommandProblem.Unwritable(
              folder.toString(), "it exists already; nothing was changed"));
    }
    var name = modelName(folder.toAbsolutePath().getFileName().toString());
    var file = folder.resolve(name.toLowerCase(Locale.ROOT) + ".nn");
    write(folder.resolve("points.csv"), points());
    write(file, PROGRAM.formatted(name));
    output.out().println("made " + file + " and its data; train it with: nn train " + file);
    return ExitStatus.DONE.code();
  }

  private static void write(Path file, String text) {
    TextFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String modelName(String folderName) {
    var letters = folderName.replaceAll("[^A-Za-z0-9]", "");
    if (letters.isEmpty() || !Character.isLetter(letters.charAt(0))) {
      letters = "Net" + letters;
    }
    return Character.toUpperCase(letters.charAt(0)) + letters.substring(1);
  }

  /** 400 points of the square, spread evenly by the golden ratio rather than drawn. */
  private static String points() {
    var text = new StringBuilder("x,y,inside\n");
    for (int i = 0; i < 400; i++) {
      double x = (i + 0.5) / 200 - 1;
      double y = 2 * (i * 0.6180339887498949 % 1) - 1;
      int inside = x * x + y * y < 0.5 ? 1 : 0;
      text.append(String.format(Locale.ROOT, "%.4f,%.4f,%d%n", x, y, inside));
    }
    return text.toString();
  }
}
