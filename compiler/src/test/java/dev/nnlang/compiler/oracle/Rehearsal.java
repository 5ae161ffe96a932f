package dev.nnlang.compiler.oracle;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.data.DataFolders;
import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.file.Safetensors;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.Tensor;
import dev.nnlang.runtime.train.Trainer;
import dev.nnlang.runtime.train.TrainingEvent;
import dev.nnlang.runtime.train.TrainingListener;
import dev.nnlang.runtime.train.TrainingState;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The only plan of a program, run by the real training loop from given parameters, on data written
 * beside it as {@code data.safetensors}.
 */
final class Rehearsal {
  private final Options options;
  private final Path folder;
  private final Map<String, Tensor> start;

  /**
   * @param folder for the data; empty
   * @param start parameters and states by path; what is not given comes from its initialiser
   */
  Rehearsal(Options options, Path folder, Map<String, Tensor> start) {
    this.options = options;
    this.folder = folder;
    this.start = start;
  }

  /** What is seen after a step: the loss before it, and all parameters and states by path. */
  interface Watcher extends BiConsumer<Double, Map<String, Tensor>> {}

  /** Runs to the end. */
  void run(SourceFile program, Sources sources, Map<String, Tensor> data, Watcher watcher)
      throws ProblemException {
    Safetensors.write(folder.resolve("data.safetensors"), data, Map.of());
    var checked = Compiler.open(program, sources).training(Optional.empty(), Map.of(), options);
    var training =
        checked
            .value()
            .orElseThrow(() -> new AssertionError(program.name() + ": " + checked.problems()));
    var opened =
        DataSet.open(training.data(), DataFolders.of(folder), options.precision().element());
    var values = new LinkedHashMap<String, Tensor>();
    TrainingListener listener =
        event -> {
          if (event instanceof TrainingEvent.Step step) {
            watcher.accept(step.loss(), values);
          }
        };
    var trainer =
        new Trainer(training.plan(), training.programs(), opened, 1, listener, () -> false);
    var weights = trainer.fresh();
    values.putAll(weights.parameters());
    values.putAll(weights.states());
    start.forEach(
        (path, tensor) -> {
          if (!values.containsKey(path)) {
            throw new AssertionError("no " + path + " among " + values.keySet());
          }
          values.get(path).copyFrom(tensor);
        });
    trainer.resume(weights, TrainingState.start());
  }

  /** Batches one after another: the first two dimensions become one. */
  static Tensor joined(Tensor batches) {
    int[] shape = batches.shape();
    int[] flat = Arrays.copyOfRange(shape, 1, shape.length);
    flat[0] = shape[0] * shape[1];
    var joined = Tensor.zeros(batches.type(), flat);
    for (int i = 0; i < joined.size(); i++) {
      joined.set(i, batches.get(i));
    }
    return joined;
  }
}
