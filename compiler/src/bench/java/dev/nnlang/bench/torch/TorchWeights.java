package dev.nnlang.bench.torch;

import dev.nnlang.runtime.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;

/**
 * Our weights in libtorch's layouts. Whoever asks for a weight says where it comes from and how its
 * dimensions are ordered; the same weight is made once.
 */
final class TorchWeights {
  private final Map<String, Tensor> ours;
  private final TorchPeer.Images images;
  private final Map<String, org.bytedeco.pytorch.Tensor> trained = new LinkedHashMap<>();
  private final Map<String, org.bytedeco.pytorch.Tensor> initial = new LinkedHashMap<>();
  private final Map<String, org.bytedeco.pytorch.Tensor> states = new LinkedHashMap<>();

  TorchWeights(Map<String, Tensor> ours, TorchPeer.Images images) {
    this.ours = ours;
    this.images = images;
  }

  /** A vector as it is. */
  org.bytedeco.pytorch.Tensor vector(String path) {
    return keep(path, TorchTensors.of(ours(path)));
  }

  /** {@code [In, Out]} to {@code [Out, In]}. */
  org.bytedeco.pytorch.Tensor dense(String path) {
    return keep(path, TorchTensors.permuted(ours(path), 1, 0));
  }

  /**
   * Of a dense layer behind a flattened image: our rows run over height, width, channel, libtorch's
   * columns over channel, height, width.
   */
  org.bytedeco.pytorch.Tensor denseAfterImage(String path, int height, int width) {
    var w = ours(path);
    long channels = w.shape()[0] / (height * width);
    long units = w.shape()[1];
    var image = TorchTensors.of(w).view(height, width, channels, units).permute(3, 2, 0, 1);
    return keep(path, image.reshape(units, -1).contiguous());
  }

  /** {@code [K, K, In, Out]} to {@code [Out, In, K, K]}. */
  org.bytedeco.pytorch.Tensor convolution(String path) {
    var dense = TorchTensors.of(ours(path)).permute(3, 2, 0, 1);
    return keep(path, dense.contiguous(TorchTensors.format(images)));
  }

  /**
   * {@code [In, Gate, Units]} to {@code [Gate * Units, In]}; the order of the gates is the same.
   */
  org.bytedeco.pytorch.Tensor gates(String path) {
    long in = ours(path).shape()[0];
    return keep(path, TorchTensors.of(ours(path)).permute(1, 2, 0).reshape(-1, in).contiguous());
  }

  /** {@code [Gate, Units]} in one row. */
  org.bytedeco.pytorch.Tensor gateBias(String path) {
    return keep(path, TorchTensors.of(ours(path)).reshape(-1).clone());
  }

  /** Several {@code [D, Heads, E]} below each other: one product makes queries, keys and values. */
  org.bytedeco.pytorch.Tensor heads(String... paths) {
    var each = new TensorVector();
    for (var path : paths) {
      long depth = ours(path).shape()[0];
      each.push_back(TorchTensors.of(ours(path)).permute(1, 2, 0).reshape(-1, depth));
    }
    return keep(paths[0], org.bytedeco.pytorch.global.torch.cat(each, 0));
  }

  /** {@code [Heads, E, D]} to {@code [D, Heads * E]}. */
  org.bytedeco.pytorch.Tensor headsOut(String path) {
    long depth = ours(path).shape()[2];
    return keep(path, TorchTensors.of(ours(path)).view(-1, depth).t().contiguous());
  }

  /** What is no parameter, and is updated by the forward pass. */
  org.bytedeco.pytorch.Tensor state(String path) {
    var state = TorchTensors.of(ours(path));
    states.put(path, state);
    initial.put(path, state.clone());
    return state;
  }

  private Tensor ours(String path) {
    var tensor = ours.get(path);
    if (tensor == null) {
      throw new IllegalArgumentException("no " + path + " among " + ours.keySet());
    }
    return tensor;
  }

  private org.bytedeco.pytorch.Tensor keep(String path, org.bytedeco.pytorch.Tensor tensor) {
    initial.put(path, tensor.clone());
    tensor.set_requires_grad(true);
    trained.put(path, tensor);
    return tensor;
  }

  /** All that the optimizer updates. */
  TensorVector parameters() {
    return new TensorVector(trained.values().toArray(org.bytedeco.pytorch.Tensor[]::new));
  }

  /** Back to the values at the beginning. */
  void reset() {
    try (var _ = new NoGradGuard()) {
      trained.forEach((path, tensor) -> tensor.copy_(initial.get(path)));
      states.forEach((path, tensor) -> tensor.copy_(initial.get(path)));
    }
  }

  /** As an argument that may be missing. */
  static TensorOptional some(org.bytedeco.pytorch.Tensor tensor) {
    return new TensorOptional(tensor);
  }
}
