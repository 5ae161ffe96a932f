package dev.nnlang.bench.torch;

import static dev.nnlang.bench.torch.TorchNetwork.then;
import static org.bytedeco.pytorch.global.torch.relu;

import org.bytedeco.pytorch.Tensor;

/** {@code mlp.nn}. */
final class TorchMlp implements TorchNetwork {
  private final TorchDense first;
  private final TorchDense second;
  private final TorchDense third;

  TorchMlp(TorchWeights weights) {
    first = TorchDense.of(weights, "Dense_1");
    second = TorchDense.of(weights, "Dense_2");
    third = TorchDense.of(weights, "Dense_3");
  }

  @Override
  public Tensor input(dev.nnlang.runtime.tensor.Tensor ours) {
    return TorchTensors.of(ours);
  }

  @Override
  public Tensor forward(Tensor input, boolean training) {
    var x = first.apply(input);
    x = then(x, relu(x));
    x = then(x, second.apply(x));
    x = then(x, relu(x));
    return then(x, third.apply(x));
  }
}
