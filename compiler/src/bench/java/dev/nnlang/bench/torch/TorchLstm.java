package dev.nnlang.bench.torch;

import static dev.nnlang.bench.torch.TorchNetwork.then;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** {@code lstm.nn}, and the end of {@code lrcn.nn}. */
final class TorchLstm implements TorchNetwork {
  private final TensorVector weights;
  private final TorchDense last;
  private final long units;

  TorchLstm(TorchWeights weights, String recurrent, String dense) {
    var input = weights.gates(recurrent + "/wx");
    var hidden = weights.gates(recurrent + "/wh");
    var bias = weights.gateBias(recurrent + "/b");
    units = hidden.size(1);
    // libtorch has a second bias for the same sum; it stays 0 and is not trained.
    var second = torch.zeros(4 * units);
    this.weights = new TensorVector(input, hidden, bias, second);
    last = TorchDense.of(weights, dense);
  }

  @Override
  public Tensor input(dev.nnlang.runtime.tensor.Tensor ours) {
    return TorchTensors.of(ours);
  }

  @Override
  public Tensor forward(Tensor input, boolean training) {
    long batch = input.size(0);
    try (var h = torch.zeros(1, batch, units);
        var c = torch.zeros(1, batch, units);
        var state = new TensorVector(h, c);
        var result = torch.lstm(input, state, weights, true, 1, 0, training, false, true)) {
      // The second result is the last step's output, one for each layer and direction.
      var x = result.get1().select(0, 0);
      return then(x, last.apply(x));
    }
  }
}
