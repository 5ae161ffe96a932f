package dev.nnlang.compiler.cli;

import dev.nnlang.runtime.cpu.Lanes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the start-up caches of the launcher learn from: commands that go through every stage of the
 * compiler and the runtime, in one process. A prediction is made twice, since the second one takes
 * what the first has kept. Without vectors nothing is trained, as nobody does: the model is that of
 * an earlier rehearsal.
 */
final class Rehearsal {
  private static final int PREDICTIONS = 2;

  private Rehearsal() {}

  /** Takes a program with one source of rows of numbers, such a row, and a folder to work in. */
  public static void main(String[] arguments) throws IOException {
    var program = arguments[0];
    var folder = Path.of(arguments[2]);
    var model = folder.resolve("model").toString();
    var input = Files.writeString(folder.resolve("row.csv"), arguments[1] + "\n").toString();
    System.setProperty(PredictionCache.FOLDER, folder.toString());
    forget(folder);
    int status = Main.run("check", program);
    if (Lanes.areVectors()) {
      status = Math.max(status, Main.run("train", program, "--epochs", "1", "--out", model));
    }
    for (int i = 0; i < PREDICTIONS; i++) {
      status = Math.max(status, Main.run("predict", model, "--input", input));
    }
    System.exit(status);
  }

  /** What an earlier rehearsal has kept: the first prediction is to be one that compiles. */
  private static void forget(Path folder) throws IOException {
    var kept = folder.resolve(PredictionCache.PREDICTIONS);
    if (Files.isDirectory(kept)) {
      try (var files = Files.list(kept)) {
        for (var file : files.toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
