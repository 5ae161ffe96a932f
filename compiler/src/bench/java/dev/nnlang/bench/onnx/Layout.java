package dev.nnlang.bench.onnx;

import dev.nnlang.runtime.tensor.Tensor;

/** Our tensors with their dimensions in another order, or another shape. */
final class Layout {
  private Layout() {}

  /** Dimension {@code d} of the result is dimension {@code order[d]} of the tensor. */
  static Tensor permuted(Tensor tensor, int... order) {
    int[] from = tensor.shape();
    int[] shape = new int[order.length];
    int[] strides = new int[order.length];
    for (int d = 0; d < order.length; d++) {
      shape[d] = from[order[d]];
      strides[d] = 1;
      for (int after = order[d] + 1; after < from.length; after++) {
        strides[d] *= from[after];
      }
    }
    var result = Tensor.zeros(tensor.type(), shape);
    int[] at = new int[order.length];
    for (int i = 0; i < result.size(); i++) {
      int rest = i;
      int place = 0;
      for (int d = order.length - 1; d >= 0; d--) {
        at[d] = rest % shape[d];
        rest /= shape[d];
        place += at[d] * strides[d];
      }
      result.set(i, tensor.get(place));
    }
    return result;
  }

  /** The same numbers in another shape. */
  static Tensor shaped(Tensor tensor, int... shape) {
    return switch (tensor.type()) {
      case F32 -> Tensor.of(tensor.floats(), shape);
      case INT -> Tensor.of(tensor.longs(), shape);
      case F64, BOOL -> throw new IllegalArgumentException(tensor.toString());
    };
  }

  /** The first examples. */
  static Tensor first(Tensor tensor, int examples) {
    int[] shape = tensor.shape();
    shape[0] = examples;
    var result = Tensor.zeros(tensor.type(), shape);
    for (int i = 0; i < result.size(); i++) {
      result.set(i, tensor.get(i));
    }
    return result;
  }
}
