package dev.nnlang.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nnlang.runtime.file.Safetensors;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The programs of this folder as they are: the small ones to their end and to their mark, of the
 * others the first steps, whose loss must fall. {@link MarksTest} trains those to the end.
 */
@Execution(ExecutionMode.CONCURRENT)
class ProgramsTest {
  @TempDir private Path folder;

  @Test
  void lineFindsSlopeAndIntercept() throws Exception {
    var weights =
        Safetensors.read(Run.whole(folder, "line.nn").model().resolve("weights.safetensors"));
    assertEquals(2, weights.tensors().get("a").get(0), 1e-3);
    assertEquals(-1, weights.tensors().get("b").get(0), 1e-3);
  }

  @ParameterizedTest
  @CsvSource({"digits.nn, 0.96", "custom.nn, 0.90"})
  void classifies(String file, double least) {
    double accuracy = Run.whole(folder, file).test("accuracy");
    assertTrue(accuracy >= least, () -> file + " reaches " + accuracy);
  }

  /** The file that a program needs beyond those that lie here, if any, and how many steps. */
  @ParameterizedTest
  @CsvSource({
    "series.nn, sunspots.csv, 60",
    "temperatures.nn, daily-min-temperatures.csv, 60",
    "pendulum.nn, points.csv, 100",
    "contrast.nn, digits.csv.gz, 60",
    "autoencoder.nn, digits.csv.gz, 60",
    "unet.nn, digits.csv.gz, 40",
    "bidirectional.nn, digits.csv.gz, 40",
    "transformer.nn, digits.csv.gz, 24",
    "mlp.nn, fashion-mnist/train-images-idx3-ubyte.gz, 60",
    "vae.nn, fashion-mnist/train-images-idx3-ubyte.gz, 40",
    "lenet.nn, fashion-mnist/train-images-idx3-ubyte.gz, 16",
    "resnet20.nn, fashion-mnist/train-images-idx3-ubyte.gz, 8",
    "char_lstm.nn, tinyshakespeare/input.txt, 8",
    "gpt_small.nn, tinyshakespeare/input.txt, 12",
    "gpt.nn, tinyshakespeare/input.txt, 4",
  })
  void learns(String file, String data, int steps) {
    assumeTrue(Run.data(data).isPresent(), () -> "no " + data);
    var losses = Run.steps(folder, steps, file).losses();
    assertEquals(steps, losses.size());
    double first = mean(losses.subList(0, steps / 4));
    double last = mean(losses.subList(steps - steps / 4, steps));
    assertTrue(last < first, () -> file + ": the loss goes from " + first + " to " + last);
  }

  /** Its loss rests for hundreds of steps: that it runs is all that a few steps can show. */
  @Test
  void lrcnRuns() {
    assumeTrue(Run.data("fashion-mnist/t10k-images-idx3-ubyte.gz").isPresent());
    for (double loss : Run.steps(folder, 4, "lrcn.nn").losses()) {
      assertTrue(loss > 1 && loss < 3, () -> "six headings: " + loss);
    }
  }

  /** Its loss is a quarrel, and need not fall: the critic must gain on the generator at first. */
  @Test
  void ganRuns() {
    var losses = Run.steps(folder, 200, "gan.nn").losses();
    assertTrue(losses.getLast() < losses.getFirst(), losses::toString);
  }

  private static double mean(List<Double> some) {
    return some.stream().mapToDouble(x -> x).average().orElseThrow();
  }
}
