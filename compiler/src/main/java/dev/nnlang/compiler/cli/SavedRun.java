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
 * A trained model, compiled again from the sources that it was trained by.
 *
 * @param weights checked against the programs
 * @param folders where its data may lie
 */
record SavedRun(
    SavedModel saved,
    CompiledTraining compiled,
    Weights weights,
    DataFolders folders,
    Options options) {

  /**
   * @param place a model folder, or a .nn file whose folder is in runs/NAME beside it
   */
  static SavedRun open(Path place, PlanOptions plan, Output output) throws ProblemException {
    var folder = Files.isDirectory(place) ? place : ofProgram(place, plan, output);
    var saved = ModelFolder.load(folder);
    var info = saved.info();
    var main = folder.resolve("sources").resolve(info.file());
    var options = plan.options(Options.Precision.valueOf(info.precision()));
    var compiled =
        Compiler.open(ProgramFiles.read(main), new ProgramFiles(main))
            .training(Optional.of(info.train()), info.settings(), options);
    output.require(compiled.problems().stream().filter(p -> p.code().startsWith("E")).toList());
    var training = compiled.value().orElseThrow();
    var weights = saved.weights().checked(training.programs(), folder);
    return new SavedRun(
        saved, training, weights, PlanOptions.folders(Path.of(info.folder())), options);
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
