package dev.nnlang.runtime.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nnlang.runtime.data.DataFolders;
import dev.nnlang.runtime.file.Safetensors;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictorTest {
  @TempDir Path dir;

  private Predictor predictor;

  @BeforeEach
  void train() throws Exception {
    Line.write(dir);
    var programs = Line.programs(.2);
    var trainer =
        new Trainer(
            Line.plan(80), programs, Line.data(dir), 1, TrainingListener.none(), () -> false);
    predictor =
        new Predictor(Line.plan(Line.split()), programs, trainer.train().weights(), Map.of());
  }

  private double[] predict(String file) throws ProblemException {
    var predictions = predictor.predict(file, DataFolders.of(dir), 1);
    assertEquals(2, predictions.outputs().get("slope").get(0), 1e-3);
    return predictions.outputs().get("p").doubles();
  }

  @Test
  void needsTheSourcesOfTheInputsAlone() throws Exception {
    assertEquals(List.of("x"), predictor.sources());
    Files.writeString(dir.resolve("new.csv"), "x\n0\n1\n10\n");
    assertArrayEquals(new double[] {-1, 1, 19}, predict("new.csv"), 1e-2);
  }

  @Test
  void readsOtherFormats() throws Exception {
    Safetensors.write(
        dir.resolve("new.safetensors"), Map.of("x", Tensor.of(new float[] {1, 2}, 2)), Map.of());
    assertArrayEquals(new double[] {1, 3}, predict("new.safetensors"), 1e-2);
  }

  @Test
  void joinsItsBatches() throws Exception {
    Files.writeString(dir.resolve("new.csv"), "x\n" + "1\n".repeat(700) + "2\n");
    double[] all = predict("new.csv");
    assertEquals(701, all.length);
    assertEquals(700, Arrays.stream(all).filter(p -> Math.abs(p - 1) < 1e-2).count());
    assertEquals(3, all[700], 1e-2);
  }

  @Test
  void refusesSourcesThatAreNotReached() throws Exception {
    var e =
        assertThrows(
            ProblemException.class,
            () -> predictor.predict(Map.of("y", "line.csv"), DataFolders.of(dir), 1));
    assertEquals(
        """
        error[E0807]: the model's inputs read no source y
          expected: one of x""",
        e.problem().toString());
  }
}
