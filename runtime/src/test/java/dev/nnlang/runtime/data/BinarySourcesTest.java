package dev.nnlang.runtime.data;

import static dev.nnlang.runtime.data.Opening.N;
import static dev.nnlang.runtime.data.Opening.gzip;
import static dev.nnlang.runtime.data.Opening.index;
import static dev.nnlang.runtime.data.Opening.number;
import static dev.nnlang.runtime.data.Opening.open;
import static dev.nnlang.runtime.data.Opening.refused;
import static dev.nnlang.runtime.data.Opening.size;
import static dev.nnlang.runtime.data.Opening.source;
import static dev.nnlang.runtime.data.Opening.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nnlang.runtime.file.Safetensors;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** idx, npy, npz, safetensors and linspace. */
class BinarySourcesTest {
  private static final Element REAL = new Element.Real();

  @TempDir Path dir;

  private static byte[] idx(int type, int[] shape, byte... data) throws Exception {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeShort(0);
    out.writeByte(type);
    out.writeByte(shape.length);
    for (int extent : shape) {
      out.writeInt(extent);
    }
    out.write(data);
    return bytes.toByteArray();
  }

  private static byte[] npy(String header, byte... data) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    out.write(header.length());
    out.write(0);
    out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(data);
    return out.toByteArray();
  }

  @Test
  void idxFilesFollowEachOther() throws Exception {
    Files.write(
        dir.resolve("a"), idx(8, new int[] {2, 2}, (byte) 1, (byte) 2, (byte) 3, (byte) 255));
    Files.write(dir.resolve("b.gz"), gzip(idx(8, new int[] {1, 2}, (byte) 5, (byte) 6)));
    var plan = source("img", List.of(N, size(2)), REAL, "idx", text("a"), text("b.gz"));
    var open = open(dir, plan);
    assertArrayEquals(new double[] {1, 2, 3, 255, 5, 6}, open.tensor("img").doubles());
    assertEquals(3, open.dims().get("N"));
    assertEquals(dir.resolve("b.gz").toString(), open.place("img", 4).toString());
  }

  @Test
  void idxHasSixElementTypes() throws Exception {
    Files.write(dir.resolve("a"), idx(0x0B, new int[] {1}, (byte) 0xFF, (byte) 0xFE));
    var plan = source("v", List.of(N), REAL, "idx", text("a"));
    assertArrayEquals(new double[] {-2}, open(dir, plan).tensor("v").doubles());
    Files.write(
        dir.resolve("a"), idx(0x0D, new int[] {1}, (byte) 0x3F, (byte) 0xC0, (byte) 0, (byte) 0));
    assertArrayEquals(new double[] {1.5}, open(dir, plan).tensor("v").doubles());
  }

  @Test
  void refusesBadIdx() throws Exception {
    var plan = source("img", List.of(N, size(2)), REAL, "idx", text("a"));
    Files.write(dir.resolve("a"), idx(8, new int[] {2, 2}, (byte) 1, (byte) 2, (byte) 3));
    refused(
        dir,
        """
        error[E0804]: the file ends after 3 of 4 elements
          --> DIR/a
          help: the file was cut off; copy or download it again
        """,
        plan);
    Files.write(dir.resolve("a"), idx(8, new int[] {1, 2}, (byte) 1, (byte) 2, (byte) 3));
    refused(
        dir,
        """
        error[E0805]: the file goes on after the elements of its shape [1, 2]
          --> DIR/a
        """,
        plan);
    Files.writeString(dir.resolve("a"), "1,2\n3,4\n");
    refused(
        dir,
        """
        error[E0805]: this is not an idx file: it begins with the bytes [49, 44, 50, 10]
          --> DIR/a
          expected: 0, 0, an element type and a rank
        """,
        plan);
    Files.write(dir.resolve("a"), idx(8, new int[] {Integer.MAX_VALUE, 2}, (byte) 1));
    refused(
        dir,
        """
        error[E0825]: the data have the shape [2147483647, 2]
          --> DIR/a
          expected: at most 2^31 - 9 elements
        """,
        plan);
    Files.write(dir.resolve("a"), idx(8, new int[] {1_000_000, 2}, (byte) 1));
    refused(
        dir,
        """
        error[E0804]: the file is too short for its 2000000 elements
          --> DIR/a
          help: the file was cut off; copy or download it again
        """,
        plan);
    Files.write(dir.resolve("a"), idx(8, new int[] {1, 3}, (byte) 1, (byte) 2, (byte) 3));
    refused(
        dir,
        """
        error[E0817]: the data have the shape [1, 3], but source img[N, 2] is declared
          --> a.nn:7:5
          expected: 2 in place of 3
        """,
        plan);
  }

  @Test
  void refusesATruncatedGzip() throws Exception {
    byte[] noise = new byte[4000];
    new Random(1).nextBytes(noise);
    byte[] whole = gzip(idx(8, new int[] {2000, 2}, noise));
    Files.write(dir.resolve("a.gz"), Arrays.copyOf(whole, whole.length / 2));
    var e =
        assertThrows(
            ProblemException.class,
            () -> open(dir, source("img", List.of(N, size(2)), REAL, "idx", text("a.gz"))));
    assertEquals("E0804", e.problem().code().code());
    assertEquals(dir.resolve("a.gz").toString(), e.problem().at().orElseThrow().file());
  }

  @Test
  void refusesAClassOutsideItsDimension() throws Exception {
    Files.write(dir.resolve("a"), idx(8, new int[] {3}, (byte) 1, (byte) 10, (byte) 3));
    refused(
        dir,
        """
        error[E0815]: source lab[1] is 10, outside index Digit
          --> DIR/a
          expected: 0 to 9, as Digit has 10 values
          declared: a.nn:7:5
        """,
        source("lab", List.of(N), index("Digit", 10), "idx", text("a")));
  }

  @Test
  void sizesOfOneNameAgreeOverSources() throws Exception {
    Files.write(dir.resolve("a"), idx(8, new int[] {2}, (byte) 1, (byte) 2));
    Files.write(dir.resolve("b"), idx(8, new int[] {1}, (byte) 1));
    refused(
        dir,
        """
        error[E0818]: N is 1 in source y[N], but 2 in source x[N]
          --> a.nn:7:5
          expected: equal sizes for equal names
          declared: a.nn:7:5
        """,
        source("x", List.of(N), REAL, "idx", text("a")),
        source("y", List.of(N), REAL, "idx", text("b")));
  }

  @Test
  void npyInBothOrders() throws Exception {
    byte[] data = {1, 2, 3, 4, 5, 6};
    var plan = source("a", List.of(N, size(3)), REAL, "npy", text("a.npy"));
    Files.write(
        dir.resolve("a.npy"),
        npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }  \n", data));
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, open(dir, plan).tensor("a").doubles());
    Files.write(
        dir.resolve("a.npy"),
        npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }  \n", data));
    assertArrayEquals(new double[] {1, 3, 5, 2, 4, 6}, open(dir, plan).tensor("a").doubles());
    Files.write(
        dir.resolve("a.npy"),
        npy(
            "{'descr': '<f2', 'fortran_order': False, 'shape': (1, 3), }  \n",
            (byte) 0,
            (byte) 0x3C,
            (byte) 0,
            (byte) 0xC0,
            (byte) 0,
            (byte) 0));
    assertArrayEquals(new double[] {1, -2, 0}, open(dir, plan).tensor("a").doubles());
  }

  @Test
  void refusesBadNpy() throws Exception {
    var plan = source("a", List.of(N), REAL, "npy", text("a.npy"));
    Files.writeString(dir.resolve("a.npy"), "1,2,3,4,5,6");
    refused(
        dir,
        """
        error[E0805]: this is not an npy file
          --> DIR/a.npy
          expected: the bytes 93 NUMPY at its beginning
        """,
        plan);
    Files.write(
        dir.resolve("a.npy"), npy("{'descr': '<U3', 'fortran_order': False, 'shape': (1,), }\n"));
    refused(
        dir,
        """
        error[E0805]: the elements have NumPy's type <U3
          --> DIR/a.npy
          expected: integers, bools or reals of at most 64 bits
          help: save them with .astype('float32') or .astype('int64')
        """,
        plan);
    Files.write(
        dir.resolve("a.npy"),
        npy(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }\n",
            (byte) 0,
            (byte) 0,
            (byte) 0xC0,
            (byte) 0x7F));
    refused(
        dir,
        """
        error[E0813]: source a[0] is NaN
          --> DIR/a.npy
          expected: finite numbers
          declared: a.nn:7:5
        """,
        plan);
  }

  @Test
  void npzHoldsArraysByName() throws Exception {
    try (var zip = new ZipOutputStream(Files.newOutputStream(dir.resolve("a.npz")))) {
      zip.putNextEntry(new ZipEntry("x.npy"));
      zip.write(
          npy("{'descr': '|i1', 'fortran_order': False, 'shape': (2,), }\n", (byte) 7, (byte) -1));
    }
    var plan = source("x", List.of(N), REAL, "npz", text("a.npz"), text("x"));
    assertArrayEquals(new double[] {7, -1}, open(dir, plan).tensor("x").doubles());
    refused(
        dir,
        """
        error[E0824]: the archive holds no array "y"
          --> DIR/a.npz
          expected: one of x
        """,
        source("x", List.of(N), REAL, "npz", text("a.npz"), text("y")));
  }

  @Test
  void safetensorsAreConvertedToTheSourcesType() throws Exception {
    Safetensors.write(
        dir.resolve("a.safetensors"), Map.of("x", Tensor.of(new float[] {1, 2}, 2)), Map.of());
    var arguments = new ReaderCall.Argument[] {text("a.safetensors"), text("x")};
    var ints = source("x", List.of(N), index("D", 3), "safetensors", arguments);
    assertArrayEquals(new long[] {1, 2}, open(dir, ints).tensor("x").longs());
    var reals = source("x", List.of(N), REAL, "safetensors", arguments);
    assertArrayEquals(new double[] {1, 2}, open(dir, reals).tensor("x").doubles());
  }

  @Test
  void linspaceHasBothEnds() throws Exception {
    var plan = source("t", List.of(N), REAL, "linspace", number(0), number(4), number(9));
    assertArrayEquals(
        new double[] {0, .5, 1, 1.5, 2, 2.5, 3, 3.5, 4}, open(dir, plan).tensor("t").doubles());
    refused(
        dir,
        """
        error[E0807]: linspace cannot take [0, 4]
          --> a.nn:7:5
          expected: two ends and a count: linspace(0, 4, 256)
        """,
        source("t", List.of(N), REAL, "linspace", number(0), number(4)));
  }
}
