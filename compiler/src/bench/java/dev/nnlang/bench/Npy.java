package dev.nnlang.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** NumPy's format, version 1. */
final class Npy {
  private Npy() {}

  static void write(Path file, float[] values, int... shape) throws IOException {
    var data = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    Files.write(file, bytes("<f4", shape, data.array()));
  }

  static void write(Path file, long[] values, int... shape) throws IOException {
    var data = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asLongBuffer().put(values);
    Files.write(file, bytes("<i8", shape, data.array()));
  }

  /** The header is padded so that the data begin at a multiple of 64. */
  private static byte[] bytes(String type, int[] shape, byte[] data) {
    var sizes = Arrays.stream(shape).mapToObj(size -> size + ",").collect(Collectors.joining(" "));
    var text = "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, sizes);
    int length = (10 + text.length() + 1 + 63) / 64 * 64 - 10;
    var header = text + " ".repeat(length - text.length() - 1) + "\n";
    return ByteBuffer.allocate(10 + length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) length)
        .put(header.getBytes(StandardCharsets.US_ASCII))
        .put(data)
        .array();
  }
}
