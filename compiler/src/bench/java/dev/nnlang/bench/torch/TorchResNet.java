package dev.nnlang.bench.torch;

import static dev.nnlang.bench.torch.TorchNetwork.then;
import static org.bytedeco.pytorch.global.torch.relu_;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** {@code resnet20.nn}; activations in place, as torchvision's networks have them. */
final class TorchResNet implements TorchNetwork {
  private static final double MOMENTUM = 0.1;
  private static final double EPS = 1e-5;

  /** A convolution without bias, and batch normalisation. */
  private record ConvNorm(
      TorchConvolution convolution,
      TensorOptional gamma,
      TensorOptional beta,
      TensorOptional mean,
      TensorOptional variance) {
    static ConvNorm of(TorchWeights weights, String convolution, String norm, long stride) {
      return new ConvNorm(
          TorchConvolution.withoutBias(weights, convolution, stride),
          TorchWeights.some(weights.vector(norm + "/gamma")),
          TorchWeights.some(weights.vector(norm + "/beta")),
          TorchWeights.some(weights.state(norm + "/running_mean")),
          TorchWeights.some(weights.state(norm + "/running_variance")));
    }

    /** In {@code path}. */
    static ConvNorm of(TorchWeights weights, String path, long stride) {
      return of(weights, path + "/Conv2d_1", path + "/BatchNorm_1", stride);
    }

    Tensor apply(Tensor x, boolean training) {
      var y = convolution.apply(x);
      return then(
          y, torch.batch_norm(y, gamma, beta, mean, variance, training, MOMENTUM, EPS, false));
    }
  }

  private record Residual(ConvNorm first, ConvNorm second, Optional<ConvNorm> shortcut) {
    static Residual of(TorchWeights weights, String path, long stride) {
      var shortcut =
          stride == 1
              ? Optional.<ConvNorm>empty()
              : Optional.of(
                  ConvNorm.of(weights, path + "/Conv2d_1", path + "/BatchNorm_1", stride));
      return new Residual(
          ConvNorm.of(weights, path + "/ConvNorm_1", stride),
          ConvNorm.of(weights, path + "/ConvNorm_2", 1),
          shortcut);
    }

    /** Releases {@code x}. */
    Tensor apply(Tensor x, boolean training) {
      var y = first.apply(x, training);
      relu_(y);
      y = then(y, second.apply(y, training));
      if (shortcut.isPresent()) {
        try (var s = shortcut.get().apply(x, training)) {
          y.add_(s);
        }
      } else {
        y.add_(x);
      }
      x.close();
      relu_(y);
      return y;
    }
  }

  private final TorchPeer.Images images;
  private final ConvNorm stem;
  private final List<Residual> blocks = new ArrayList<>();
  private final TorchDense last;

  TorchResNet(TorchWeights weights, TorchPeer.Images images) {
    this.images = images;
    stem = ConvNorm.of(weights, "ConvNorm_1", 1);
    for (int block = 0; block < 3; block++) {
      blocks.add(Residual.of(weights, "Residual_1/" + block, 1));
    }
    for (int stage = 2; stage <= 4; stage += 2) {
      blocks.add(Residual.of(weights, "Residual_" + stage, 2));
      for (int block = 0; block < 2; block++) {
        blocks.add(Residual.of(weights, "Residual_" + (stage + 1) + "/" + block, 1));
      }
    }
    last = TorchDense.of(weights, "Dense_1");
  }

  @Override
  public Tensor input(dev.nnlang.runtime.tensor.Tensor ours) {
    return TorchTensors.image(ours, images);
  }

  @Override
  public Tensor forward(Tensor input, boolean training) {
    var x = stem.apply(input, training);
    relu_(x);
    for (var block : blocks) {
      x = block.apply(x, training);
    }
    x = then(x, torch.adaptive_avg_pool2d(x, 1, 1));
    x = then(x, x.flatten(1, -1));
    return then(x, last.apply(x));
  }
}
