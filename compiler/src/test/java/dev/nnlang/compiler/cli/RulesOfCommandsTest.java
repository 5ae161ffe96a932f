package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.runtime.file.Json;
import dev.nnlang.runtime.file.Safetensors;
import dev.nnlang.runtime.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of the language that speak of commands: LR-73, LR-74, LR-77, LR-80, LR-82. */
class RulesOfCommandsTest {
  @TempDir private Path folder;
  private Shell shell;

  @BeforeEach
  void open() {
    shell = new Shell(folder);
  }

  // LR-73

  @Test
  void warningsAndHintsEndWell() {
    shell.file("hint.nn", "fn f : x, unread -> y { y = x }\n");
    var hint = shell.nn("check", "@hint.nn");
    assertEquals(0, hint.status(), hint.toString());
    assertTrue(hint.err().contains("hint[H0201]"), hint.err());
    shell.file("warning.nn", "const tiny = 1e-999\n");
    var warning = shell.nn("check", "@warning.nn");
    assertEquals(0, warning.status(), warning.toString());
    assertTrue(warning.err().contains("warning[W0101]"), warning.err());
    assertEquals(1, shell.nn("check", "@none.nn").status());
    assertEquals(2, shell.nn("check", "--colour", "@hint.nn").status());
  }

  // LR-74

  @Test
  void aProblemIsOneLineWithItsFields() {
    shell.file("two.nn", "dim A = 1\ndim A = 2\nfn f : x = y\n");
    var lines = shell.nn("check", "--json", "@two.nn").out().lines().toList();
    assertEquals(
        "{\"code\":\"E0202\",\"severity\":\"error\","
            + "\"message\":\"`A` is declared twice in this file: declared again here\","
            + "\"file\":\"@two.nn\",\"line\":2,\"column\":5,\"endLine\":2,\"endColumn\":6,"
            + "\"help\":\"rename one of them\",\"related\":[{\"message\":\"first declared here\","
            + "\"file\":\"@two.nn\",\"line\":1,\"column\":5}]}",
        lines.getFirst());
    for (var line : lines.subList(0, lines.size() - 1)) {
      var fields = List.copyOf(((Json.Members) Json.parse(line).orElseThrow()).members().keySet());
      assertEquals(
          List.of(
              "code",
              "severity",
              "message",
              "file",
              "line",
              "column",
              "endLine",
              "endColumn",
              "help",
              "related"),
          fields);
    }
    assertEquals(3, lines.size(), lines.toString());
  }

  // LR-77

  /** The model's input is computed from two sources and a fit; the target from a third source. */
  private static final String TWO_SOURCES =
      """
      model Line : x[2] -> y {
          param w[2] = 1
          y = sum[i](w[i] * x[i])
      }

      data Points {
          source table[N, 2] = csv("points.csv", columns = 0 .. 2)
          source shift[N]    = csv("points.csv", column = 2)
          source goal[N]     = csv("points.csv", column = 3)
          fit { mu[f] = mean[n](table[n, f]) }
          sample n -> x[2], target {
              x[i]   = table[n, i] - mu[i] + shift[n]
              target = goal[n]
          }
      }

      train Fit : Line on Points {
          loss      = mse(y, target)
          optimizer = SGD(lr = 0)
          epochs    = 1
      }
      """;

  private void trainOnTwoSources() {
    shell.file("line.nn", TWO_SOURCES);
    shell.file("points.csv", "1,10,0,5\n3,30,0,5\n");
    var ended = shell.nn("train", "@line.nn", "--out", "@m");
    assertEquals(0, ended.status(), ended.toString());
  }

  /** mu is [2, 20]; so (4 - 2) + (50 - 20) + 2 * 1 is 34, and (0 - 2) + (0 - 20) + 2 * 3 is -16. */
  private void assertPredicts(Shell.Ended ended) {
    assertEquals("0: y 34.000\n1: y -16.000\n", ended.out(), ended.toString());
  }

