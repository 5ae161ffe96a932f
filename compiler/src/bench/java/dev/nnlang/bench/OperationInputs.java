package dev.nnlang.bench;

import dev.nnlang.runtime.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** What the operations compute with. */
public final class OperationInputs {
  private OperationInputs() {}

  /** The inputs of an operation by name, the same numbers in every process. */
  public static Map<String, Tensor> of(Operation operation) {
    var random = new Random(11);
    var inputs = new LinkedHashMap<String, Tensor>();
    switch (operation) {
      case Operation.Product(int rows, int columns, int depth) -> {
        inputs.put("a", normal(random, rows, depth));
        inputs.put("b", normal(random, depth, columns));
      }
      case Operation.OnRows(var kind, int rows, int columns) -> {
        inputs.put("x", normal(random, rows, columns));
        switch (kind) {
          case LAYER_NORM -> {
            inputs.put("gamma", normal(random, columns));
            inputs.put("beta", normal(random, columns));
          }
          case BIAS_RELU -> inputs.put("b", normal(random, columns));
          case SOFTMAX, GELU_CHAIN, GELU_TANH_CHAIN -> {
            // The matrix is all.
          }
        }
      }
    }
    return inputs;
  }

  private static Tensor normal(Random random, int... shape) {
    var values = new float[Tensor.size(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, shape);
  }
}
