package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.ProgramProcess;
import dev.nnlang.runtime.file.Json;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From {@code nn train} over {@code test} and {@code predict} to a run that goes on. */
class TrainCommandTest {
  /** Needs its fit: without mu the points are far from where the model starts. */
  private static final String PROGRAM =
      """
      model Line : x -> y {
          param a = 0
          param b = 0
          y = a * x + b
      }

      data Points {
          source table[N, 2] = csv("points.csv")
          fit { mu = mean[n](table[n, 0]) }
          sample n -> x, target {
              x      = (table[n, 0] - mu) / 50
              target = table[n, 1]
          }
          split = ordered(train = 0.6, valid = 0.2, test = 0.2)
      }

      train Fit : Line on Points {
          loss      = mse(y, target)
          metrics   = [mae(y, target)]
          optimizer = Adam(lr = 0.1)
          batch     = 16
          epochs    = 6
          stop      = stalled(valid.loss, epochs = 3)
      }
      """;

  @TempDir private Path folder;
  private Shell shell;

  @BeforeEach
  void program() {
    shell = new Shell(folder);
    shell.file("line.nn", PROGRAM);
    var points = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      points.append(String.format(Locale.ROOT, "%d,%.2f%n", i, 0.02 * i + 1));
    }
    shell.file("points.csv", points.toString());
  }

  private byte[] bytes(String file) throws Exception {
    return Files.readAllBytes(folder.resolve(file));
  }

  @Test
  void aSettingFromOutsideMayBeACall() {
    var gate = "first=overfit(samples = 8, until = loss < 1000, within = 5)";
    var ended = shell.nn("train", "@line.nn", "--set", gate, "--epochs", "1");
    assertEquals(0, ended.status(), ended.toString());
    assertTrue(ended.out().startsWith("it can learn: loss < 1000.0 after 1 step"), ended.out());
    var wrong = shell.nn("train", "@line.nn", "--set", "first=overfit(8)");
    assertEquals(1, wrong.status(), wrong.toString());
    assertTrue(wrong.err().contains("E0609"), wrong.toString());
  }

  @Test
  void aRunIsDrawnWhileItGoesOnAndAfterwards() throws Exception {
    var ended = shell.nn("train", "@line.nn", "--plot", "@pictures/run.svg");
    assertEquals(0, ended.status(), ended.toString());
    var picture = Files.readString(folder.resolve("pictures/run.svg"));
    assertTrue(picture.contains(">Fit</text>"), picture);
    assertTrue(picture.contains(">mae</text>"), picture);
    assertTrue(picture.contains("after 6 epochs · test: loss "), picture);
    assertEquals(picture, shell.nn("plot", "@runs/Fit").out());
    assertEquals("@again.svg\n", shell.nn("plot", "@runs/Fit", "--out", "@again.svg").out());
    assertEquals(picture, Files.readString(folder.resolve("again.svg")));
    try (Stream<Path> left = Files.list(folder.resolve("pictures"))) {
      assertEquals(1, left.count(), "what is written beside is renamed");
    }
  }

  @Test
  void aPictureThatCannotBeWrittenIsAProblemBeforeTheFirstStep() {
    var ended = shell.nn("train", "@line.nn", "--plot", "@points.csv/run.svg");
    assertEquals(1, ended.status(), ended.toString());
    assertTrue(ended.err().contains("@points.csv/run.svg"), ended.toString());
    assertFalse(Files.exists(folder.resolve("runs/Fit/weights.safetensors")));
    var nothing = shell.nn("plot", "@nowhere");
    assertEquals(1, nothing.status(), nothing.toString());
    assertTrue(nothing.err().contains("@nowhere/run.jsonl"), nothing.toString());
  }

  @Test
  void aRunLeavesAFolderThatTestAndPredictUse() throws Exception {
    var ended = shell.nn("train", "@line.nn");
    assertEquals(0, ended.status(), ended.toString());
    assertTrue(
        ended.out().startsWith("Fit: 2 parameters, examples: 60 train, 20 valid, 20 test\n"),
        ended.out());
    assertTrue(ended.out().contains("train.loss  train.mae  valid.loss  valid.mae"), ended.out());
    assertTrue(ended.out().endsWith("model: @runs/Fit\n"), ended.out());
    for (var name :
        List.of(
            "weights.safetensors",
            "optimizer.safetensors",
            "model.json",
            "state.json",
            "run.jsonl",
            "sources/line.nn")) {
      assertTrue(Files.isRegularFile(folder.resolve("runs/Fit").resolve(name)), name);
    }
    var model = Files.readString(folder.resolve("runs/Fit/model.json"));
    assertTrue(model.contains("\"sha256\":\""), model);

    var tested = shell.nn("test", "@line.nn");
    assertEquals(tested, shell.nn("test", "@runs/Fit"));
    assertTrue(tested.out().matches("(?s)test\\.loss +\\S+\ntest\\.mae +\\S+\n"), tested.out());

    // A new file without targets: the model's input needs the first column and the stored mu.
    shell.file("new.csv", "30,0\n31,0\n");
    var text = shell.nn("predict", "@runs/Fit", "--input", "@new.csv");
    assertEquals(2, text.out().lines().count(), text.toString());
    assertTrue(text.out().matches("0: y \\S+\n1: y \\S+\n"), text.out());
    var json = shell.nn("predict", "@line.nn", "--input", "table=@new.csv", "--json");
    assertEquals(1, json.status(), "the path of a named input is as the user gives it");
    json = shell.nn("predict", "@line.nn", "--input", "@new.csv", "--json");
    assertTrue(json.out().startsWith("{\"event\":\"prediction\",\"n\":0,\"y\":["), json.toString());
    assertEquals(
        "wrote @p.safetensors\n",
        shell
            .nn("predict", "@runs/Fit", "--input", "@new.csv", "--output", "@p.safetensors")
            .out());

    var misnamed = shell.nn("predict", "@runs/Fit", "--input", "@new.csv", "--output", "@p.csv");
    assertEquals(2, misnamed.status(), misnamed.toString());
    assertTrue(
        misnamed.err().contains("--output writes a .safetensors file, not @p.csv;"),
        misnamed.err());
    assertFalse(Files.exists(folder.resolve("p.csv")), "nothing was written");
  }

  @Test
  void jsonIsOneEventALine() {
    var lines =
        shell.nn("train", "@line.nn", "--json", "--epochs", "2", "--out", "@o").out().lines();
    var events = lines.map(l -> (Json.Members) Json.parse(l).orElseThrow()).toList();
    var epoch = events.stream().filter(e -> e.toString().contains("\"epoch\",")).findFirst();
    assertTrue(
        epoch
            .orElseThrow()
            .toString()
            .matches(
                "\\{\"event\":\"epoch\",\"epoch\":1,\"train\":\\{\"loss\":[^,]+,\"mae\":[^}]+},"
                    + "\"valid\":\\{\"loss\":[^,]+,\"mae\":[^}]+}.*"),
        epoch.toString());
    assertTrue(
        events
            .getLast()
            .toString()
            .replace(folder.toString(), "@")
            .matches(
                "\\{\"event\":\"done\",\"test\":\\{\"loss\":[^,]+,\"mae\":[^}]+},\"model\":\"@o\".*"),
        events.getLast().toString());
  }

  @Test
  void settingsAreReplacedAndRemembered() throws Exception {
    var ended =
        shell.nn(
            "train",
            "@line.nn",
            "--set",
            "lr=0.2",
            "--set",
            "batch=60",
            "--epochs",
            "2",
            "--seed",
            "3",
            "--precision",
            "f64",
            "--threads",
            "1",
            "--out",
            "@o");
    assertEquals(0, ended.status(), ended.toString());
    var model = Files.readString(folder.resolve("o/model.json"));
    assertTrue(
        model.contains(
            "\"settings\":{\"lr\":\"0.2\",\"batch\":\"60\",\"epochs\":\"2\",\"seed\":\"3\"}"),
        model);
    assertTrue(model.contains("\"precision\":\"f64\""), model);
    assertTrue(shell.nn("test", "@o").status() == 0);
  }

  @Test
  void theSameBitsOnOneThreadAndTwo() throws Exception {
    shell.nn("train", "@line.nn", "--threads", "1", "--out", "@one");
    shell.nn("train", "@line.nn", "--threads", "2", "--out", "@two");
    assertArrayEquals(bytes("one/weights.safetensors"), bytes("two/weights.safetensors"));
  }

  private void refused(String says, String... words) {
    var ended = shell.nn(words);
    assertEquals(1, ended.status(), ended.toString());
    assertTrue(ended.err().contains(says), ended.err());
  }

  @Test
  void badRequestsAreExplained() {
    refused("there is Fit", "train", "@line.nn", "--train", "Fitt");
    refused(
        "`lr` is no setting",
        "train",
        shell
            .file(
                "n.nn",
                PROGRAM
                    .replace("Adam(lr = 0.1)", "Plain()")
                    .replace(
                        "model Line", "optimizer Plain : w, g { w' = w - 0.1 * g }\n\nmodel Line"))
            .toString(),
        "--set",
        "lr=1");
    refused("\"lr\" is no name=value", "train", "@line.nn", "--set", "lr");
    refused("lr is set twice", "train", "@line.nn", "--set", "lr=1", "--set", "lr=2");
    refused("--set:1:4\n   |\n 1 | lr=abc\n   |    ^^^", "train", "@line.nn", "--set", "lr=abc");
    refused("`epochs` must be", "train", "@line.nn", "--epochs", "0");
    refused("there is no trained model", "train", "@line.nn", "--resume", "--out", "@none");
    refused("a file, not a folder", "train", "@line.nn", "--out", "@points.csv");
    refused("there is no trained model", "test", "@line.nn");
    assertFalse(Files.exists(folder.resolve("runs")), "nothing was written");
    refused("there is no file @gone.nn", "predict", "@gone.nn", "--input", "@points.csv");
  }

  @Test
  void aProblemOfARunHasItsPlaceInJson() {
    shell.file("wrong.csv", "x,y\n1,2\n1,two\n");
    shell.file("wrong.nn", PROGRAM.replace("points.csv", "wrong.csv"));
    var ended = shell.nn("train", "@wrong.nn", "--json");
    assertEquals(1, ended.status(), ended.toString());
    assertTrue(
        ended.out().contains("\"file\":\"@wrong.csv\",\"line\":3,\"column\":3,"), ended.toString());
  }

  @Test
  void aDamagedFolderIsExplained() throws Exception {
    shell.nn("train", "@line.nn", "--epochs", "1", "--out", "@o");
    for (var name :
        List.of("weights.safetensors", "optimizer.safetensors", "model.json", "state.json")) {
      var file = folder.resolve("o").resolve(name);
      var whole = Files.readAllBytes(file);
      Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
      refused("--> @o/" + name, "test", "@o");
      Files.delete(file);
      refused("@o", "test", "@o");
      Files.write(file, whole);
    }
    Files.writeString(folder.resolve("o/sources/line.nn"), PROGRAM + "// more\n");
    refused("the source was changed after training", "test", "@o");
  }

  /**
   * A real signal to a real process, and what it leaves goes on to the same bits. The signal is
   * TERM: a process takes over from its parents that INT, which Ctrl-C sends, is ignored, and
   * shells ignore it for jobs in the background, as these tests may be.
   */
  @Test
  @Timeout(120)
  void anInterruptedRunGoesOnToTheSameBits() throws Exception {
    var program =
        shell
            .file(
                "long.nn",
                PROGRAM
                    .replace("epochs    = 6", "epochs    = 40000")
                    .replace("    stop      = stalled(valid.loss, epochs = 3)\n", ""))
            .toString();
    assertEquals(0, shell.nn("train", program, "--out", "@whole").status());

    var process = ProgramProcess.start("train", program, "--json", "--out", shell.path("parts"));
    var told = new StringBuilder();
    try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
      boolean asked = false;
      for (String line; (line = lines.readLine()) != null; ) {
        if (!asked && line.startsWith("{\"event\":\"epoch\"")) {
          asked = true;
          assertTrue(process.toHandle().destroy());
        }
        if (!line.contains("\"step\",")) {
          told.append(line).append('\n');
        }
      }
    }
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertTrue(told.toString().contains("{\"event\":\"interrupted\""), told.toString());
    assertTrue(told.toString().contains("\"resume\":\"nn train"), told.toString());
    assertFalse(told.toString().contains("{\"event\":\"done\""), told.toString());

    assertEquals(0, shell.nn("train", program, "--resume", "--out", "@parts").status());
    assertArrayEquals(bytes("whole/weights.safetensors"), bytes("parts/weights.safetensors"));
    assertArrayEquals(bytes("whole/optimizer.safetensors"), bytes("parts/optimizer.safetensors"));
  }

  @Test
  void aWordOfTheCommandThatGoesOnIsQuotedWhereAShellWouldSplitIt() {
    assertEquals("lr=1e-2", TrainCommand.quoted("lr=1e-2"));
    assertEquals("'first=overfit(n = 4)'", TrainCommand.quoted("first=overfit(n = 4)"));
    assertEquals("'it'\\''s'", TrainCommand.quoted("it's"));
  }
}
