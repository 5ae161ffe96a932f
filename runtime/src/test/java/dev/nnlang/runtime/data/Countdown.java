package dev.nnlang.runtime.data;

import dev.nnlang.runtime.tensor.Tensor;

/** A reader of a user's own. */
public final class Countdown implements DataSource {
  /** Found by reflection. */
  public Countdown() {}

  @Override
  public SourceData read(SourceRequest request) {
    return SourceData.of(Tensor.of(new double[] {3, 2, 1}, 3), _ -> request.source().declared());
  }
}
