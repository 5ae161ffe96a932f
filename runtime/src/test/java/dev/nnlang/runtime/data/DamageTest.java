package dev.nnlang.runtime.data;

import static dev.nnlang.runtime.data.Opening.N;
import static dev.nnlang.runtime.data.Opening.gzip;
import static dev.nnlang.runtime.data.Opening.index;
import static dev.nnlang.runtime.data.Opening.open;
import static dev.nnlang.runtime.data.Opening.size;
import static dev.nnlang.runtime.data.Opening.source;
import static dev.nnlang.runtime.data.Opening.text;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.runtime.file.Safetensors;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.Tensor;
import java.io.ByteArrayOutputStream;
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

/**
 * However a file is damaged, reading it ends in data or in a problem with a place, never otherwise.
 */
class DamageTest {
  private static final int ROUNDS = 400;
  private static final Element REAL = new Element.Real();
  private static final byte[] NPY =
      ("\u0093NUMPY\1\0\72\0{'descr': '<i2', 'fortran_order': False, 'shape': (3, 2)}  \n"
              + "aAbBcCdDeEfF")
          .getBytes(StandardCharsets.ISO_8859_1);

  @TempDir Path dir;

  private void survives(byte[] good, SourcePlan plan) throws Exception {
    var file =
        dir.resolve(((ReaderCall.Value.Text) plan.reader().arguments().getFirst().value()).text());
    Files.createDirectories(file.getParent());
    Files.write(file, good);
    open(dir, plan);
    var random = new Random(good.length);
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bad = good.clone();
      for (int k = random.nextInt(4); k >= 0; k--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      if (random.nextInt(3) == 0) {
        bad = Arrays.copyOf(bad, random.nextInt(bad.length));
      }
      Files.write(file, bad);
      try {
        open(dir, plan);
      } catch (ProblemException e) {
        refused++;
        assertTrue(e.problem().at().isPresent(), e.problem()::toString);
      }
    }
    assertTrue(refused > 0);
  }

  @Test
  void csv() throws Exception {
    var table = "a,b\n# c\n1,\"2\"\n3,4.5e1\n".getBytes(StandardCharsets.UTF_8);
    survives(table, source("t", List.of(N, size(2)), REAL, "csv", text("a.csv")));
    survives(gzip(table), source("t", List.of(N, size(2)), REAL, "csv", text("a.csv.gz")));
  }

  @Test
  void idx() throws Exception {
    byte[] idx = {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4};
    survives(idx, source("t", List.of(N, size(2)), REAL, "idx", text("a")));
    survives(gzip(idx), source("t", List.of(N, size(2)), REAL, "idx", text("a.gz")));
  }

  @Test
  void npyAndNpz() throws Exception {
    survives(NPY, source("t", List.of(N, size(2)), REAL, "npy", text("a.npy")));
    var zip = new ByteArrayOutputStream();
    try (var out = new ZipOutputStream(zip)) {
      out.putNextEntry(new ZipEntry("t.npy"));
      out.write(NPY);
    }
    survives(
        zip.toByteArray(), source("t", List.of(N, size(2)), REAL, "npz", text("a.npz"), text("t")));
  }

  @Test
  void safetensors() throws Exception {
    var file = dir.resolve("good");
    Safetensors.write(file, Map.of("t", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2)), Map.of());
    survives(
        Files.readAllBytes(file),
        source("t", List.of(N, size(2)), REAL, "safetensors", text("a"), text("t")));
  }

  @Test
  void charsAndPictures() throws Exception {
    survives(
        "h\u00e4llo\n".repeat(3).getBytes(StandardCharsets.UTF_8),
        source("t", List.of(N), index("Char", 7), "chars", text("a.txt")));
    for (var picture : List.of("P2 2 2 255\n1 2 3 4\n", "P5 2 2 255\nabcd")) {
      Files.createDirectories(dir.resolve("set/one"));
      var plan = source("t", List.of(N, size(2), size(2), size(1)), REAL, "images", text("set"));
      var random = new Random(1);
      for (int round = 0; round < ROUNDS; round++) {
        byte[] bad = picture.getBytes(StandardCharsets.US_ASCII);
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
        Files.write(dir.resolve("set/one/a.pgm"), bad);
        try {
          open(dir, plan);
        } catch (ProblemException e) {
          assertTrue(e.problem().at().isPresent(), e.problem()::toString);
        }
      }
    }
  }
}
