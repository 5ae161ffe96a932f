package dev.nnlang.runtime.file;

import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The safetensors format: 8 bytes little-endian header length, a JSON header that gives type, shape
 * and place of each tensor, then the raw little-endian data. Written are F32, F64, I64 and BOOL;
 * read is all that fits these in memory.
 */
public final class Safetensors {
  /** No sane header is longer, and a damaged length must not make us allocate gigabytes. */
  private static final long LONGEST_HEADER = 100L << 20;

  private static final int CHUNK = 1 << 20;

  private Safetensors() {}

  /** What a file holds, in the order of its header. */
  public record Contents(Map<String, Tensor> tensors, Map<String, String> metadata) {}

  private record Entry(String name, Dtype type, int[] shape, long from, long to) {}

  private record Header(List<Entry> entries, Map<String, String> metadata, long dataAt) {}

  /** All tensors. */
  public static Contents read(Path file) throws ProblemException {
    Inputs.check(file);
    try (var in = FileChannel.open(file)) {
      var header = header(file, in);
      var tensors = new LinkedHashMap<String, Tensor>();
      for (var entry : header.entries) {
        tensors.put(entry.name, tensor(in, header, entry));
      }
      return new Contents(tensors, header.metadata);
    } catch (IOException e) {
      throw Inputs.problem(file, e).thrown();
    }
  }

  /** One tensor; a missing one is a problem that lists those there. */
  public static Tensor read(Path file, String name) throws ProblemException {
    Inputs.check(file);
    try (var in = FileChannel.open(file)) {
      var header = header(file, in);
      for (var entry : header.entries) {
        if (entry.name.equals(name)) {
          return tensor(in, header, entry);
        }
      }
      var there = header.entries.stream().map(Entry::name).toList();
      throw Problem.of(ProblemCode.ENTRY_MISSING, "the file holds no tensor \"" + name + "\"")
          .expected("one of " + String.join(", ", there))
          .in(file.toString())
          .thrown();
    } catch (IOException e) {
      throw Inputs.problem(file, e).thrown();
    }
  }

  /** Writes the tensors in the map's order; the file appears whole or not at all. */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws ProblemException {
    WholeFile.write(file, out -> write(out, tensors, metadata));
  }

  private static void write(
      FileChannel out, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    var header = Json.object();
    if (!metadata.isEmpty()) {
      var texts = Json.object();
      for (var entry : metadata.entrySet()) {
        texts = texts.with(entry.getKey(), entry.getValue());
      }
      header = header.with("__metadata__", texts);
    }
    long at = 0;
    for (var entry : tensors.entrySet()) {
      var tensor = entry.getValue();
      var type = Dtype.of(tensor.type());
      long end = at + (long) tensor.size() * type.bytes();
      header =
          header.with(
              entry.getKey(),
              Json.object()
                  .with("dtype", type.name())
                  .with("shape", numbers(tensor.shape()))
                  .with("data_offsets", new Json.Items(List.of(Json.of(at), Json.of(end)))));
      at = end;
    }
    var bytes = header.toString().getBytes(StandardCharsets.UTF_8);
    // Padded with blanks, so that the data are aligned.
    int padded = (bytes.length + 7) / 8 * 8;
    var head = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(padded).put(bytes);
    while (head.hasRemaining()) {
      head.put((byte) ' ');
    }
    WholeFile.writeFully(out, head.flip());
    var chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (var tensor : tensors.values()) {
      var type = Dtype.of(tensor.type());
      int done = 0;
      while (done < tensor.size()) {
        done += type.put(chunk, tensor, done);
        if (chunk.remaining() < Long.BYTES) {
          WholeFile.writeFully(out, chunk.flip());
          chunk.clear();
        }
      }
    }
    WholeFile.writeFully(out, chunk.flip());
  }

  private static Json.Items numbers(int[] numbers) {
    var items = new ArrayList<Json>();
    for (int number : numbers) {
      items.add(Json.of(number));
    }
    return new Json.Items(items);
  }

