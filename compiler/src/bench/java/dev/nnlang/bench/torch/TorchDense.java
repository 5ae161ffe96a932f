package dev.nnlang.bench.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** A dense layer's weights. */
record TorchDense(Tensor weight, TensorOptional bias) {
  static TorchDense of(TorchWeights weights, String path) {
    return new TorchDense(weights.dense(path + "/w"), bias(weights, path));
  }

  static TorchDense afterImage(TorchWeights weights, String path, int height, int width) {
    return new TorchDense(weights.denseAfterImage(path + "/w", height, width), bias(weights, path));
  }

  private static TensorOptional bias(TorchWeights weights, String path) {
    return TorchWeights.some(weights.vector(path + "/b"));
  }

  Tensor apply(Tensor x) {
    return torch.linear(x, weight, bias);
  }
}
