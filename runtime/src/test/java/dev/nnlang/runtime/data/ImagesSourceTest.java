package dev.nnlang.runtime.data;

import static dev.nnlang.runtime.data.Opening.N;
import static dev.nnlang.runtime.data.Opening.index;
import static dev.nnlang.runtime.data.Opening.open;
import static dev.nnlang.runtime.data.Opening.refused;
import static dev.nnlang.runtime.data.Opening.size;
import static dev.nnlang.runtime.data.Opening.source;
import static dev.nnlang.runtime.data.Opening.text;
import static dev.nnlang.runtime.data.Opening.write;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nnlang.runtime.program.Extent;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagesSourceTest {
  @TempDir Path dir;

  private static final List<Extent> SHAPE = List.of(N, size(2), size(2), size(1));

  /** A PNG of the given rows, each of which begins with its filter. */
  private static byte[] png(int width, int height, int depth, int type, byte[]... rows)
      throws Exception {
    var header = new ByteArrayOutputStream();
    var fields = new DataOutputStream(header);
    fields.writeInt(width);
    fields.writeInt(height);
    fields.write(new byte[] {(byte) depth, (byte) type, 0, 0, 0});
    var data = new ByteArrayOutputStream();
    try (var deflater = new DeflaterOutputStream(data)) {
      for (byte[] row : rows) {
        deflater.write(row);
      }
    }
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    chunk(out, "IHDR", header.toByteArray());
    chunk(out, "PLTE", new byte[] {10, 20, 30, 40, 50, 60});
    chunk(out, "IDAT", data.toByteArray());
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String name, byte[] body) throws Exception {
    var data = new DataOutputStream(out);
    data.writeInt(body.length);
    var crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.US_ASCII));
    crc.update(body);
    data.writeBytes(name);
    data.write(body);
    data.writeInt((int) crc.getValue());
  }

  @BeforeEach
  void folders() throws Exception {
    Files.createDirectories(dir.resolve("set/cat"));
    Files.createDirectories(dir.resolve("set/dog"));
  }

  private double[] pixels(int channels) throws Exception {
    var shape = List.of(N, size(2), size(2), size(channels));
    return open(dir, source("img", shape, new Element.Real(), "images", text("set")))
        .tensor("img")
        .doubles();
  }

  @Test
  void classesAreFoldersInOrder() throws Exception {
    write(dir.resolve("set/dog/a.pgm"), "P2 # grey\n2 2 255\n1 2 3 4\n");
    Files.write(
        dir.resolve("set/cat/b.pgm"), "P5 2 2 255\nabcd".getBytes(StandardCharsets.US_ASCII));
    assertArrayEquals(new double[] {97, 98, 99, 100, 1, 2, 3, 4}, pixels(1));
    var labels = source("lab", List.of(N), index("Kind", 2), "images", text("set"));
    var open = open(dir, labels);
    assertArrayEquals(new long[] {0, 1}, open.tensor("lab").longs());
    assertEquals(Map.of("lab", List.of("cat", "dog")), open.vocabularies());
    var words = source("lab", List.of(N), index("Kind", 2, "dog", "cat"), "images", text("set"));
    assertArrayEquals(new long[] {0, 1}, open(dir, words).tensor("lab").longs());
    assertEquals(
        dir.resolve("set/dog/a.pgm").toString(), open(dir, words).place("lab", 0).toString());
  }

  @Test
  void undoesEveryFilterOfPng() throws Exception {
    // Left: 5, 5+2. Up: 5+1, 7+1. Average of left and up: 3 + (0+6)/2, 1 + (6+8)/2. Paeth: 1 + up,
    // 2 + left.
    Files.write(
        dir.resolve("set/cat/a.png"), png(2, 2, 8, 0, new byte[] {1, 5, 2}, new byte[] {2, 1, 1}));
    assertArrayEquals(new double[] {5, 7, 6, 8}, pixels(1));
    Files.write(
        dir.resolve("set/cat/a.png"), png(2, 2, 8, 0, new byte[] {0, 6, 8}, new byte[] {3, 3, 1}));
    assertArrayEquals(new double[] {6, 8, 6, 8}, pixels(1));
    Files.write(
        dir.resolve("set/cat/a.png"), png(2, 2, 8, 0, new byte[] {0, 6, 8}, new byte[] {4, 1, 2}));
    assertArrayEquals(new double[] {6, 8, 7, 10}, pixels(1));
  }

  @Test
  void readsPalettesAndBits() throws Exception {
    Files.write(
        dir.resolve("set/cat/a.png"),
        png(2, 2, 1, 3, new byte[] {0, (byte) 0b01000000}, new byte[] {0, (byte) 0b10000000}));
    assertArrayEquals(new double[] {10, 20, 30, 40, 50, 60, 40, 50, 60, 10, 20, 30}, pixels(3));
    Files.write(
        dir.resolve("set/cat/a.png"),
        png(2, 2, 2, 0, new byte[] {0, (byte) 0b00010000}, new byte[] {0, (byte) 0b10110000}));
    assertArrayEquals(new double[] {0, 85, 170, 255}, pixels(1));
    // Grey becomes colours where colours are declared.
    assertArrayEquals(new double[] {0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255}, pixels(3));
  }

  @Test
  void refusesWhatDoesNotFit() throws Exception {
    var plan = source("img", SHAPE, new Element.Real(), "images", text("set"));
    refused(
        dir, "error[E0803]: the folder holds no folder with pictures in it\n  --> DIR/set", plan);
    write(dir.resolve("set/cat/a.pgm"), "P2 2 2 255\n1 2 3 4\n");
    write(dir.resolve("set/cat/b.pgm"), "P2 2 1 255\n1 2\n");
    refused(
        dir,
        """
        error[E0817]: the picture is 1 x 2 with 1 channel
          --> DIR/set/cat/b.pgm
          expected: 2 x 2, as the first picture DIR/set/cat/a.pgm has
        """,
        plan);
    write(dir.resolve("set/cat/b.pgm"), "P2 2 2 255\n1 2\n");
    refused(
        dir,
        """
        error[E0804]: the picture ends in the middle of its data
          --> DIR/set/cat/b.pgm
          help: the file was cut off; copy or download it again
        """,
        plan);
    Files.write(dir.resolve("set/cat/b.pgm"), new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff});
    refused(
        dir,
        """
        error[E0805]: JPEG is not read by this version
          --> DIR/set/cat/b.pgm
          expected: PNG, PGM or PPM
          help: convert the pictures to PNG, which keeps every pixel
        """,
        plan);
    write(dir.resolve("set/cat/b.pgm"), "P3 2 2 255\n1 2 3 4 5 6 7 8 9 10 11 12\n");
    refused(
        dir,
        """
        error[E0817]: the picture is 2 x 2 with 3 channels
          --> DIR/set/cat/b.pgm
          expected: what 1 channels can show: img[N, 2, 2, 1]
          declared: a.nn:7:5
        """,
        plan);
    refused(
        dir,
        """
        error[E0814]: the folder "cat" is no known class
          --> DIR/set/cat
          expected: one of dog, cow
          declared: a.nn:7:5
        """,
        source("lab", List.of(N), index("Kind", 2, "dog", "cow"), "images", text("set")));
  }
}
