package dev.nnlang.compiler.cli;

import dev.nnlang.runtime.file.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
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

  @Override
  public Integer call() {
    if (folder.toString().isBlank()) {
      throw new Reported(new CommandProblem.Unwritable("FOLDER", "its name is empty"));
    }
    if (Files.exists(folder)) {
      throw new Reported(
          new CommandProblem.Unwritable(
              folder.toString(), "it exists already; nothing was changed"));
    }
    var name = modelName(folder.toAbsolutePath().getFileName().toString());
    var file = folder.resolve(name.toLowerCase(Locale.ROOT) + ".nn");
    write(folder.resolve("points.csv"), points());
    write(file, template().replace("Network", name));
    output.result(
        Json.object().with("event", "made").with("file", file.toString()),
        "made " + file + " and its data; train it with: nn train " + file);
    return ExitStatus.DONE.code();
  }

  private static void write(Path file, String text) {
    TextFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A program that is compiled by a test; in it the model is called Network. */
  private static String template() {
    try (var in = NewCommand.class.getResourceAsStream("new.nn")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("the template cannot be read", unreadable);
    }
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
