package dev.nnlang.bench.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** A convolution's weights, with the padding that keeps the size at stride 1. */
record TorchConvolution(Tensor weight, TensorOptional bias, long[] stride, long[] padding) {
  static TorchConvolution of(TorchWeights weights, String path) {
    return of(weights, path, TorchWeights.some(weights.vector(path + "/b")), 1);
  }

  static TorchConvolution withoutBias(TorchWeights weights, String path, long stride) {
    return of(weights, path, new TensorOptional(), stride);
  }

  private static TorchConvolution of(
      TorchWeights weights, String path, TensorOptional bias, long stride) {
    var weight = weights.convolution(path + "/w");
    long padding = (weight.size(2) - 1) / 2;
    return new TorchConvolution(
        weight, bias, new long[] {stride, stride}, new long[] {padding, padding});
  }

  Tensor apply(Tensor x) {
    return torch.conv2d(x, weight, bias, stride, padding, ONE, 1);
  }

  private static final long[] ONE = {1, 1};
  private static final long[] TWO = {2, 2};
  private static final long[] NONE = {0, 0};

  /** The largest of each window of 2x2. */
  static Tensor pool(Tensor x) {
    return torch.max_pool2d(x, TWO, TWO, NONE, ONE, false);
  }
}
