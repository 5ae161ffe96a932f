package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.runtime.file.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a plan can ask of a run beside its loss and its optimizer. */
class PlanFeaturesTest {
  private static final String MODEL =
      """
      model Net : x[2] -> y[1] { y = x |> Dense(3) as body |> tanh |> Dense(1) as head }

      model Two : x[2] -> y[2] { y = x |> Dense(3) as body |> tanh |> Dense(2) as head }

      data Points {
          source table[N, 2] = csv("points.csv")
          sample n -> x[2], target[1] {
              x[i]      = table[n, i]
              target[k] = table[n, 0] * table[n, 1]
          }
          split = ordered(train = 0.8, valid = 0.2)
      }
      """;

  @TempDir private Path folder;
  private Shell shell;

  @BeforeEach
  void points() {
    shell = new Shell(folder);
    var points = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      points.append(String.format(Locale.ROOT, "%.3f,%.3f%n", Math.sin(i), Math.cos(2 * i)));
    }
    shell.file("points.csv", points.toString());
  }

  private void program(String name, String... settings) {
    shell.file(name, MODEL + train("Fit", "Net", settings));
  }

  private static String train(String name, String model, String... settings) {
    var text = new StringBuilder("\ntrain " + name + " : " + model + " on Points {\n");
    text.append("    loss = mean[k]((y[k] - target[0])^2)\n");
    if (Stream.of(settings).noneMatch(s -> s.startsWith("optimizer"))) {
      text.append("    optimizer = Adam(lr = 0.05)\n");
    }
    Stream.of(settings).forEach(s -> text.append("    ").append(s).append('\n'));
    return text.append("}\n").toString();
  }

  private Shell.Ended trained(String... words) {
    var all = new ArrayList<>(List.of("train", "--precision", "f64"));
    all.addAll(List.of(words));
    var ended = shell.nn(all.toArray(String[]::new));
    assertEquals(0, ended.status(), ended.toString());
    return ended;
  }

  private double[] weights(String model, String path) throws Exception {
    var file = folder.resolve(model).resolve("weights.safetensors");
    return Safetensors.read(file).tensors().get(path).doubles();
  }

  /** LR-78: the mean gradient first, then the clip, then the optimizer, whose steps count. */
  @Test
  void accumulatedMicroBatchesStepAsOneBatch() throws Exception {
    var optimizer = "optimizer = Adam(lr = cosine(peak = 0.05))";
    program("whole.nn", "batch = 16", "epochs = 3", "clip = norm(0.1)", optimizer);
    program("parts.nn", "batch = 4", "accumulate = 4", "epochs = 3", "clip = norm(0.1)", optimizer);
    var whole = trained("@whole.nn", "--out", "@whole");
    var parts = trained("@parts.nn", "--out", "@parts");
    assertTrue(whole.out().contains("3 epochs, 9 steps"), whole.out());
    assertTrue(parts.out().contains("3 epochs, 9 steps"), parts.out());
    assertArrayEquals(weights("whole", "body/w"), weights("parts", "body/w"), 1e-12);
    assertArrayEquals(weights("whole", "head/b"), weights("parts", "head/b"), 1e-12);
  }

  /** LR-83: one norm over all gradients, and no epsilon; or each number by itself. */
  @Test
  void gradientsAreClippedTogetherOrOneByOne() throws Exception {
    var settings = new String[] {"batch = all", "steps = 1", "optimizer = SGD(lr = 1)", ""};
    program("still.nn", "batch = all", "steps = 1", "optimizer = SGD(lr = 0)");
    trained("@still.nn", "--out", "@still");
    for (var clip : List.of("", "clip = norm(0.01)", "clip = norm(1000)", "clip = value(0.01)")) {
      settings[3] = clip;
      program("p.nn", settings);
      trained("@p.nn", "--out", "@run" + clip.replaceAll("\\W", ""));
    }
    var gradients = new ArrayList<Double>();
    for (var path : List.of("body/w", "body/b", "head/w", "head/b")) {
      var still = weights("still", path);
      var moved = weights("run", path);
      for (int i = 0; i < still.length; i++) {
        gradients.add(still[i] - moved[i]);
      }
    }
    double norm = Math.sqrt(gradients.stream().mapToDouble(g -> g * g).sum());
    assertTrue(norm > 0.02, "the bound cuts: " + norm);
    var still = weights("still", "body/w");
    for (int i = 0; i < still.length; i++) {
      double g = gradients.get(i);
      assertEquals(g * 0.01 / norm, still[i] - weights("runclipnorm001", "body/w")[i], 1e-15);
      assertEquals(g, still[i] - weights("runclipnorm1000", "body/w")[i], 1e-15);
      assertEquals(
          Math.clamp(g, -0.01, 0.01), still[i] - weights("runclipvalue001", "body/w")[i], 1e-15);
    }
  }

  @Test
  void theMeanOverTheStepsIsKept() throws Exception {
    var plain = new String[] {"batch = all", "steps = 1", "shuffle = false"};
    program("plain.nn", plain);
    double[] expected = null;
    for (int step = 1; step <= 4; step++) {
      trained("@plain.nn", "--set", "steps=" + step, "--out", "@plain");
      var now = weights("plain", "head/w");
      double factor = Math.min(0.5, (1.0 + step) / (10 + step));
      if (expected == null) {
        trained("@plain.nn", "--set", "lr=0", "--out", "@first");
        expected = weights("first", "head/w");
      }
      for (int i = 0; i < now.length; i++) {
        expected[i] = factor * expected[i] + (1 - factor) * now[i];
      }
    }
    program("mean.nn", "batch = all", "steps = 4", "shuffle = false", "average = ema(0.5)");
    trained("@mean.nn", "--out", "@mean");
    assertArrayEquals(expected, weights("mean", "head/w"), 1e-14);
  }

  @Test
  void aRunThatWasKilledGoesOnFromItsNewestCheckpoint() throws Exception {
    program(
        "p.nn",
        "batch = 8",
        "epochs = 6",
        "checkpoint = every(4)",
        "keep = 2",
        "average = ema(0.9)");
    var told = trained("@p.nn", "--json", "--out", "@whole").out();
    assertTrue(told.contains("{\"event\":\"checkpoint\",\"step\":28,"), told);
    try (var files = Files.list(folder.resolve("whole/checkpoints"))) {
      assertEquals(
          List.of("step-24", "step-28"),
          files.map(f -> f.getFileName().toString()).sorted().toList());
    }
    // Killed after step 24: of the run's own folder nothing was written but checkpoints.
    var killed = folder.resolve("killed/checkpoints");
    Files.createDirectories(killed);
    Files.move(folder.resolve("whole/checkpoints/step-24"), killed.resolve("step-24"));
    trained("@p.nn", "--resume", "--out", "@killed");
    assertArrayEquals(weights("whole", "body/w"), weights("killed", "body/w"));
  }

  @Test
  void aScheduleThatLearnsGoesOnAfterAnInterruption() throws Exception {
    program(
        "p.nn",
        "batch = 8",
        "epochs = 8",
        "checkpoint = every(3)",
        "keep = 99",
        "optimizer = SGD(lr = plateau(0.5, factor = 0.5, patience = 0, threshold = 0.2)(valid.loss))");
    trained("@p.nn", "--out", "@whole");
    var fallen = state("whole", "optimizer/schedule.plateau/scale");
    assertTrue(fallen < 0.5, "the rate never fell twice: " + fallen);
    var killed = folder.resolve("killed/checkpoints");
    Files.createDirectories(killed);
    // In the middle of an epoch, after the rate has fallen.
    Files.move(folder.resolve("whole/checkpoints/step-27"), killed.resolve("step-27"));
    var before = state("killed/checkpoints/step-27", "optimizer/schedule.plateau/scale");
    assertTrue(fallen < before && before < 1, "it falls before and after: " + before);
    trained("@p.nn", "--resume", "--out", "@killed");
    assertArrayEquals(weights("whole", "body/w"), weights("killed", "body/w"));
    assertEquals(fallen, state("killed", "optimizer/schedule.plateau/scale"));
  }

  private double state(String model, String path) throws Exception {
    var file = folder.resolve(model).resolve("optimizer.safetensors");
    return Safetensors.read(file).tensors().get(path).get(0);
  }

  /** Each of several optimizers that has such a config, or the one that is named. */
  @Test
  void aRateIsSetInAListOfOptimizers() throws Exception {
    program(
        "p.nn", "steps = 2", "optimizer = [Muon(lr = 0.1)(params.body), SGD(lr = 0.1), Lion()]");
    var idle = shell.nn("check", "@p.nn");
    assertTrue(idle.err().contains("nothing is left for `Lion()`"), idle.err());
    program("p.nn", "steps = 2", "optimizer = [Muon(lr = 0.1)(params.body), SGD(lr = 0.1)]");
    trained("@p.nn", "--out", "@moved");
    trained("@p.nn", "--set", "lr=0", "--out", "@still");
    trained("@p.nn", "--set", "SGD.lr=0", "--out", "@half");
    assertFalse(Arrays.equals(weights("still", "body/w"), weights("moved", "body/w")));
    assertFalse(Arrays.equals(weights("still", "head/w"), weights("moved", "head/w")));
    assertFalse(Arrays.equals(weights("still", "body/w"), weights("half", "body/w")));
    assertArrayEquals(weights("still", "head/w"), weights("half", "head/w"));
    var unknown = shell.nn("train", "@p.nn", "--set", "SDG.lr=0");
    assertTrue(unknown.err().contains("did you mean `SGD.lr`?"), unknown.err());
    program("q.nn", "steps = 2", "optimizer = [Muon(lr = search([0.0, 0.1]))(params.body), SGD()]");
    var middle = trained("@q.nn", "--out", "@middle");
    assertTrue(middle.err().contains("`search` is not explored here"), middle.toString());
    assertArrayEquals(weights("still", "body/w"), weights("middle", "body/w"));
  }

  @Test
  void fineTuningTakesWhatFitsAndFreezesWhatIsAsked() throws Exception {
    shell.file(
        "p.nn",
        MODEL
            + train("First", "Net", "epochs = 3")
            + train("Second", "Two", "epochs = 3", "from = First", "freeze = [params.body]"));
    var none = shell.nn("train", "@p.nn", "--train", "Second");
    assertEquals(1, none.status());
    assertTrue(none.err().contains("there is no trained model here"), none.err());
    trained("@p.nn", "--train", "First");
    var told = trained("@p.nn", "--train", "Second").out();
    assertTrue(told.contains("2 of 4 parameters come from @runs/First"), told);
    assertTrue(told.contains("fresh: head/b ([2] here, [1] there), head/w"), told);
    assertArrayEquals(weights("runs/First", "body/w"), weights("runs/Second", "body/w"));
    assertArrayEquals(weights("runs/First", "body/b"), weights("runs/Second", "body/b"));

    shell.file("q.nn", MODEL + train("Third", "Net", "steps = 1", "from = \"runs/First\""));
    told = trained("@q.nn", "--set", "lr=0").out();
    assertTrue(told.contains("4 of 4 parameters come from"), told);
    assertArrayEquals(weights("runs/First", "head/w"), weights("runs/Third", "head/w"));
  }

  @Test
  void stopKnowsWhichWayIsBetter() {
    shell.file(
        "p.nn",
        MODEL
            + "metric off : y[1], target[1] -> value { value = abs(y[0] - target[0]) }\n"
            + train(
                "Fit",
                "Net",
                "epochs = 20",
                "metrics = [off(y, target)]",
                "stop = stalled(valid.off, epochs = 3, better = lower)"));
    var table = trained("@p.nn").out().lines().filter(l -> l.endsWith("best")).toList();
    assertTrue(table.size() > 1, "the error falls, so later epochs are better: " + table);
    program("q.nn", "epochs = 2", "stop = stalled(valid.loss, epochs = 3, better = up)");
    var wrong = shell.nn("check", "@q.nn");
    assertTrue(wrong.err().contains("`better` must be `lower` or `higher`"), wrong.err());
  }

  @ParameterizedTest
  @CsvSource({
    "watch = [vanishin],            did you mean `vanishing`?",
    "watch = 3,                     a list of nan",
    "checkpoint = every(0),         a number of steps",
    "checkpoint = 5,                a number of steps",
    "keep = 3,                      used with `checkpoint",
    "average = ema(1.5),            a factor between 0 and 1",
    "average = mean(2),             a factor between 0 and 1",
    "from = Nowhere,                a model folder",
    "from = Fit,                    a model folder",
    "freeze = [params.bod],         no parameter is under",
    "freeze = [params],             no parameter is under",
    "'freeze = [params.body, params.head]', no parameters to train",
    "accumulate = 0,                at least 1",
  })
  void wrongSettingsAreExplained(String setting, String says) {
    program("p.nn", "epochs = 1", setting);
    var ended = shell.nn("check", "@p.nn");
    assertEquals(1, ended.status(), ended.toString());
    assertTrue(ended.err().contains(says), ended.err());
  }

  // watch

  @ParameterizedTest
  @CsvSource({
    "81_vanishing.nn, vanishing, W0861, 10",
    "82_exploding.nn, exploding, W0862, 14",
    "83_saturated.nn, saturated, W0863, 6",
    "84_dead.nn,      dead,      W0864, 6",
  })
  void everySicknessIsSeenWhereItIs(String file, String kind, String code, int line)
      throws Exception {
    var program = Shell.example("lessons/" + file);
    var ended = shell.nn("train", program, "--epochs", "1", "--json", "--out", "@o");
    assertEquals(0, ended.status(), ended.toString());
    var warnings = ended.out().lines().filter(l -> l.contains("\"event\":\"warning\"")).toList();
    assertTrue(
        warnings.stream()
            .anyMatch(
                w ->
                    w.contains("\"code\":\"" + code + "\",\"kind\":\"" + kind + "\"")
                        && w.contains("\"line\":" + line + ",")),
        warnings.toString());
    var log = Files.readString(folder.resolve("o/run.jsonl"));
    assertTrue(warnings.stream().allMatch(log::contains), "the log has them, too");
    var page = shell.nn("explain", code);
    assertTrue(page.out().startsWith("# " + code), page.toString());
  }

  @Test
  void aHealthyRunIsNotWarnedOf() {
    var ended =
        shell.nn("train", Shell.example("digits.nn"), "--epochs", "3", "--json", "--out", "@o");
    assertFalse(ended.out().contains("\"warning\""), ended.out());
  }

  @Test
  void aLossThatIsNoNumberIsTracedToItsLayer() {
    program("p.nn", "epochs = 50", "optimizer = SGD(lr = 1e20)", "watch = [nan]");
    var ended = shell.nn("train", "@p.nn");
    assertEquals(1, ended.status(), ended.toString());
    assertTrue(ended.err().contains("error[E0851]: the loss is"), ended.err());
    assertTrue(ended.err().contains("a finite number; the parameter"), ended.err());
    assertTrue(ended.err().contains("p.nn:"), ended.err());
  }
}
