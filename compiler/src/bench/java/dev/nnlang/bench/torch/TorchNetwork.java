package dev.nnlang.bench.torch;

import dev.nnlang.bench.Network;
import org.bytedeco.pytorch.Tensor;

/** The forward pass of a network. */
interface TorchNetwork {
  /**
   * From inputs, as {@link #input} gives them, to logits.
   *
   * @param training whether batch normalisation uses the batch's statistics, and moves its own
   */
  Tensor forward(Tensor input, boolean training);

  /** Our input in libtorch's layout. */
  Tensor input(dev.nnlang.runtime.tensor.Tensor ours);

  static TorchNetwork of(Network network, TorchWeights weights, TorchPeer.Images images) {
    return switch (network) {
      case MLP -> new TorchMlp(weights);
      case LENET -> new TorchLeNet(weights, images);
      case RESNET20 -> new TorchResNet(weights, images);
      case LSTM -> new TorchLstm(weights, "LSTM_1", "Dense_1");
      case LRCN -> new TorchLrcn(weights, images);
      case GPT -> new TorchGpt(weights);
    };
  }

  /**
   * The next value of a chain. What it was made from is released at once, as leaving a C++
   * expression would: Java's collector would keep it until much later, and the memory would be new
   * at every step.
   */
  static Tensor then(Tensor before, Tensor next) {
    before.close();
    return next;
  }
}
