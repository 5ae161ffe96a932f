package dev.nnlang.compiler;

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

/** Networks trained on a device have the losses that they have on the processor. */
@EnabledIf("present")
class TrainedOnDeviceTest {
  private static final double TOLERANCE = 1e-4;

  static boolean present() {
    return TestDevice.present();
  }

  /** Steps of those that are not trained to the end. */
  private static final int STEPS = 30;

  /** The example's network for smaller pictures. */
  private static final String LENET =
      """
      img |> Conv2d(8, Kernel = 3) |> relu |> MaxPool2d(2)
          |> Conv2d(16, Kernel = 3) |> relu |> MaxPool2d(2)
          |> flatten |> Dense(32) |> relu |> Dropout(0.3) |> Dense(Digit) |> softmax
      """;

  private static final String NORMALISED =
      """
      img |> Conv2d(6, Kernel = 3) |> BatchNorm |> relu |> MaxPool2d(2)
          |> Conv2d(12, Kernel = 3) |> relu |> MaxPool2d(2)
          |> flatten |> Dense(32) |> gelu |> Dropout(0.3) |> Dense(Digit) |> softmax
      """;

  /** The rows of an image as a sequence. */
  private static final String LSTM =
      "image |> LSTM(12) |> last_step |> LayerNorm |> Dense(Digit) |> softmax";

  /** The example as it is written: with the gate, the checkup and the evaluations of its plan. */
  @Test
  void digitsAreTrainedToTheEnd() throws Exception {
    var text = Files.readString(Path.of("../examples/digits.nn"));
    compare("digits", text, Options.Precision.f32, Integer.MAX_VALUE);
  }

  @Test
  void aSmallLenetIsTrainedToTheEnd() throws Exception {
    var text = DigitPlans.program(LENET, "Adam(lr = cosine(1e-3, warmup = 20))");
    compare("a small lenet", text, Options.Precision.f32, Integer.MAX_VALUE);
  }

  /**
   * In 64 bits: what sums that are associated differently round off grows from step to step here,
   * and is 2e-3 in the end in 32 bits.
   */
  @Test
  void aNormalisedNetworkIsTrainedToTheEnd() throws Exception {
    var text = DigitPlans.program(NORMALISED, "AdamW()");
    compare("a normalised network", text, Options.Precision.f64, Integer.MAX_VALUE);
  }

  @Test
  void stepsOfARecurrenceAreThoseOfTheProcessor() throws Exception {
    var text = DigitPlans.program(LSTM, "AdamW()");
    compare("a small lstm", text, Options.Precision.f32, STEPS);
  }

  private static void compare(String name, String text, Options.Precision precision, int steps)
      throws Exception {
    var processor = losses(text, steps, new Options(precision, Options.Backend.BYTECODE));
    var device =
        losses(text, steps, new Options(precision, new Options.Backend.Kernels(TestDevice.get())));
    assertEquals(processor.size(), device.size());
    double most = 0;
    for (int l = 0; l < device.size(); l++) {
      most = Math.max(most, Math.abs(device.get(l) - processor.get(l)));
    }
    System.out.printf("%s: %d losses, off by at most %.1e%n", name, device.size(), most);
    assertTrue(most <= TOLERANCE);
  }

  /** The loss of every step, and the figures of every evaluation. */
  private static List<Double> losses(String text, int steps, Options options) throws Exception {
    var found =
        Compiler.open(new SourceFile("network.nn", text), Sources.none())
            .training(Optional.empty(), Map.of(), options);
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
