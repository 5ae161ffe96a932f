package dev.nnlang.runtime.file;

import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The element types of safetensors: how one element is read and written. */
enum Dtype {
  F64(8, ElementType.F64),
  F32(4, ElementType.F32),
  F16(2, ElementType.F32),
  BF16(2, ElementType.F32),
  I64(8, ElementType.INT),
  I32(4, ElementType.INT),
  I16(2, ElementType.INT),
  I8(1, ElementType.INT),
  U32(4, ElementType.INT),
  U16(2, ElementType.INT),
  U8(1, ElementType.INT),
  BOOL(1, ElementType.BOOL);

  private final int bytes;
  private final ElementType storage;

  Dtype(int bytes, ElementType storage) {
    this.bytes = bytes;
    this.storage = storage;
  }

  int bytes() {
    return bytes;
  }

  ElementType storage() {
    return storage;
  }

  static Dtype of(ElementType type) {
    return switch (type) {
      case F32 -> F32;
      case F64 -> F64;
      case INT -> I64;
      case BOOL -> BOOL;
    };
  }

  static Optional<Dtype> named(String name) {
    return Arrays.stream(values()).filter(d -> d.name().equals(name)).findFirst();
  }

  static String all() {
    return String.join(", ", Arrays.stream(values()).map(Dtype::name).toList());
  }

  void get(ByteBuffer in, Tensor to, int i) {
    switch (this) {
      case F64 -> to.doubles()[i] = in.getDouble();
      case F32 -> to.floats()[i] = in.getFloat();
      case F16 -> to.floats()[i] = Float.float16ToFloat(in.getShort());
      case BF16 -> to.floats()[i] = Float.intBitsToFloat(in.getShort() << 16);
      case I64 -> to.longs()[i] = in.getLong();
      case I32 -> to.longs()[i] = in.getInt();
      case I16 -> to.longs()[i] = in.getShort();
      case I8 -> to.longs()[i] = in.get();
      case U32 -> to.longs()[i] = Integer.toUnsignedLong(in.getInt());
      case U16 -> to.longs()[i] = Short.toUnsignedLong(in.getShort());
      case U8 -> to.longs()[i] = Byte.toUnsignedLong(in.get());
      case BOOL -> to.longs()[i] = in.get() == 0 ? 0 : 1;
    }
  }

  void put(ByteBuffer out, Tensor from, int i) {
    switch (from.type()) {
      case F32 -> out.putFloat(from.floats()[i]);
      case F64 -> out.putDouble(from.doubles()[i]);
      case INT -> out.putLong(from.longs()[i]);
      case BOOL -> out.put((byte) from.longs()[i]);
    }
  }
}
