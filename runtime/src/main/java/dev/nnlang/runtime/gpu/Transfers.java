package dev.nnlang.runtime.gpu;

import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Arrays of tensors as memory: a device stores elements just as they do. */
final class Transfers {
  private Transfers() {}

  static long bytes(Tensor tensor) {
    return tensor.size() * bytes(tensor.type());
  }

  static long bytes(ElementType type) {
    return switch (type) {
      case F32 -> Float.BYTES;
      case F64 -> Double.BYTES;
      case INT, BOOL -> Long.BYTES;
    };
  }

  /** The tensor's array, with its newest values. */
  static MemorySegment segment(Tensor tensor) {
    return segment(
        tensor.type(),
        switch (tensor.type()) {
          case F32 -> tensor.floats();
          case F64 -> tensor.doubles();
          case INT, BOOL -> tensor.longs();
        });
  }

  static MemorySegment segment(ElementType type, Object array) {
    return switch (type) {
      case F32 -> MemorySegment.ofArray((float[]) array);
      case F64 -> MemorySegment.ofArray((double[]) array);
      case INT, BOOL -> MemorySegment.ofArray((long[]) array);
    };
  }
}
