package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.CompiledTraining;
import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Options;
import dev.nnlang.runtime.data.DataFolders;
import dev.nnlang.runtime.model.ModelFolder;
import dev.nnlang.runtime.model.SavedModel;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.train.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A trained model and the sources that it was trained by.
 *
 * @param folder where it was saved
 */
record SavedRun(Path folder, SavedModel saved, Options options) {

  /**
   * A run, compiled again from its sources.
   *
   * @param weights checked against the programs
   * @param folders where its data may lie
   */
  record Compiled(
      SavedModel saved,
      CompiledTraining training,
      Weights weights,
      DataFolders folders,
      Options options) {}

  /**
   * Reads it, and compiles nothing of it.
   *
   * @param place a model folder, or a .nn file whose folder is in runs/NAME beside it
   */
  static SavedRun read(Path place, PlanOptions plan, Output output) throws ProblemException {
    var folder = Files.isDirectory(place) ? place : ofProgram(place, plan, output);
    var saved = ModelFolder.load(folder);
    return new SavedRun(
        folder, saved, plan.options(Options.Precision.valueOf(saved.info().precision())));
  }

  /** The file that is compiled. */
  Path main() {
    return folder.resolve("sources").resolve(saved.info().file());
  }

  /** Where its data may lie. */
  DataFolders folders() {
    return PlanOptions.folders(Path.of(saved.info().folder()));
  }

  CompiledTraining compile(Output output) {
    var info = saved.info();
    var compiled =
        Compiler.open(ProgramFiles.read(main()), new ProgramFiles(main()))
            .training(Optional.of(info.train()), info.settings(), options);
    output.require(compiled.problems().stream().filter(p -> p.code().startsWith("E")).toList());
    return compiled.value().orElseThrow();
  }

  /** Compiled, and its weights checked. */
  Compiled compiled(Output output) throws ProblemException {
    var training = compile(output);
    var weights = saved.weights().checked(training.programs(), folder);
    return new Compiled(saved, training, weights, folders(), options);
  }

  private static Path ofProgram(Path file, PlanOptions plan, Output output) {
    var compilation = Compiler.open(ProgramFiles.read(file), new ProgramFiles(file));
    var name = compilation.trainName(plan.train);
    output.require(name.problems());
    return file.toAbsolutePath()
        .normalize()
        .getParent()
        .resolve("runs")
        .resolve(name.value().orElseThrow());
  }
}
