package dev.nnlang.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the programs reach on the real data, over three seeds, against what an independent
 * implementation reached: hours of training, so only under {@code mvn verify -Pslow}. The figures
 * stand in README.md.
 */
@Tag("slow")
class MarksTest {
  private static final String FASHION = "fashion-mnist/train-images-idx3-ubyte.gz";
  private static final String SHAKESPEARE = "tinyshakespeare/input.txt";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void mlpAfterThreeEpochs(int seed) {
    needs(FASHION);
    atLeast(0.83, whole("mlp.nn", seed).test("accuracy"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void leNetAfterOneEpoch(int seed) {
    needs(FASHION);
    atLeast(0.80, whole("lenet.nn", seed, "--epochs", "1").test("accuracy"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void resNetAfter500Steps(int seed) {
    needs(FASHION);
    atLeast(0.75, whole("resnet20.nn", seed, "--set", "steps=500").test("accuracy"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void lrcnWithinEightEpochs(int seed) {
    needs("fashion-mnist/t10k-images-idx3-ubyte.gz");
    atLeast(0.95, whole("lrcn.nn", seed, "--epochs", "8").test("accuracy"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void charLstmAfter400Steps(int seed) {
    needs(SHAKESPEARE);
    atMost(2.05, whole("char_lstm.nn", seed).last("valid", "loss"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void gptAfter500Steps(int seed) {
    needs(SHAKESPEARE);
    atMost(2.36, whole("gpt_small.nn", seed).last("valid", "loss"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void temperaturesOfTomorrow(int seed) {
    atMost(2.30, whole("temperatures.nn", seed).test("degrees"));
  }

  /** Tomorrow is today has a mean absolute error of 0.0718 on the same examples. */
  @Test
  void sunspotsBetterThanTomorrowIsToday() {
    atMost(0.0717, Run.whole(folder, "series.nn").test("mean_absolute_error"));
  }

  @Test
  void pendulumObeys() {
    atMost(1e-3, Run.whole(folder, "pendulum.nn").last("train", "loss"));
  }

  /** log(128) = 4.85 for pairs that are told apart by chance. */
  @Test
  void viewsMeet() {
    atMost(0.6, Run.whole(folder, "contrast.nn").last("valid", "loss"));
  }

  /** 784 pixels at log 2 each are 543 for a model that knows nothing. */
  @Test
  void autoencoderDreams() {
    needs(FASHION);
    atMost(260, Run.whole(folder, "vae.nn").last("valid", "loss"));
  }

  /** Points of the ring itself are 0.04 off. */
  @Test
  void generatorFindsTheRing() {
    var run = Run.whole(folder, "gan.nn");
    atMost(0.15, run.last("valid", "off_the_ring"));
    atMost(0.1, Math.abs(run.last("valid", "left_or_right")));
  }

  private static void needs(String data) {
    assumeTrue(Run.data(data).isPresent(), () -> "no " + data);
  }

  private Run whole(String file, int seed, String... options) {
    var all = new String[options.length + 2];
    System.arraycopy(options, 0, all, 0, options.length);
    all[options.length] = "--seed";
    all[options.length + 1] = String.valueOf(seed);
    return Run.whole(folder, file, all);
  }

  private static void atLeast(double mark, double got) {
    System.out.println("reached " + got + " of at least " + mark);
    assertTrue(got >= mark, () -> got + " < " + mark);
  }

  private static void atMost(double mark, double got) {
    System.out.println("reached " + got + " of at most " + mark);
    assertTrue(got <= mark, () -> got + " > " + mark);
  }
}
