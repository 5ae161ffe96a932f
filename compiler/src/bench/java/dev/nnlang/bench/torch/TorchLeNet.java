package dev.nnlang.bench.torch;

import static dev.nnlang.bench.torch.TorchConvolution.pool;
import static dev.nnlang.bench.torch.TorchNetwork.then;
import static org.bytedeco.pytorch.global.torch.relu;

import org.bytedeco.pytorch.Tensor;

/** {@code lenet.nn}. */
final class TorchLeNet implements TorchNetwork {
  private final TorchPeer.Images images;
  private final TorchConvolution first;
  private final TorchConvolution second;
  private final TorchDense third;
  private final TorchDense fourth;

  TorchLeNet(TorchWeights weights, TorchPeer.Images images) {
    this.images = images;
    first = TorchConvolution.of(weights, "Conv2d_1");
    second = TorchConvolution.of(weights, "Conv2d_2");
    third = TorchDense.afterImage(weights, "Dense_1", 7, 7);
    fourth = TorchDense.of(weights, "Dense_2");
  }

  @Override
  public Tensor input(dev.nnlang.runtime.tensor.Tensor ours) {
    return TorchTensors.image(ours, images);
  }

  @Override
  public Tensor forward(Tensor input, boolean training) {
    var x = first.apply(input);
    x = then(x, relu(x));
    x = then(x, pool(x));
    x = then(x, second.apply(x));
    x = then(x, relu(x));
    x = then(x, pool(x));
    x = then(x, x.flatten(1, -1));
    x = then(x, third.apply(x));
    x = then(x, relu(x));
    return then(x, fourth.apply(x));
  }
}
