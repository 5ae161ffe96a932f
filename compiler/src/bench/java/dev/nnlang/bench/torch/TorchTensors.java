package dev.nnlang.bench.torch;

import dev.nnlang.runtime.tensor.Tensor;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/** Between our tensors and libtorch's. */
final class TorchTensors {
  private TorchTensors() {}

  /** A copy with the same shape, {@code Float} or {@code Long}. */
  static org.bytedeco.pytorch.Tensor of(Tensor tensor) {
    var shape = Arrays.stream(tensor.shape()).asLongStream().toArray();
    return switch (tensor.type()) {
      case F32 -> org.bytedeco.pytorch.Tensor.create(tensor.floats(), shape);
      case INT -> org.bytedeco.pytorch.Tensor.create(tensor.longs(), shape);
      case F64, BOOL -> throw new IllegalArgumentException(tensor.toString());
    };
  }

  /** A copy with its dimensions in another order. */
  static org.bytedeco.pytorch.Tensor permuted(Tensor tensor, long... order) {
    return of(tensor).permute(order).contiguous();
  }

  /** {@code [N, H, W, C]} as {@code [N, C, H, W]}, lying in memory as asked for. */
  static org.bytedeco.pytorch.Tensor image(Tensor tensor, TorchPeer.Images images) {
    return of(tensor).permute(0, 3, 1, 2).contiguous(format(images));
  }

  /** The first examples. */
  static Tensor first(Tensor tensor, int examples) {
    var shape = tensor.shape();
    int each = tensor.size() / shape[0];
    shape[0] = examples;
    return switch (tensor.type()) {
      case F32 -> Tensor.of(Arrays.copyOf(tensor.floats(), each * examples), shape);
      case INT -> Tensor.of(Arrays.copyOf(tensor.longs(), each * examples), shape);
      case F64, BOOL -> throw new IllegalArgumentException(tensor.toString());
    };
  }

  static MemoryFormat format(TorchPeer.Images images) {
    return switch (images) {
      case CHANNELS_FIRST -> MemoryFormat.Contiguous;
      case CHANNELS_LAST -> MemoryFormat.ChannelsLast;
    };
  }

  /** The elements, row-major. */
  static float[] floats(org.bytedeco.pytorch.Tensor tensor) {
    var dense = tensor.detach().contiguous();
    var values = new float[Math.toIntExact(dense.numel())];
    new FloatPointer(dense.data_ptr()).get(values);
    return values;
  }
}
