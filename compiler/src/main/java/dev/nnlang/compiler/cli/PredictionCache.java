package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.Options;
import dev.nnlang.runtime.model.ModelInfo;
import dev.nnlang.runtime.train.StoredPrediction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Compiled predictions, so that the second {@code nn predict} of a model need not compile it; how
 * they are kept, {@link KeptFile} says.
 */
final class PredictionCache {
  static final String FOLDER = KeptFile.FOLDER;

  /** Of that folder, the one of predictions. */
  static final String PREDICTIONS = "predictions";

  private PredictionCache() {}

  /**
   * The place of a model's prediction, if predictions are kept and this one can be.
   *
   * @param main the file that is compiled, as problems name it
   */
  static Optional<KeptFile<StoredPrediction>> of(ModelInfo info, Path main, Options options) {
    var own = new ArrayList<String>();
    own.add(main.toString());
    own.add(info.train());
    info.sources().forEach((name, text) -> own.add(name + " " + ModelInfo.hash(text)));
    new TreeMap<>(info.settings()).forEach((name, value) -> own.add(name + "=" + value));
    return KeptFile.of(PREDICTIONS, ".prediction", StoredPrediction.class, own, options);
  }
}
