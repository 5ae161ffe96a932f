package dev.nnlang.runtime.file;

import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The element types of safetensors: how elements are read and written. */
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

  /** Reads elements from one on: all that are in the buffer, of which none is there in part. */
  void get(ByteBuffer in, Tensor to, int from) {
    int count = in.remaining() / bytes;
    switch (this) {
      case F64 -> in.asDoubleBuffer().get(to.doubles(), from, count);
      case F32 -> in.asFloatBuffer().get(to.floats(), from, count);
      case I64 -> in.asLongBuffer().get(to.longs(), from, count);
      case F16, BF16, I32, I16, I8, U32, U16, U8, BOOL -> {
        for (int i = from; i < from + count; i++) {
          getOne(in, to, i);
        }
      }
    }
    in.position(in.limit());
  }

  private void getOne(ByteBuffer in, Tensor to, int i) {
    switch (this) {
      case F16 -> to.floats()[i] = Float.float16ToFloat(in.getShort());
      case BF16 -> to.floats()[i] = Float.intBitsToFloat(in.getShort() << 16);
      case I32 -> to.longs()[i] = in.getInt();
      case I16 -> to.longs()[i] = in.getShort();
      case I8 -> to.longs()[i] = in.get();
      case U32 -> to.longs()[i] = Integer.toUnsignedLong(in.getInt());
      case U16 -> to.longs()[i] = Short.toUnsignedLong(in.getShort());
      case U8 -> to.longs()[i] = Byte.toUnsignedLong(in.get());
      case BOOL -> to.longs()[i] = in.get() == 0 ? 0 : 1;
      case F64, F32, I64 -> throw new IllegalStateException(name());
    }
  }

  /** Writes elements from one on: as many as there are and the buffer has room for. */
  int put(ByteBuffer out, Tensor tensor, int from) {
    int count = Math.min(tensor.size() - from, out.remaining() / bytes);
    switch (tensor.type()) {
      case F32 -> out.asFloatBuffer().put(tensor.floats(), from, count);
      case F64 -> out.asDoubleBuffer().put(tensor.doubles(), from, count);
      case INT -> out.asLongBuffer().put(tensor.longs(), from, count);
      case BOOL -> {
        for (int i = 0; i < count; i++) {
          out.put(out.position() + i, (byte) tensor.longs()[from + i]);
        }
      }
    }
    out.position(out.position() + count * bytes);
    return count;
  }
}