  private static Header header(Path file, FileChannel in) throws IOException, ProblemException {
    long size = in.size();
    if (size < 8) {
      throw Inputs.truncated(file, "the file has " + size + " bytes, no safetensors header")
          .thrown();
    }
    long length = fill(in, ByteBuffer.allocate(8), 0).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length <= 1 || length > LONGEST_HEADER) {
      throw format(file, "this is not a safetensors file: its header cannot be " + length + " long")
          .thrown();
    }
    if (8 + length > size) {
      throw Inputs.truncated(file, "the file ends in its header").thrown();
    }
    var text =
        StandardCharsets.UTF_8.decode(fill(in, ByteBuffer.allocate((int) length), 8)).toString();
    var entries = new ArrayList<Entry>();
    var metadata = new LinkedHashMap<String, String>();
    if (!(Json.parse(text.strip()).orElse(null) instanceof Json.Members header)) {
      throw format(file, "this is not a safetensors file: its header is not JSON").thrown();
    }
    for (var member : header.members().entrySet()) {
      if (member.getKey().equals("__metadata__")) {
        if (member.getValue() instanceof Json.Members texts) {
          texts
              .members()
              .forEach(
                  (k, v) -> metadata.put(k, v instanceof Json.Text t ? t.text() : v.toString()));
        }
      } else {
        var entry = entry(file, member.getKey(), member.getValue());
        if (8 + length + entry.to > size) {
          throw Inputs.truncated(file, "the file ends in the data of \"" + entry.name + "\"")
              .thrown();
        }
        entries.add(entry);
      }
    }
    return new Header(entries, metadata, 8 + length);
  }

  private static Entry entry(Path file, String name, Json value) throws ProblemException {
    if (value instanceof Json.Members m
        && m.get("dtype").orElse(null) instanceof Json.Text(var dtype)
        && m.get("shape").orElse(null) instanceof Json.Items(var shape)
        && m.get("data_offsets").orElse(null) instanceof Json.Items(var offsets)) {
      var type = Dtype.named(dtype);
      if (type.isEmpty()) {
        throw format(file, "\"" + name + "\" has elements of type " + dtype)
            .expected("one of " + Dtype.all())
            .thrown();
      }
      try {
        int[] extents = new int[shape.size()];
        for (int i = 0; i < extents.length; i++) {
          extents[i] = Math.toIntExact(((Json.Number) shape.get(i)).whole());
        }
        long from = ((Json.Number) offsets.get(0)).whole();
        long to = ((Json.Number) offsets.get(1)).whole();
        long bytes = (long) Tensor.size(extents) * type.get().bytes();
        boolean sane = Arrays.stream(extents).allMatch(e -> e >= 0) && from >= 0;
        if (sane && offsets.size() == 2 && to - from == bytes) {
          return new Entry(name, type.get(), extents, from, to);
        }
      } catch (ArithmeticException
          | ClassCastException
          | NumberFormatException
          | IndexOutOfBoundsException _) {
        // Falls through to the one message: the entry makes no sense.
      }
    }
    throw format(file, "the header's entry for \"" + name + "\" makes no sense: " + value).thrown();
  }

  private static Problem format(Path file, String found) {
    return Problem.of(ProblemCode.FILE_FORMAT, found).in(file.toString());
  }

  private static Tensor tensor(FileChannel in, Header header, Entry entry) throws IOException {
    var tensor = Tensor.zeros(entry.type.storage(), entry.shape);
    long at = header.dataAt + entry.from;
    long end = header.dataAt + entry.to;
    int length = (int) Math.min(CHUNK, end - at);
    var chunk = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    int element = 0;
    while (at < end) {
      chunk.clear().limit((int) Math.min(length, end - at));
      fill(in, chunk, at);
      at += chunk.limit();
      entry.type.get(chunk, tensor, element);
      element += chunk.limit() / entry.type.bytes();
    }
    return tensor;
  }

  private static ByteBuffer fill(FileChannel in, ByteBuffer buffer, long at) throws IOException {
    while (buffer.hasRemaining()) {
      int read = in.read(buffer, at + buffer.position());
      if (read < 0) {
        throw new EOFException();
      }
    }
    return buffer.flip();
  }
}
