package dev.nnlang.bench;

import dev.nnlang.runtime.math.ErrorFunction;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;

/** Compares some rows of an operation's result with the formula in double precision. */
public final class OperationCheck {
  private static final double TOLERANCE = 2e-5;

  private OperationCheck() {}

  /** Checks the first, a middle and the last row. */
  public static void check(Operation operation, Map<String, Tensor> inputs, float[] found) {
    int rows =
        switch (operation) {
          case Operation.Product p -> p.rows();
          case Operation.OnRows r -> r.rows();
        };
    int columns = found.length / rows;
    for (int row : new int[] {0, rows / 2, rows - 1}) {
      var part = Arrays.copyOfRange(found, row * columns, (row + 1) * columns);
      var wanted = row(operation, inputs, row);
      Mismatch.check(operation.name() + " in row " + row, wanted, part, TOLERANCE);
    }
  }

  private static float[] row(Operation operation, Map<String, Tensor> inputs, int row) {
    return switch (operation) {
      case Operation.Product product -> product(product, inputs, row);
      case Operation.OnRows(var kind, _, int columns) -> {
        var x = new double[columns];
        for (int c = 0; c < columns; c++) {
          x[c] = inputs.get("x").get(row * columns + c);
        }
        var y =
            switch (kind) {
              case SOFTMAX -> softmax(x);
              case LAYER_NORM -> layerNorm(x, inputs.get("gamma"), inputs.get("beta"));
              case GELU_CHAIN -> Arrays.stream(x).map(v -> gelu(v * 1.5 + 0.5) + v).toArray();
              case GELU_TANH_CHAIN ->
                  Arrays.stream(x).map(v -> geluTanh(v * 1.5 + 0.5) + v).toArray();
              case BIAS_RELU -> biasRelu(x, inputs.get("b"));
            };
        yield floats(y);
      }
    };
  }

  private static float[] product(Operation.Product of, Map<String, Tensor> inputs, int row) {
    var sums = new double[of.columns()];
    for (int k = 0; k < of.depth(); k++) {
      double a = inputs.get("a").get(row * of.depth() + k);
      for (int j = 0; j < sums.length; j++) {
        sums[j] += a * inputs.get("b").get(k * of.columns() + j);
      }
    }
    return floats(sums);
  }

  private static double[] softmax(double[] x) {
    double largest = Arrays.stream(x).max().orElseThrow();
    double sum = Arrays.stream(x).map(v -> Math.exp(v - largest)).sum();
    return Arrays.stream(x).map(v -> Math.exp(v - largest) / sum).toArray();
  }

  private static double[] layerNorm(double[] x, Tensor gamma, Tensor beta) {
    double mean = Arrays.stream(x).average().orElseThrow();
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    double scale = 1 / Math.sqrt(variance + 1e-5);
    var y = new double[x.length];
    for (int c = 0; c < y.length; c++) {
      y[c] = (x[c] - mean) * scale * gamma.get(c) + beta.get(c);
    }
    return y;
  }

  private static double gelu(double x) {
    return x * (1 + ErrorFunction.erf(x / Math.sqrt(2))) / 2;
  }

  private static double geluTanh(double x) {
    return x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2;
  }

  private static double[] biasRelu(double[] x, Tensor bias) {
    var y = new double[x.length];
    for (int c = 0; c < y.length; c++) {
      y[c] = Math.max(x[c] + bias.get(c), 0);
    }
    return y;
  }

  private static float[] floats(double[] values) {
    var floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
