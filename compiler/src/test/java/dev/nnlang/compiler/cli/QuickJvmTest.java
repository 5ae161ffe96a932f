package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.ProgramProcess;
import dev.nnlang.runtime.cpu.CompiledProgram;
import dev.nnlang.runtime.cpu.Lanes;
import dev.nnlang.runtime.file.Records;
import dev.nnlang.runtime.train.StoredTraining;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program in a JVM without the Vector API, as the launcher starts it for short commands. */
class QuickJvmTest {
  private static final String ONE_LANE = "-Dnn.lanes=1";

  /**
   * Windows, sums along lanes, ends of runs, conditions, functions, products, time and attention.
   */
  private static final String PROGRAM =
      """
      dim Kind = 3
      model M : x[6, 5] -> p[Kind] {
          seen[r, c, k: 1] = x[r, c]
          u = seen |> Conv2d(5) |> gelu |> flatten |> Dense(19) |> tanh
          v = x |> LSTM(5) |> TransformerEncoder(1, rate = 0.0) |> flatten |> Dense(19) |> softplus
          z[i] = if u[i] > v[i] then u[i] * v[i] else u[i] - v[i]
          p = z |> Dense(Kind) |> softmax
      }
      data Rows {
          source table[N, 31] = csv("rows.csv")
          sample n -> x[6, 5], kind: index Kind {
              x[r, c] = table[n, 5*r + c]
              kind    = table[n, 30]
          }
      }
      train Fit : M on Rows {
          loss      = sparse_categorical_cross_entropy(p, kind)
          optimizer = Adam()
          batch     = 4
          epochs    = 1
      }
      """;

  @TempDir private Path folder;
  private Shell shell;

  @BeforeEach
  void write() {
    shell = new Shell(folder);
    var random = new Random(3);
    var rows = new StringBuilder();
    for (int n = 0; n < 9; n++) {
      for (int i = 0; i < 30; i++) {
        rows.append("%.3f,".formatted(random.nextGaussian()));
      }
      rows.append(n % 3).append('\n');
    }
    shell.file("rows.csv", rows.toString());
    shell.file("m.nn", PROGRAM);
  }

  private void train(String... more) {
    var words = new ArrayList<>(List.of("train", "@m.nn", "--out", "@m"));
    words.addAll(List.of(more));
    var trained = shell.nn(words.toArray(String[]::new));
    assertEquals(0, trained.status(), trained.toString());
  }

  private List<String> prediction() {
    return List.of("predict", shell.path("m"), "--input", shell.path("rows.csv"));
  }

