package dev.nnlang.compiler.library;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.data.DataFolders;
import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.train.Trainer;
import dev.nnlang.runtime.train.TrainingListener;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The only plan of a text, ready to run. */
final class Training {
  private Training() {}

  /**
   * @param folder of its data
   */
  static Trainer of(
      String program, Path folder, Options.Precision precision, TrainingListener listener)
      throws ProblemException {
    var options = new Options(precision, Options.Backend.BYTECODE);
    var checked =
        Compiler.open(new SourceFile("training.nn", program), Sources.none())
            .training(Optional.empty(), Map.of(), options);
    var training =
        checked.value().orElseThrow(() -> new AssertionError(checked.problems() + "\n" + program));
    var data = DataSet.open(training.data(), DataFolders.of(folder), precision.element());
    return new Trainer(training.plan(), training.programs(), data, 2, listener, () -> false);
  }
}
