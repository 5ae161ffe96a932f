package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.runtime.file.Safetensors;
import dev.nnlang.runtime.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code nn run}: any declaration on given tensors, with all of its options. */
class RunCommandTest {
  @TempDir private Path folder;
  private Shell shell;

  @BeforeEach
  void tensors() throws Exception {
    shell = new Shell(folder);
    shell.file("a.nn", "use \"b.nn\"\nmodel M : x[3] -> y[2] { y = x |> Dense(2) |> Double() }\n");
    shell.file("b.nn", "layer Double : x[D] -> y[D] { y[d] = 2 * x[d] }\n");
    write("x", Map.of("x", of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3)));
    write("one", Map.of("x", of(new double[] {1, 2, 3}, 3)));
    write("w", Map.of("w", of(new double[] {1, 0, 0, 1, 0, 0}, 3, 2)));
    write("dy", Map.of("y", of(new double[] {1, 1, 1, 1}, 2, 2)));
    write("words", Map.of("z", of(new double[] {1}, 1)));
    write(
        "classes",
        Map.of("p", of(new double[] {.2, .3, .5}, 1, 3), "label", Tensor.of(new long[] {3}, 1)));
  }

  private static Tensor of(double[] values, int... shape) {
    return Tensor.of(values, shape);
  }

  private void write(String name, Map<String, Tensor> tensors) throws Exception {
    Safetensors.write(folder.resolve(name + ".safetensors"), tensors, Map.of());
  }

  private double[] read(String file, String tensor) throws Exception {
    var found = Safetensors.read(folder.resolve(file)).tensors().get(tensor);
    var values = new double[found.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = found.get(i);
    }
    return values;
  }

  private Shell.Ended run(String declaration, String input, String... more) {
    var words = new ArrayList<>(List.of("run", "@a.nn", declaration));
    words.addAll(List.of("--input", "@" + input + ".safetensors", "--output", "@y.safetensors"));
    words.addAll(List.of(more));
    return shell.nn(words.toArray(String[]::new));
  }

  private void refused(int status, String says, Shell.Ended ended) {
    assertEquals(status, ended.status(), ended.toString());
    assertTrue(ended.err().contains(says), ended.err());
    assertFalse(Files.exists(folder.resolve("y.safetensors")), "nothing is written");
  }

  @Test
  void leadingDimensionsAreTheBatch() throws Exception {
    assertEquals("value F32[2, 3]\n", run("relu", "x").out());
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, read("y.safetensors", "value"));
    assertEquals("y F32[2, 2]\n", run("Dense", "x", "--set", "Units=2").out());
    assertEquals("y F32[2]\n", run("Dense", "one", "--set", "Units=2").out());
    assertEquals("y F32[6]\n", run("flatten", "x").out());
    assertEquals("y F32[2, 3]\n", run("flatten", "x", "--batch-dims", "1").out());
  }

  @Test
  void aModelOfTheFileRunsWithUsedFilesAndParameters() throws Exception {
    write(
        "p",
        Map.of(
            "Dense_1/w", of(new double[] {1, 0, 0, 1, 0, 0}, 3, 2),
            "Dense_1/b", of(new double[] {0, 1}, 2)));
    var ended = run("M", "x", "--params", "@p.safetensors");
    assertEquals(new Shell.Ended(0, "y F32[2, 2]\n", ""), ended);
    assertArrayEquals(new double[] {2, 6, 8, 12}, read("y.safetensors", "y"));
  }

  @Test
  void gradientsOfInputsAndParametersByPath() throws Exception {
    for (var how : List.of("", "--interpret")) {
      for (var precision : List.of("f32", "f64")) {
        var words =
            new ArrayList<>(
                List.of("--set", "Units=2", "--params", "@w.safetensors", "--precision"));
        words.addAll(List.of(precision, "--upstream", "@dy.safetensors", "--gradients"));
        words.add("@g.safetensors");
        if (!how.isEmpty()) {
          words.add(how);
        }
        var ended = run("Dense", "x", words.toArray(String[]::new));
        assertEquals(0, ended.status(), ended.toString());
        assertEquals("note: b comes from its initialiser\n", ended.err());
        assertArrayEquals(new double[] {1, 1, 0, 1, 1, 0}, read("g.safetensors", "x"));
        assertArrayEquals(new double[] {5, 5, 7, 7, 9, 9}, read("g.safetensors", "w"));
        assertArrayEquals(new double[] {2, 2}, read("g.safetensors", "b"));
      }
    }
  }

  @Test
  void trainingDrawsAndTheSeedDecides() throws Exception {
    run("Dropout", "x");
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, read("y.safetensors", "y"));
    run("Dropout", "x", "--training", "--seed", "3");
    var first = read("y.safetensors", "y");
    run("Dropout", "x", "--training", "--seed", "3", "--threads", "1");
    assertArrayEquals(first, read("y.safetensors", "y"));
    run("Dropout", "x", "--training", "--seed", "4");
    assertFalse(java.util.Arrays.equals(first, read("y.safetensors", "y")));
  }

  @Test
  void jsonSaysWhereTheOutputIs() {
    assertEquals(
        "{\"event\":\"done\",\"output\":\"@y.safetensors\",\"notes\":[]}\n",
        run("relu", "x", "--json").out());
  }

  @Test
  void whatDoesNotFitIsSaid() {
    refused(1, "relu has no input z", run("relu", "words"));
    refused(1, "did you mean Dense?", run("Dens", "x"));
    refused(1, "nothing here is called `four`", run("Dense", "x", "--set", "Units=four"));
    refused(1, "`Dense` has no config `Unitz`", run("Dense", "x", "--set", "Unitz=4"));
    refused(1, "\"Units\" is no name=value", run("Dense", "x", "--set", "Units"));
    refused(1, "needs the config `Units`", run("Dense", "x"));
    refused(
        1,
        "label holds 3, which is not in 0 .. 2",
        run("sparse_categorical_cross_entropy", "classes"));
    refused(
        1,
        "--> @dy.safetensors",
        run("Dense", "x", "--set", "Units=2", "--params", "@dy.safetensors"));
    refused(1, "takes at least 5", run("flatten", "x", "--batch-dims", "5"));
    refused(1, "there is no such file", run("relu", "none"));
    refused(2, "--batch-dims must be at least 0", run("flatten", "x", "--batch-dims", "-1"));
    refused(2, "go together", run("relu", "x", "--upstream", "@dy.safetensors"));
    shell.file("text.safetensors", "no tensors in here");
    refused(1, "this is not a safetensors file", run("relu", "text"));
    shell.file("empty.safetensors", "");
    refused(1, "empty", run("relu", "empty"));
  }
}
