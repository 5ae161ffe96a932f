package dev.nnlang.compiler.cli;

import dev.nnlang.runtime.cpu.Lanes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the start-up caches of the launcher learn from: commands that go through every stage of the
 * compiler and the runtime, in one process. A prediction is made twice, since the second one takes
 * what the first has kept, and a training is first compiled, as by {@link CompilingProcess}.
 * Without vectors nothing is trained, as nobody does: the model is that of an earlier rehearsal.
 */
final class Rehearsal {
  private static final int PREDICTIONS = 2;

  private static final boolean[] ONLY_COMPILED = {true};
  private static final boolean[] AND_RUN = {true, false};

  private Rehearsal() {}

  /** Takes a program with one source of rows of numbers, such a row, and a folder to work in. */
  public static void main(String[] arguments) throws IOException {
    var program = arguments[0];
    var folder = Path.of(arguments[2]);
    var model = folder.resolve("model").toString();
    var input = Files.writeString(folder.resolve("row.csv"), arguments[1] + "\n").toString();
    System.setProperty(PredictionCache.FOLDER, folder.toString());
    forget(folder.resolve(PredictionCache.PREDICTIONS));
    forget(folder.resolve(TrainingCache.TRAININGS));
    int status = Main.run("check", program);
    for (boolean compiles : Lanes.areVectors() ? AND_RUN : ONLY_COMPILED) {
      System.setProperty(CompilingProcess.COMPILES, Boolean.toString(compiles));
      status = Math.max(status, Main.run("train", program, "--epochs", "1", "--out", model));
    }
    System.clearProperty(CompilingProcess.COMPILES);
    for (int i = 0; i < PREDICTIONS; i++) {
      status = Math.max(status, Main.run("predict", model, "--input", input));
    }
    System.exit(status);
  }

  /** What an earlier rehearsal has kept: the first of each command is to be one that compiles. */
  private static void forget(Path kept) throws IOException {
    if (Files.isDirectory(kept)) {
      try (var files = Files.list(kept)) {
        for (var file : files.toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
