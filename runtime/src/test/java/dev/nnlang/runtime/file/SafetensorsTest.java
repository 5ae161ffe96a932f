package dev.nnlang.runtime.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  @TempDir Path dir;

  @Test
  void everyTypeReadsBack() throws Exception {
    var file = dir.resolve("a.safetensors");
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("Dense_1/w", Tensor.of(new float[] {1, -0f, Float.MIN_VALUE, Float.NaN}, 2, 2));
    tensors.put("d", Tensor.of(new double[] {Math.PI}, 1));
    tensors.put("i", Tensor.of(new long[] {Long.MIN_VALUE, 7}, 2));
    tensors.put("b", Tensor.ofBooleans(new long[] {1, 0, 1}, 3));
    tensors.put("scalar", Tensor.of(new double[] {2}));
    tensors.put("none", Tensor.of(new float[0], 0, 3));
    Safetensors.write(file, tensors, Map.of("format", "nn"));
    var read = Safetensors.read(file);
    assertEquals(Map.of("format", "nn"), read.metadata());
    assertEquals(List.copyOf(tensors.keySet()), List.copyOf(read.tensors().keySet()));
    for (var name : tensors.keySet()) {
      assertEquals(tensors.get(name).toString(), read.tensors().get(name).toString());
      for (int i = 0; i < tensors.get(name).size(); i++) {
        assertEquals(tensors.get(name).get(i), read.tensors().get(name).get(i));
      }
    }
    assertArrayEquals(new long[] {1, 0, 1}, Safetensors.read(file, "b").longs());
    try (var files = Files.list(dir)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void crossesItsChunks() throws Exception {
    var file = dir.resolve("a.safetensors");
    var values = new double[400_000];
    Arrays.setAll(values, i -> i);
    var floats = new float[300_001];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = 0.5f * i;
    }
    var truths = new long[1_100_000];
    Arrays.setAll(truths, i -> i / 3 % 2);
    var tensors = new LinkedHashMap<String, Tensor>();
    // The first have three bytes, so that no later number ends where a chunk does.
    tensors.put("few", Tensor.ofBooleans(new long[] {0, 1, 1}, 3));
    tensors.put("x", Tensor.of(values, values.length));
    tensors.put("y", Tensor.of(floats, floats.length));
    tensors.put("many", Tensor.ofBooleans(truths, truths.length));
    Safetensors.write(file, tensors, Map.of());
    var read = Safetensors.read(file).tensors();
    assertArrayEquals(new long[] {0, 1, 1}, read.get("few").longs());
    assertArrayEquals(values, read.get("x").doubles());
    assertArrayEquals(floats, read.get("y").floats());
    assertArrayEquals(truths, read.get("many").longs());
  }

  private byte[] file(String header, int dataBytes) {
    var text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }

  @Test
  void readsTheTypesOfOthers() throws Exception {
    var bytes =
        file(
            "{\"h\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]},"
                + "\"i\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[2,6]}}",
            6);
    bytes[bytes.length - 5] = 0x3C;
    bytes[bytes.length - 4] = 9;
    Files.write(dir.resolve("a"), bytes);
    var read = Safetensors.read(dir.resolve("a")).tensors();
    assertEquals(ElementType.F32, read.get("h").type());
    assertEquals(1, read.get("h").get(0));
    assertEquals(9, read.get("i").get(0));
  }

  @Test
  void saysWhatIsDamaged() throws Exception {
    var entry = "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,%d]}}";
    refused("error[E0803]: the file is empty\n  --> DIR/a", new byte[0]);
    refused("error[E0804]: the file has 3 bytes, no safetensors header", new byte[3]);
    refused("error[E0804]: the file ends in its header", Arrays.copyOf(file("{}    ", 0), 10));
    refused("error[E0805]: this is not a safetensors file: its header is not JSON", file("{x}", 0));
    refused("error[E0804]: the file ends in the data of \"x\"", file(entry.formatted(8), 7));
    refused(
        "error[E0805]: the header's entry for \"x\" makes no sense: "
            + "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9]}",
        file(entry.formatted(9), 9));
    refused(
        "error[E0805]: \"x\" has elements of type C64",
        file(entry.formatted(8).replace("F32", "C64"), 8));
  }

  private void refused(String expected, byte[] content) throws Exception {
    Files.write(dir.resolve("a"), content);
    var e = assertThrows(ProblemException.class, () -> Safetensors.read(dir.resolve("a")));
    var text = e.problem().toString().replace(dir.toString(), "DIR");
    assertEquals(expected, text.substring(0, Math.min(expected.length(), text.length())));
  }

  @Test
  void noDamageEndsInAnotherException() throws Exception {
    var good = dir.resolve("good");
    Safetensors.write(good, Map.of("x", Tensor.of(new float[] {1, 2}, 2)), Map.of("a", "b"));
    byte[] bytes = Files.readAllBytes(good);
    var random = new Random(1);
    for (int i = 0; i < 500; i++) {
      byte[] damaged = bytes.clone();
      for (int k = random.nextInt(4); k >= 0; k--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      damaged = Arrays.copyOf(damaged, random.nextInt(8, damaged.length + 1));
      Files.write(dir.resolve("a"), damaged);
      try {
        Safetensors.read(dir.resolve("a"));
      } catch (ProblemException e) {
        assertEquals('E', e.problem().code().code().charAt(0));
      }
    }
  }
}
