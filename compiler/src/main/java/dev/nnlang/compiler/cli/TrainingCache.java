package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.CompiledTraining;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.model.ModelInfo;
import dev.nnlang.runtime.train.StoredTraining;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Compiled trainings, so that the second {@code nn train} of a file need not compile it; how they
 * are kept, {@link KeptFile} says. Which files a program uses is known when it is compiled: they
 * are compared when it is found. One with hints is not kept, as they are said each time.
 */
final class TrainingCache {
  static final String TRAININGS = "trainings";

  private TrainingCache() {}

  /**
   * The place of a training, if trainings are kept and this one can be.
   *
   * @param main the file that is compiled
   * @param train the name that was asked for
   */
  static Optional<KeptFile<StoredTraining>> of(
      SourceFile main, Optional<String> train, Map<String, String> replaced, Options options) {
    var own = new ArrayList<String>();
    own.add(main.name());
    own.add(ModelInfo.hash(main.text()));
    own.add(train.orElse(""));
    new TreeMap<>(replaced).forEach((name, value) -> own.add(name + "=" + value));
    return KeptFile.of(TRAININGS, ".training", StoredTraining.class, List.copyOf(own), options);
  }

  /** What was kept, if the files that it uses are what they were. */
  static Optional<CompiledTraining> find(KeptFile<StoredTraining> kept, ProgramFiles files) {
    return kept.find()
        .filter(found -> files.areStill(found.sources()))
        .map(found -> new CompiledTraining(found.plan(), found.data(), found.programs()));
  }
}
