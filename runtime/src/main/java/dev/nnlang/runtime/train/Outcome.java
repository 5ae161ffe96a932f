package dev.nnlang.runtime.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run leaves.
 *
 * @param ending why it ended
 * @param weights the kept ones; after an interruption, those of the last step
 * @param state to resume from
 * @param vocabularies by source
 * @param test figures of the kept weights, where there is such a part and the run was not
 *     interrupted
 */
public record Outcome(
    TrainingEvent.Ending ending,
    Weights weights,
    TrainingState state,
    Map<String, List<String>> vocabularies,
    Optional<Figures> test) {
  public Outcome {
    vocabularies = Map.copyOf(vocabularies);
  }
}
