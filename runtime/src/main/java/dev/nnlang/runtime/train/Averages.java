package dev.nnlang.runtime.train;

import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Means over examples of the figures that batches give as their own means: a smaller last batch
 * weighs by its examples (LR-16). Summed in double and in the order of the batches.
 */
final class Averages {
  private static final String METRIC = "metric/";

  private final Map<String, Sum> sums = new LinkedHashMap<>();
  private long examples;

  private record Sum(double[] values, int[] shape) {}

  /** The names of the figures that a program gives, in the order of its outputs. */
  static List<String> outputs(BoundProgram program) {
    return program.signature().outputs().stream()
        .map(Port::name)
        .filter(name -> name.equals("loss") || name.startsWith(METRIC))
        .toList();
  }

  /** What users call an output: {@code metric/accuracy} is {@code accuracy}. */
  static String figure(String output) {
    return output.startsWith(METRIC) ? output.substring(METRIC.length()) : output;
  }

  /** Adds a batch's mean. */
  void add(String output, Tensor mean, long batch) {
    var sum =
        sums.computeIfAbsent(figure(output), _ -> new Sum(new double[mean.size()], mean.shape()));
    for (int i = 0; i < mean.size(); i++) {
      sum.values[i] += mean.get(i) * batch;
    }
  }

  /** Counts a batch whose figures were added. */
  void count(long batch) {
    examples += batch;
  }

  long examples() {
    return examples;
  }

  Figures figures() {
    var figures = new LinkedHashMap<String, Tensor>();
    sums.forEach(
        (name, sum) -> {
          double[] means = sum.values.clone();
          for (int i = 0; i < means.length; i++) {
            means[i] /= examples;
          }
          figures.put(name, Tensor.of(means, sum.shape));
        });
    return new Figures(figures);
  }

  /** The sums themselves, to continue from. */
  Map<String, Tensor> sums() {
    var result = new LinkedHashMap<String, Tensor>();
    sums.forEach((name, sum) -> result.put(name, Tensor.of(sum.values.clone(), sum.shape)));
    return result;
  }

  static Averages of(Map<String, Tensor> sums, long examples) {
    var averages = new Averages();
    sums.forEach(
        (name, sum) -> averages.sums.put(name, new Sum(sum.doubles().clone(), sum.shape())));
    averages.examples = examples;
    return averages;
  }
}
