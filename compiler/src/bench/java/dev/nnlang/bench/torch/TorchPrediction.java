package dev.nnlang.bench.torch;

import dev.nnlang.bench.Fixture;
import dev.nnlang.bench.Network;
import dev.nnlang.bench.Task;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;

/** Predictions for one batch. */
final class TorchPrediction implements Task {
  private final TorchNetwork forward;
  private final Tensor input;

  TorchPrediction(Network network, Fixture fixture, int batch, TorchPeer.Images images) {
    forward = TorchNetwork.of(network, new TorchWeights(fixture.trained(), images), images);
    input = forward.input(TorchTensors.first(fixture.input(), batch));
    try (var _ = new InferenceMode();
        var output = forward.forward(input, false)) {
      fixture.checkTrained(batch, TorchTensors.floats(output));
    }
  }

  @Override
  public void run() {
    try (var _ = new InferenceMode()) {
      forward.forward(input, false).close();
    }
  }

  @Override
  public void close() {
    input.close();
  }
}
