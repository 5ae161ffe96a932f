package dev.nnlang.runtime.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.runtime.file.Json;
import dev.nnlang.runtime.file.Safetensors;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.Tensor;
import dev.nnlang.runtime.train.Line;
import dev.nnlang.runtime.train.Outcome;
import dev.nnlang.runtime.train.Trainer;
import dev.nnlang.runtime.train.TrainingListener;
import dev.nnlang.runtime.train.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {
  @TempDir Path dir;

  private final ModelInfo info =
      new ModelInfo(
          "Fit",
          "Line",
          "Points",
          "line.nn",
          "/somewhere",
          Map.of("line.nn", "model Line : x -> y { }\n", "lib/more.nn", "dim A = 1\n"),
          Map.of("epochs", "6"),
          "f64",
          Map.of());

  private Path folder;

  @BeforeEach
  void points() throws Exception {
    Line.write(dir);
    folder = dir.resolve("model");
  }

  private Trainer trainer(TrainingListener listener, BooleanSupplier interrupted)
      throws ProblemException {
    return new Trainer(Line.plan(6), Line.programs(.1), Line.data(dir), 1, listener, interrupted);
  }

  private Outcome trained(BooleanSupplier interrupted) throws ProblemException {
    return trainer(TrainingListener.none(), interrupted).train();
  }

  private static void assertSame(Weights a, Weights b) {
    for (var maps :
        List.of(
            List.of(a.parameters(), b.parameters()),
            List.of(a.states(), b.states()),
            List.of(a.optimizer(), b.optimizer()),
            List.of(a.fit(), b.fit()))) {
      assertEquals(maps.get(0).keySet(), maps.get(1).keySet());
      maps.get(0)
          .forEach((name, t) -> assertArrayEquals(t.doubles(), maps.get(1).get(name).doubles()));
    }
  }

  @Test
  void everythingReadsBack() throws Exception {
    var outcome = trained(() -> false);
    ModelFolder.save(folder, info, outcome);
    var saved = ModelFolder.load(folder);
    assertEquals(info, saved.info());
    assertSame(outcome.weights(), saved.weights());
    assertTrue(saved.state().ended());
    assertSame(outcome.weights(), saved.weights().checked(Line.programs(.1), folder));
    var names = Safetensors.read(folder.resolve("weights.safetensors")).tensors().keySet();
    assertEquals(List.of("a", "b", "Counter_1/seen", "fit/mu"), List.copyOf(names));
    assertFalse(Files.exists(folder.resolve("best.safetensors")));
  }

  @Test
  void anInterruptedRunIsResumedFromItsFolder() throws Exception {
    var whole = trained(() -> false);
    int[] steps = {0};
    ModelFolder.save(folder, info, trained(() -> ++steps[0] == 12));
    var saved = ModelFolder.load(folder);
    assertTrue(Files.exists(folder.resolve("best.safetensors")));
    var weights = saved.weights().checked(Line.programs(.1), folder);
    var rest = trainer(TrainingListener.none(), () -> false).resume(weights, saved.state());
    assertSame(whole.weights(), rest.weights());
    assertEquals(whole.test().orElseThrow().json(), rest.test().orElseThrow().json());
    ModelFolder.save(folder, info, rest);
    assertFalse(Files.exists(folder.resolve("best.safetensors")));
  }

  @Test
  void theLogHoldsEveryFigure() throws Exception {
    try (var log = new RunLog(folder)) {
      trainer(log, () -> false).train();
      assertTrue(log.problem().isEmpty());
    }
    var lines = Json.parseLines(Files.readString(folder.resolve("run.jsonl")));
    // Started, 6 epochs of 5 steps each, done.
    assertEquals(1 + 6 * 6 + 1, lines.size());
    assertTrue(lines.getFirst().toString().startsWith("{\"event\":\"started\",\"train\":\"Fit\""));
    assertTrue(
        lines
            .get(6)
            .toString()
            .matches(
                "\\{\"event\":\"epoch\",\"epoch\":1,\"train\":\\{\"loss\":[-0-9.E]+,\"error\":[-0-9.E]+},"
                    + "\"valid\":\\{\"loss\":[-0-9.E]+,\"error\":[-0-9.E]+,\"count\":20},\"step\":5,\"best\":true}"),
        lines.get(6).toString());
    assertTrue(
        lines.getLast().toString().matches("\\{\"event\":\"done\".*\"reason\":\"completed\".*"));
    Files.writeString(folder.resolve("run.jsonl"), "{\"cut");
    try (var log = new RunLog(folder)) {
      trainer(log, () -> false).train();
    }
    assertEquals(38, Json.parseLines(Files.readString(folder.resolve("run.jsonl"))).size());
  }

  @Test
  void saysWhatIsMissingOrDamaged() throws Exception {
    refused(
        """
        error[E0871]: there is no trained model here
          --> DIR/model
          expected: a folder with the file model.json
          help: nn train makes one, and says where
        """);
    ModelFolder.save(folder, info, trained(() -> false));
    var weights = folder.resolve("weights.safetensors");
    byte[] whole = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(whole, whole.length - 5));
    refused(
        """
        error[E0804]: the file ends in the data of "fit/mu"
          --> DIR/model/weights.safetensors
          help: the file was cut off; copy or download it again
        """);
    Safetensors.write(weights, Map.of(), Map.of("step", "7"));
    refused(
        """
        error[E0872]: the file is of step 7, not 30
          --> DIR/model/weights.safetensors
          help: train again, or restore the model's folder
        """);
    Files.write(weights, whole);
    Files.writeString(folder.resolve("sources/line.nn"), "model Line : x -> y { z }\n");
    refused(
        """
        error[E0872]: the source was changed after training
          --> DIR/model/sources/line.nn
          help: train again, or restore the model's folder
        """);
    Files.writeString(folder.resolve("model.json"), "{\"format\":1,");
    refused(
        """
        error[E0872]: the file is not JSON
          --> DIR/model/model.json
          help: train again, or restore the model's folder
        """);
    Files.writeString(folder.resolve("model.json"), "{\"format\":1}");
    refused(
        """
        error[E0872]: the field "step" is missing or of another kind
          --> DIR/model/model.json
          help: train again, or restore the model's folder
        """);
  }

  private void refused(String expected) {
    var e = assertThrows(ProblemException.class, () -> ModelFolder.load(folder));
    assertEquals(expected.strip(), e.problem().toString().replace(dir.toString(), "DIR"));
  }

  @Test
  void weightsOfAnotherProgramAreRefused() throws Exception {
    var weights = trained(() -> false).weights();
    var renamed = new LinkedHashMap<>(weights.parameters());
    renamed.put("c", renamed.remove("b"));
    mismatch(
        """
        error[E0873]: the model holds no b
          --> DIR/model
          expected: the same parameters; the program's own: b; the model's own: c
          help: the program changed since training: use the sources that lie with the model, or train again
        """,
        new Weights(renamed, weights.states(), weights.optimizer(), weights.fit()));
    var reshaped = new LinkedHashMap<>(weights.parameters());
    reshaped.put("b", Tensor.of(new double[2], 2));
    mismatch(
        """
        error[E0873]: b is [2] in the model, but [] in the program
          --> DIR/model
          help: the program changed since training: use the sources that lie with the model, or train again
        """,
        new Weights(reshaped, weights.states(), weights.optimizer(), weights.fit()));
    mismatch(
        """
        error[E0873]: fit value mu is not in the model
          --> DIR/model
          help: the program changed since training: use the sources that lie with the model, or train again
        """,
        new Weights(weights.parameters(), weights.states(), weights.optimizer(), Map.of()));
  }

  private void mismatch(String expected, Weights weights) {
    var e = assertThrows(ProblemException.class, () -> weights.checked(Line.programs(.1), folder));
    assertEquals(expected.strip(), e.problem().toString().replace(dir.toString(), "DIR"));
  }

  @Test
  void singlePrecisionIsWidened() throws Exception {
    var weights = trained(() -> false).weights();
    var floats = new LinkedHashMap<String, Tensor>();
    weights
        .parameters()
        .forEach((name, t) -> floats.put(name, Tensor.of(new float[] {(float) t.get(0)})));
    var checked =
        new Weights(floats, weights.states(), weights.optimizer(), weights.fit())
            .checked(Line.programs(.1), folder);
    assertEquals(
        (float) weights.parameters().get("a").get(0), checked.parameters().get("a").get(0));
  }

  @Test
  void aFolderThatCannotBeWrittenIsAProblem() throws Exception {
    Files.writeString(dir.resolve("file"), "");
    var outcome = trained(() -> false);
    var e =
        assertThrows(
            ProblemException.class,
            () -> ModelFolder.save(dir.resolve("file/model"), info, outcome));
    assertEquals("E0874", e.problem().code().code());
  }
}