  private static byte[] npy(String shape, double... values) {
    var head = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + shape + "), }";
    head += " ".repeat(63 - (10 + head.length()) % 64) + "\n";
    var bytes =
        ByteBuffer.allocate(10 + head.length() + 8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY\1\0".getBytes(StandardCharsets.ISO_8859_1));
    bytes.putShort((short) head.length()).put(head.getBytes(StandardCharsets.ISO_8859_1));
    for (double value : values) {
      bytes.putDouble(value);
    }
    return bytes.array();
  }

  @Test
  void inputsReplaceTheSourcesOfTheModelsInputs() throws Exception {
    trainOnTwoSources();
    // Without the target's column: it is not needed.
    shell.file("new.csv", "4,50,1\n0,0,3\n");
    assertPredicts(shell.nn("predict", "@m", "--input", "@new.csv"));
    var byName = "table=" + shell.path("new.csv");
    var shift = "shift=" + shell.path("new.csv");
    assertPredicts(shell.nn("predict", "@m", "--input", byName, "--input", shift));

    shell.file("table.npy", npy("2, 2", 4, 50, 0, 0));
    shell.file("shift.npy", npy("2,", 1, 3));
    assertPredicts(
        shell.nn(
            "predict",
            "@m",
            "--input",
            "table=" + shell.path("table.npy"),
            "--input",
            "shift=" + shell.path("shift.npy")));

    Safetensors.write(
        folder.resolve("both.safetensors"),
        Map.of(
            "table", Tensor.of(new double[] {4, 50, 0, 0}, 2, 2),
            "shift", Tensor.of(new double[] {1, 3}, 2)),
        Map.of());
    assertPredicts(shell.nn("predict", "@m", "--input", "@both.safetensors"));
  }

  @Test
  void inputsThatDoNotFitAreExplained() {
    trainOnTwoSources();
    shell.file("table.npy", npy("2, 2", 4, 50, 0, 0));
    shell.file("wide.npy", npy("2, 3", 4, 50, 0, 0, 1, 1));
    shell.file("cut.npy", java.util.Arrays.copyOf(npy("2, 2", 4, 50, 0, 0), 140));
    predictRefuses("goal", "goal=" + shell.path("table.npy"));
    predictRefuses("[2, 3]", "table=" + shell.path("wide.npy"));
    predictRefuses("E0804", "table=" + shell.path("cut.npy"));
    predictRefuses("sources are table, shift\n  --> --input @table.npy", "@table.npy", "@wide.npy");
    var table = "table=" + shell.path("table.npy");
    predictRefuses("table is given twice", table, table);
    predictRefuses("there is no file @gone.npy", "@gone.npy");
  }

  @Test
  void ofASingleSourceThereIsOneInput() {
    shell.file(
        "line.nn",
        TWO_SOURCES
            .replace("source shift[N]    = csv(\"points.csv\", column = 2)", "")
            .replace(" + shift[n]", ""));
    shell.file("points.csv", "1,10,0,5\n3,30,0,5\n");
    assertEquals(0, shell.nn("train", "@line.nn", "--out", "@m").status());
    predictRefuses(
        "table is the only source\n  --> --input @points.csv", "@points.csv", "@points.csv");
  }

  private void predictRefuses(String says, String... inputs) {
    var words = new ArrayList<>(List.of("predict", "@m"));
    for (var input : inputs) {
      words.addAll(List.of("--input", input));
    }
    var ended = shell.nn(words.toArray(String[]::new));
    assertEquals(1, ended.status(), ended.toString());
    assertTrue(ended.err().contains(says), ended.err());
    assertEquals("", ended.out());
    assertFalse(ended.err().contains("\tat "), ended.err());
  }

  // LR-80

  private static final String RUNNABLE =
      """
      dim Class = 3
      loss off : p[C], t[C] -> value { value = sum((p - t)^2) }
      layer Cube : x[A, B] -> y[A] {
          param w[3, B, 4] = 1
          y[a] = sum[b, i: 3, j: 4](x[a, b] * w[i, b, j])
      }
      fn facts : x[D], c: index Class -> positive: bool, n: int, picked {
          positive = all[d](x[d] > 0)
          n        = argmax[d](x[d])
          picked   = x[0] + c
      }
      fn two_outputs : x[D] -> a[D], b[D] {
          a = 2 * x
          b = log(x)
      }
      """;

  private Shell.Ended run(String name, String input, String... more) {
    shell.file("r.nn", RUNNABLE);
    var words = new ArrayList<>(List.of("run", "@r.nn", name, "--input", "@" + input));
    words.addAll(List.of("--output", "@y.safetensors"));
    words.addAll(List.of(more));
    return shell.nn(words.toArray(String[]::new));
  }

  private void write(String file, Map<String, Tensor> tensors) throws Exception {
    Safetensors.write(folder.resolve(file), tensors, Map.of());
  }

  private Tensor read(String file, String name) throws Exception {
    return Safetensors.read(folder.resolve(file)).tensors().get(name);
  }

  private double[] numbers(String file, String name) throws Exception {
    var tensor = read(file, name);
    return IntStream.range(0, tensor.size()).mapToDouble(tensor::get).toArray();
  }

  private static Tensor of(double[] values, int... shape) {
    return Tensor.of(values, shape);
  }

  @Test
  void aLossOfABatchIsItsMean() throws Exception {
    write(
        "in.safetensors",
        Map.of("p", of(new double[] {1, 2, 3, 4}, 2, 2), "t", of(new double[4], 2, 2)));
    write("up.safetensors", Map.of("value", of(new double[] {3})));
    var ended =
        run(
            "off",
            "in.safetensors",
            "--upstream",
            "@up.safetensors",
            "--gradients",
            "@g.safetensors",
            "--precision",
            "f64");
    assertEquals("value F64[]\n", ended.out(), ended.toString());
    assertArrayEquals(new double[] {15}, numbers("y.safetensors", "value"));
    // 3 * 2 p / 2 examples.
    assertArrayEquals(new double[] {3, 6, 9, 12}, numbers("g.safetensors", "p"));
  }

  @Test
  void aLayerRunsWithoutAModelAroundItAndSaysWhereItsParametersComeFrom() throws Exception {
    write("in.safetensors", Map.of("x", of(new double[] {1, 1, 1, 2}, 2, 2)));
    var ended = run("Cube", "in.safetensors");
    assertEquals("note: w comes from its initialiser\n", ended.err());
    assertArrayEquals(new double[] {24, 36}, numbers("y.safetensors", "y"));
    write("batch.safetensors", Map.of("x", of(new double[] {1, 1, 1, 2, 0, 0, 1, 0}, 2, 2, 2)));
    assertEquals("y F32[2, 2]\n", run("Cube", "batch.safetensors").out());
    assertArrayEquals(new double[] {24, 36, 0, 12}, numbers("y.safetensors", "y"));
  }

  @Test
  void outputsMayBeBoolOrInt() throws Exception {
    write(
        "in.safetensors",
        Map.of("x", of(new double[] {1, 5, 2}, 3), "c", Tensor.of(new long[] {2})));
    assertEquals("positive BOOL[]\nn I64[]\npicked F32[]\n", types(run("facts", "in.safetensors")));
    assertEquals(1, read("y.safetensors", "n").get(0));
  }

  private static String types(Shell.Ended ended) {
    return ended.out().replace("INT", "I64");
  }

  /** The slope of log at 0 is infinite; times an upstream of 0 it would be NaN. */
  @Test
  void anUpstreamThatIsNotGivenIsNotMultipliedIn() throws Exception {
    write("in.safetensors", Map.of("x", of(new double[] {0, 1}, 2)));
    write("up.safetensors", Map.of("a", of(new double[] {1, 1}, 2)));
    var ended =
        run(
            "two_outputs",
            "in.safetensors",
            "--upstream",
            "@up.safetensors",
            "--gradients",
            "@g.safetensors");
    assertEquals(0, ended.status(), ended.toString());
    assertArrayEquals(new double[] {2, 2}, numbers("g.safetensors", "x"));
  }

  @Test
  void wrongShapesTypesAndIndicesAreExplained() throws Exception {
    write(
        "far.safetensors", Map.of("x", of(new double[] {1, 5}, 2), "c", Tensor.of(new long[] {3})));
    runRefuses("is not in 0 .. 2", "facts", "far.safetensors");
    write("real.safetensors", Map.of("x", of(new double[] {1, 5}, 2), "c", of(new double[] {1.5})));
    runRefuses("c holds reals, expected index Class", "facts", "real.safetensors");
    write(
        "shapes.safetensors",
        Map.of("p", of(new double[] {1, 5}, 2), "t", of(new double[] {1, 5, 3}, 3)));
    runRefuses("off", "off", "shapes.safetensors");
  }

  private void runRefuses(String says, String name, String input) throws Exception {
    Files.deleteIfExists(folder.resolve("y.safetensors"));
    var ended = run(name, input);
    assertEquals(1, ended.status(), ended.toString());
    assertTrue(ended.err().contains(says), ended.err());
    assertFalse(ended.err().contains("\tat "), ended.err());
    assertFalse(Files.exists(folder.resolve("y.safetensors")), "nothing is written");
  }

  // LR-82

  @Test
  void numbersReadBackToTheSameValue() throws Exception {
    shell.file("third.nn", TWO_SOURCES.replace("sum[i](w[i] * x[i])", "(x[0] + 2) / 3 + 0 * w[0]"));
    shell.file("points.csv", "1,10,0,5\n3,30,0,5\n");
    shell.nn("train", "@third.nn", "--out", "@m", "--precision", "f64");
    var line = shell.nn("predict", "@m", "--input", "@points.csv", "--json").out().lines();
    assertEquals(
        "{\"event\":\"prediction\",\"n\":0,\"y\":[0.3333333333333333]}", line.toList().get(0));
  }
}
