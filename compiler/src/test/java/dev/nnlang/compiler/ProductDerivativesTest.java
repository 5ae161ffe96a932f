package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.equation.CentralDifferences;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The first three derivatives of products, of whose factors none to three are exactly zero, against
 * central differences of the products themselves and of the derivatives before them, and for the
 * plain product against what a hand derives.
 */
class ProductDerivativesTest {
  private static final int SIZE = 6;

  /** What is differentiated, of {@code x[2, 3]}. */
  private static final List<String> PRODUCTS =
      List.of(
          "prod[i, j](x[i, j])",
          "prod[i, j | i <= j](x[i, j])",
          "sum[i](prod[j](x[i, j]))",
          "prod[j](sum[i](x[i, j]))",
          "sum[i](prod[j](sin(x[i, j]) * (1 + x[i, 0])))");

  /** The value, its slope along a, the slope of that along b. */
  private static final String PROGRAM =
      """
      fn value : x[2, 3] -> u {
          u = PRODUCT
      }

      fn slope : x[2, 3], a[2, 3] -> v {
          u = PRODUCT
          g = grad(u, x)
          v = sum[i, j](a[i, j] * g[i, j])
      }

      fn bend : x[2, 3], a[2, 3], b[2, 3] -> w {
          u = PRODUCT
          g = grad(u, x)
          v = sum[i, j](a[i, j] * g[i, j])
          h = grad(v, x)
          w = sum[i, j](b[i, j] * h[i, j])
      }
      """;

  @TestFactory
  Stream<DynamicTest> slopesAtZeros() {
    var tests = new ArrayList<DynamicTest>();
    for (var product : PRODUCTS) {
      for (int zeros = 0; zeros <= 3; zeros++) {
        tests.add(test(product, zeros, Options.Backend.BYTECODE));
      }
    }
    tests.add(test(PRODUCTS.getFirst(), 2, Options.Backend.INTERPRETER));
    return tests.stream();
  }

  private static DynamicTest test(String product, int zeros, Options.Backend backend) {
    return DynamicTest.dynamicTest(
        "%s, %d zeros, %s".formatted(product, zeros, backend),
        () -> new Run(product, backend).areSlopes(zeros));
  }

  private static final class Run {
    private final Compilation compilation;
    private final Options options;
    private final boolean isPlain;

    Run(String product, Options.Backend backend) {
      isPlain = product.equals(PRODUCTS.getFirst());
      var text = PROGRAM.replace("PRODUCT", product);
      compilation = Compiler.open(new SourceFile("product.nn", text), Sources.none());
      options = new Options(Options.Precision.f64, backend);
    }

    void areSlopes(int zeros) {
      var random = new Random(zeros);
      var x = random.doubles(SIZE, 0.5, 1.5).toArray();
      // In one row as far as it goes: 0, 1, 2 and then 3.
      for (int k = 0; k < zeros; k++) {
        x[k] = 0;
      }
      var inputs =
          Map.of(
              "x", tensor(x),
              "a", tensor(random.doubles(SIZE, -1, 1).toArray()),
              "b", tensor(random.doubles(SIZE, -1, 1).toArray()));
      var first = gradient("value", List.of("x"), inputs);
      var second = gradient("slope", List.of("x", "a"), inputs);
      var third = gradient("bend", List.of("x", "a", "b"), inputs);
      if (isPlain) {
        thirdIsRight(inputs, third);
      }
      same(first, inputs.get("a"), output("slope", List.of("x", "a"), inputs));
      same(second, inputs.get("b"), output("bend", List.of("x", "a", "b"), inputs));
    }

    /** The gradient by x, which is the slope of the output along a direction. */
    private Tensor gradient(String name, List<String> ports, Map<String, Tensor> inputs) {
      var request = request(name, ports, inputs);
      var output = evaluate(request).outputs().keySet().iterator().next();
      var one = Tensor.of(new double[] {1}, 1);
      var gradient = evaluate(request.withUpstream(Map.of(output, one))).gradients().get("x");
      var direction = new Random(7).doubles(SIZE, -1, 1).toArray();
      double expected = 0;
      for (int k = 0; k < SIZE; k++) {
        expected += direction[k] * gradient.get(k);
      }
      var slope =
          CentralDifferences.at0(
              h -> {
                var moved = inputs.get("x").copy();
                for (int k = 0; k < SIZE; k++) {
                  moved.set(k, moved.get(k) + h * direction[k]);
                }
                var all = new HashMap<>(inputs);
                all.put("x", moved);
                return output(name, ports, all);
              });
      double found = expected;
      assertTrue(slope.is(found), () -> name + " along a direction: " + found + ", " + slope);
      return gradient;
    }

    private double output(String name, List<String> ports, Map<String, Tensor> inputs) {
      return evaluate(request(name, ports, inputs)).outputs().values().iterator().next().get(0);
    }

    private Evaluation.Result evaluate(Evaluation.Request request) {
      try {
        var result = compilation.evaluate(request, options, 1);
        assertTrue(result.value().isPresent(), () -> result.problems().toString());
        return result.value().get();
      } catch (Evaluation.Misfit misfit) {
        throw new AssertionError(misfit);
      }
    }
  }

  /** The product without three of its factors, for every three. */
  private static void thirdIsRight(Map<String, Tensor> inputs, Tensor third) {
    for (int k = 0; k < SIZE; k++) {
      double sum = 0;
      for (int i = 0; i < SIZE; i++) {
        for (int j = 0; j < SIZE; j++) {
          if (i == j || i == k || j == k) {
            continue;
          }
          double product = inputs.get("a").get(i) * inputs.get("b").get(j);
          for (int l = 0; l < SIZE; l++) {
            product *= l == i || l == j || l == k ? 1 : inputs.get("x").get(l);
          }
          sum += product;
        }
      }
      assertEquals(sum, third.get(k), 1e-12 * (1 + Math.abs(sum)));
    }
  }

  private static Evaluation.Request request(
      String name, List<String> ports, Map<String, Tensor> inputs) {
    var given = new HashMap<>(inputs);
    given.keySet().retainAll(ports);
    return Evaluation.Request.of(name, given);
  }

  private static void same(Tensor gradient, Tensor along, double slope) {
    double sum = 0;
    for (int k = 0; k < SIZE; k++) {
      sum += gradient.get(k) * along.get(k);
    }
    assertEquals(sum, slope, 1e-12 * (1 + Math.abs(sum)));
  }

  private static Tensor tensor(double[] values) {
    return Tensor.of(values, 1, 2, 3);
  }
}
