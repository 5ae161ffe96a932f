package dev.nnlang.bench;

import dev.nnlang.runtime.file.Safetensors;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What every library is given for a network, and what it must give back: made by ours, kept in a
 * file between the processes.
 *
 * @param initial parameters and states by path, before training
 * @param trained the same after two steps
 * @param input examples of the data set
 * @param labels of these examples
 * @param losses of the two steps, each before its update
 * @param untrainedOutput for the first {@link Network#MOST_EXAMPLES} examples, before training
 * @param output for the same, after two steps
 */
public record Fixture(
    Map<String, Tensor> initial,
    Map<String, Tensor> trained,
    Tensor input,
    Tensor labels,
    Tensor losses,
    Tensor untrainedOutput,
    Tensor output) {
  /** Of sums in another order. */
  private static final double ROUNDING = 2e-4;

  /**
   * Of two steps of training: Adam's first steps are about the sign of the gradient, so that where
   * one is nothing but rounding, weights move apart by a whole step.
   */
  private static final double TRAINING = 5e-3;

  private static final String INITIAL = "initial/";
  private static final String TRAINED = "trained/";

  /** Where the fixture of a network is kept. */
  public static Path file(Network network) {
    return Plan.TARGET.resolve(network.word() + ".safetensors");
  }

  public void write(Network network) {
    var tensors = new LinkedHashMap<String, Tensor>();
    initial.forEach((path, tensor) -> tensors.put(INITIAL + path, tensor));
    trained.forEach((path, tensor) -> tensors.put(TRAINED + path, tensor));
    tensors.put("input", input);
    tensors.put("labels", labels);
    tensors.put("losses", losses);
    tensors.put("untrained_output", untrainedOutput);
    tensors.put("output", output);
    try {
      Safetensors.write(file(network), tensors, Map.of());
    } catch (ProblemException problem) {
      throw new IllegalStateException(problem);
    }
  }

  public static Fixture read(Network network) {
    try {
      var tensors = Safetensors.read(file(network)).tensors();
      return new Fixture(
          below(tensors, INITIAL),
          below(tensors, TRAINED),
          tensors.get("input"),
          tensors.get("labels"),
          tensors.get("losses"),
          tensors.get("untrained_output"),
          tensors.get("output"));
    } catch (ProblemException problem) {
      throw new IllegalStateException(problem);
    }
  }

  private static Map<String, Tensor> below(Map<String, Tensor> tensors, String prefix) {
    var found = new LinkedHashMap<String, Tensor>();
    tensors.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix)) {
            found.put(name.substring(prefix.length()), tensor);
          }
        });
    return found;
  }

  /** Compares the losses of the first two steps. */
  public void checkLosses(float... found) {
    Mismatch.check("the losses of the first two steps", losses.floats(), found, ROUNDING);
  }

  /** Compares what the initial weights predict. */
  public void checkUntrained(float[] found) {
    Mismatch.check("the output before training", untrainedOutput.floats(), found, ROUNDING);
  }

  /** Compares what a library that was trained itself predicts after two steps. */
  public void checkAfterTraining(float[] found) {
    Mismatch.check("the output after two steps", output.floats(), found, TRAINING);
  }

  /** Compares what the trained weights predict for the first {@code batch} examples. */
  public void checkTrained(int batch, float[] found) {
    var wanted = Arrays.copyOf(output.floats(), output.size() / output.shape()[0] * batch);
    Mismatch.check("the output", wanted, found, ROUNDING);
  }
}
