package dev.nnlang.runtime.train;

import dev.nnlang.runtime.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a run stands between two steps: with the weights, all that is needed to go on as if it had
 * never stopped.
 *
 * @param step steps done
 * @param epoch the one under way, from 1
 * @param position examples of it that are done
 * @param sums of the epoch's figures so far, by name
 * @param best the best epoch so far, where {@code stop} watches
 * @param stalled epochs since the best one
 * @param ended whether the run is over
 */
public record TrainingState(
    long step,
    long epoch,
    int position,
    Map<String, Tensor> sums,
    Optional<Best> best,
    long stalled,
    boolean ended) {
  public TrainingState {
    sums = Collections.unmodifiableMap(new LinkedHashMap<>(sums));
  }

  /** Before the first step. */
  public static TrainingState start() {
    return new TrainingState(0, 1, 0, Map.of(), Optional.empty(), 0, false);
  }

  /**
   * The best epoch.
   *
   * @param figure that {@code stop} watches
   * @param weights parameters and layer states at its end
   */
  public record Best(double figure, long epoch, Weights weights) {}
}
