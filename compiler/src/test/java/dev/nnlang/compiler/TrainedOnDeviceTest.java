package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.codegen.gpu.TestDevice;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.data.DataFolders;
import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.train.Trainer;
import dev.nnlang.runtime.train.TrainingEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks trained on a device have the losses that they have on the processor. */
@EnabledIf("present")
class TrainedOnDeviceTest {
  private static final double TOLERANCE = 1e-4;

  static boolean present() {
    return TestDevice.present();
  }

  /** Steps of those that are not trained to the end. */
  private static final int STEPS = 30;

  private static final String LENET =
      """
      img |> Conv2d(6, Kernel = 3) |> BatchNorm |> relu |> MaxPool2d(2)
          |> Conv2d(12, Kernel = 3) |> relu |> MaxPool2d(2)
          |> flatten |> Dense(32) |> gelu |> Dropout(0.3) |> Dense(Digit) |> softmax
      """;

  /** The rows of an image as a sequence. */
  private static final String LSTM =
      "image |> LSTM(12) |> last_step |> LayerNorm |> Dense(Digit) |> softmax";

  /** With the gate, the checkup and the evaluations of its plan. */
  @Test
  void digitsAreTrainedToTheEnd() throws Exception {
    var text = Files.readString(Path.of("../examples/digits.nn"));
    compare(text, Map.of("epochs", "4"), Integer.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {LENET, LSTM})
  void stepsAreThoseOfTheProcessor(String model) throws Exception {
    var text = DigitPlans.program(model, "AdamW()");
    compare(text, Map.of(), STEPS);
  }

  private static void compare(String text, Map<String, String> settings, int steps)
      throws Exception {
    var processor = losses(text, settings, steps, Options.Backend.BYTECODE);
    var device = losses(text, settings, steps, new Options.Backend.Kernels(TestDevice.get()));
    assertEquals(processor.size(), device.size());
    assertArrayEquals(
        processor.stream().mapToDouble(l -> l).toArray(),
        device.stream().mapToDouble(l -> l).toArray(),
        TOLERANCE);
  }

  /** The loss of every step, and the figures of every evaluation. */
  private static List<Double> losses(
      String text, Map<String, String> settings, int steps, Options.Backend backend)
      throws Exception {
    var options = new Options(Options.Precision.f32, backend);
    var found =
        Compiler.open(new SourceFile("network.nn", text), Sources.none())
            .training(Optional.empty(), settings, options);
    assertTrue(found.value().isPresent(), () -> found.problems().toString());
    var training = found.value().get();
    var data =
        DataSet.open(
            training.data(), DataFolders.of(Path.of("../examples")), options.precision().element());
    var losses = new ArrayList<Double>();
    var taken = new int[1];
    new Trainer(
            training.plan(),
            training.programs(),
            data,
            1,
            event -> {
              switch (event) {
                case TrainingEvent.Step step -> losses.add(step.loss());
                case TrainingEvent.Epoch epoch ->
                    epoch.valid().ifPresent(v -> losses.add(v.scalar("loss").orElseThrow()));
                case TrainingEvent.Done done ->
                    done.test().ifPresent(t -> losses.add(t.scalar("loss").orElseThrow()));
                default -> {}
              }
            },
            () -> ++taken[0] == steps)
        .train();
    assertTrue(losses.size() >= Math.min(steps, STEPS));
    return losses;
  }
}
