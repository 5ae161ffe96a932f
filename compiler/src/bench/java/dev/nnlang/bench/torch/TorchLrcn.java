package dev.nnlang.bench.torch;

import static dev.nnlang.bench.torch.TorchConvolution.pool;
import static dev.nnlang.bench.torch.TorchNetwork.then;
import static org.bytedeco.pytorch.global.torch.relu;

import dev.nnlang.runtime.tensor.Tensor;
import java.util.Arrays;

/** {@code lrcn.nn}: the frames of all clips are one batch of images. */
final class TorchLrcn implements TorchNetwork {
  private static final int FRAMES = 16;

  private final TorchPeer.Images images;
  private final TorchConvolution first;
  private final TorchConvolution second;
  private final TorchDense third;
  private final TorchLstm rest;

  TorchLrcn(TorchWeights weights, TorchPeer.Images images) {
    this.images = images;
    first = TorchConvolution.of(weights, "eye/Conv2d_1");
    second = TorchConvolution.of(weights, "eye/Conv2d_2");
    third = TorchDense.afterImage(weights, "eye/Dense_1", 8, 8);
    rest = new TorchLstm(weights, "LSTM_1", "Dense_1");
  }

  @Override
  public org.bytedeco.pytorch.Tensor input(Tensor ours) {
    int[] shape = ours.shape();
    int[] frames = Arrays.copyOfRange(shape, 1, shape.length);
    frames[0] *= shape[0];
    return TorchTensors.image(Tensor.of(ours.floats(), frames), images);
  }

  @Override
  public org.bytedeco.pytorch.Tensor forward(org.bytedeco.pytorch.Tensor input, boolean training) {
    var x = first.apply(input);
    x = then(x, relu(x));
    x = then(x, pool(x));
    x = then(x, second.apply(x));
    x = then(x, relu(x));
    x = then(x, pool(x));
    x = then(x, x.flatten(1, -1));
    x = then(x, third.apply(x));
    x = then(x, relu(x));
    x = then(x, x.view(-1, FRAMES, x.size(1)));
    return then(x, rest.forward(x, training));
  }
}
