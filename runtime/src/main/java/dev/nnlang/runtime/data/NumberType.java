package dev.nnlang.runtime.data;

import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How a binary file stores a number. */
record NumberType(Kind kind, ByteOrder order) {
  /** All that idx and npy have. */
  enum Kind {
    U8(1),
    I8(1),
    U16(2),
    I16(2),
    U32(4),
    I32(4),
    I64(8),
    F16(2),
    F32(4),
    F64(8);

    private final int bytes;

    Kind(int bytes) {
      this.bytes = bytes;
    }
  }

  int bytes() {
    return kind.bytes;
  }

  double next(ByteBuffer in) {
    return switch (kind) {
      case U8 -> Byte.toUnsignedInt(in.get());
      case I8 -> in.get();
      case U16 -> Short.toUnsignedInt(in.getShort());
      case I16 -> in.getShort();
      case U32 -> Integer.toUnsignedLong(in.getInt());
      case I32 -> in.getInt();
      case I64 -> in.getLong();
      case F16 -> Float.float16ToFloat(in.getShort());
      case F32 -> in.getFloat();
      case F64 -> in.getDouble();
    };
  }

  static NumberType idx(int code, DataFile file) throws ProblemException {
    var kind =
        switch (code) {
          case 0x08 -> Kind.U8;
          case 0x09 -> Kind.I8;
          case 0x0B -> Kind.I16;
          case 0x0C -> Kind.I32;
          case 0x0D -> Kind.F32;
          case 0x0E -> Kind.F64;
          default ->
              throw Problem.of(ProblemCode.FILE_FORMAT, "idx has no element type " + code)
                  .expected("8, 9, 11, 12, 13 or 14")
                  .in(file.path().toString())
                  .thrown();
        };
    return new NumberType(kind, ByteOrder.BIG_ENDIAN);
  }

  /** By NumPy's name, such as {@code <f4}. */
  static NumberType numpy(String name, DataFile file) throws ProblemException {
    var order = name.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    var bare = name.matches("[<>|=].*") ? name.substring(1) : name;
    var kind =
        switch (bare) {
          case "u1", "b1" -> Kind.U8;
          case "i1" -> Kind.I8;
          case "u2" -> Kind.U16;
          case "i2" -> Kind.I16;
          case "u4" -> Kind.U32;
          case "i4" -> Kind.I32;
          case "i8", "u8" -> Kind.I64;
          case "f2" -> Kind.F16;
          case "f4" -> Kind.F32;
          case "f8" -> Kind.F64;
          default ->
              throw Problem.of(ProblemCode.FILE_FORMAT, "the elements have NumPy's type " + name)
                  .expected("integers, bools or reals of at most 64 bits")
                  .mend("save them with .astype('float32') or .astype('int64')")
                  .in(file.path().toString())
                  .thrown();
        };
    return new NumberType(kind, order);
  }
}