  /** A process with these options and no module but the usual ones. */
  private Shell.Ended start(List<String> options, List<String> words)
      throws IOException, InterruptedException {
    var out = folder.resolve("out");
    var err = folder.resolve("err");
    var process =
        ProgramProcess.builder(options, words)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    int status = process.waitFor();
    return new Shell.Ended(
        status,
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private static List<Double> numbers(String text) {
    return Arrays.stream(text.split("[^-+.e0-9]+"))
        .filter(word -> word.matches("[-+]?[0-9].*"))
        .map(Double::valueOf)
        .collect(Collectors.toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"f32", "f64"})
  void predictsTheSameToRounding(String precision) throws IOException, InterruptedException {
    train("--precision", precision);
    var vectors = shell.nn(prediction().toArray(String[]::new));
    assertEquals(0, vectors.status(), vectors.toString());
    var one = start(List.of(ONE_LANE), prediction());
    assertEquals(0, one.status(), one.toString());
    assertEquals("", one.err());
    var wanted = numbers(vectors.out());
    var given = numbers(one.out());
    assertEquals(9 * 4, wanted.size(), vectors.out());
    assertEquals(wanted.size(), given.size(), one.out());
    for (int i = 0; i < wanted.size(); i++) {
      // Four figures are printed.
      assertEquals(wanted.get(i), given.get(i), 2e-4 * Math.abs(wanted.get(i)), one.out());
    }
  }

  @Test
  void otherCommandsSayTheSame() throws IOException, InterruptedException {
    for (var command :
        List.of(
            List.of("check", shell.path("m.nn")),
            List.of("explain", shell.path("m.nn"), "--program", "step"),
            List.of("diff", shell.path("m.nn"), "gelu"),
            List.of("--version"))) {
      var vectors = start(List.of("--add-modules=jdk.incubator.vector"), command);
      var one = start(List.of(ONE_LANE), command);
      assertEquals(vectors.out(), one.out());
      assertEquals(vectors.status(), one.status());
      assertFalse(one.err().contains("incubator"), one.err());
    }
  }

  @Test
  void compilesForAProcessThatHasVectors() throws Exception {
    var kept = new ArrayList<StoredTraining>();
    var names = new ArrayList<Path>();
    var lanes = "-Dnn.lanes=" + Lanes.inFloats();
    for (var jvm : List.of("--add-modules=jdk.incubator.vector", lanes)) {
      var cache = folder.resolve("cache" + kept.size());
      var options = List.of(jvm, "-Dnn.cache=" + cache, "-Dnn.compiles=true");
      var ended = start(options, List.of("train", shell.path("m.nn")));
      assertEquals(0, ended.status(), ended.toString());
      try (var files = Files.list(cache.resolve("trainings"))) {
        var file = files.toList().getFirst();
        names.add(file.getFileName());
        kept.add(Records.read(Files.readAllBytes(file), StoredTraining.class));
      }
    }
    assertEquals(names.getFirst(), names.getLast(), "the one finds what the other has kept");
    var classes = kept.stream().map(k -> classes(k.step())).toList();
    assertEquals(classes.getFirst().size(), classes.getLast().size());
    for (int i = 0; i < classes.getFirst().size(); i++) {
      assertArrayEquals(classes.getFirst().get(i), classes.getLast().get(i));
    }
    assertEquals(kept.getFirst().step().steps(), kept.getLast().step().steps());
  }

  private static List<byte[]> classes(CompiledProgram.Parts program) {
    var all = new ArrayList<>(program.kernels());
    all.addAll(program.movers());
    all.add(program.tiles());
    return all;
  }

  @Test
  void aMissingModuleIsTold() throws IOException, InterruptedException {
    train();
    var forgotten = start(List.of(), prediction());
    assertEquals(0, forgotten.status(), forgotten.toString());
    assertTrue(forgotten.err().contains("--add-modules=jdk.incubator.vector"), forgotten.err());
    assertEquals(start(List.of(ONE_LANE), prediction()).out(), forgotten.out());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void muchToComputeIsLeftToTheLauncher() throws IOException, InterruptedException {
    train();
    var launcher = folder.resolve("a launcher");
    Files.writeString(
        launcher,
        """
        #!/bin/sh
        echo "vectors: $NN_VECTORS"
        for word; do echo "$word"; done
        echo said >&2
        exit 3
        """);
    assertTrue(launcher.toFile().setExecutable(true));
    var cache = "-Dnn.cache=" + folder.resolve("cache");
    var few = List.of(ONE_LANE, cache, "-Dnn.launcher=" + launcher, "-Dnn.quick.operations=1000");
    var words = new ArrayList<>(prediction());
    words.addAll(List.of("--threads", "2", "--set", "lr=1e-3"));
    // Compiled first, then kept.
    for (int i = 0; i < 2; i++) {
      var left = start(few, words);
      assertEquals(3, left.status(), left.toString());
      assertEquals("vectors: 1\n" + String.join("\n", words) + "\n", left.out());
      assertEquals("said\n", left.err());
    }
    var here = List.of(ONE_LANE, cache, "-Dnn.launcher=" + launcher);
    var much = start(List.of(ONE_LANE, cache, "-Dnn.quick.operations=1000"), words);
    assertEquals(0, much.status(), "nobody else could do it");
    assertEquals(much, start(here, words), "it is not much");
  }
}
