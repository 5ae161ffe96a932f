package dev.nnlang.compiler.codegen.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Evaluation;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which products a library is asked for, and with what; what it then gives is what the interpreter
 * gives.
 */
@EnabledIf("present")
class PlainProductTest {
  private static final Pattern SHAPE = Pattern.compile("(\\w)\\[([0-9, ]+)]");

  static boolean present() {
    return TestDevice.present();
  }

  /** A result is rows x columns; {@code '} is behind a factor that is turned, its line before. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      textBlock =
          """
          x[50, 200], w[200, 80] -> y[50, 80] ; y[i, u] = sum[k](x[i, k] * w[k, u]) ; 50x80 terms 200: 200 * 80 -> 80
          x[200, 50], w[200, 80] -> y[50, 80] ; y[i, u] = sum[k](x[k, i] * w[k, u]) ; 50x80 terms 200: 50' * 80 -> 80
          x[50, 200], w[80, 200] -> y[50, 80] ; y[i, u] = sum[k](w[u, k] * x[i, k]) ; 50x80 terms 200: 200 * 200' -> 80
          x[50, 200], w[200, 80] -> y[80, 50] ; y[u, i] = sum[k](x[i, k] * w[k, u]) ; 80x50 terms 200: 80' * 200' -> 50
          x[90, 200], w[200, 80] -> y[45, 80] ; y[i: 45, u] = sum[k](x[2 * i, k] * w[k, u]) ; 45x80 terms 200: 400 * 80 -> 80
          x[3, 50, 64], w[3, 64, 40] -> y[3, 50, 40] ; y[b, i, u] = sum[k](x[b, i, k] * w[b, k, u]) ; 3 of 50x40 terms 64: 64 next 3200 * 40 next 2560 -> 40 next 2000
          x[3, 50, 64], w[64, 40] -> y[3, 50, 40] ; y[b, i, u] = sum[k](x[b, i, k] * w[k, u]) ; 150x40 terms 64: 64 * 40 -> 40
          x[50, 4, 16], w[4, 16, 80] -> y[50, 80] ; y[i, u] = sum[h, d](x[i, h, d] * w[h, d, u]) ; 50x80 terms 64: 64 * 80 -> 80
          x[50, 64], w[64, 4, 20] -> y[50, 4, 20] ; y[i, h, e] = sum[k](x[i, k] * w[k, h, e]) ; 50x80 terms 64: 64 * 80 -> 80
          x[50, 64], w[64, 80], b[80] -> y[50, 80] ; y[i, u] = sum[k](x[i, k] * w[k, u]) + b[u] ; 50x80 terms 64: 64 * 80 -> 80 bias
          x[50, 64], w[64, 80], b[80] -> y[50, 80] ; y[i, u] = max(0, b[u] + sum[k](x[i, k] * w[k, u])) ; 50x80 terms 64: 64 * 80 -> 80 bias relu
          x[50, 64], w[64, 80] -> y[50, 80] ; y[i, u] = relu(sum[k](x[i, k] * w[k, u])) ; 50x80 terms 64: 64 * 80 -> 80 relu
          x[50, 200], w[200, 80] -> y[50, 80] ; y[i, u] = tanh(sum[k](x[i, k] * w[k, u])) ; 50x80 terms 200: 200 * 80 -> 80
          x[50, 200], w[200, 80], b[50] -> y[50, 80] ; y[i, u] = sum[k](x[i, k] * w[k, u]) + b[i] ; 50x80 terms 200: 200 * 80 -> 80
          x[3, 40, 200], w[3, 200, 20] -> y[40, 3, 20] ; y[i, b, u] = sum[k](x[b, i, k] * w[b, k, u]) + 1 ; 3 of 40x20 terms 200: 200 next 8000 * 20 next 4000 -> 20 next 800
          x[50, 64], w[64, 80] -> y[50, 80] ; y[i, u] = tanh(sum[k](x[i, k] * w[k, u])) ; ""
          x[50, 201], w[200, 80] -> y[50, 80] ; y[i, u] = sum[k: 200](x[i, k + 1] * w[k, u]) ; ""
          x[300, 1], w[200, 80] -> y[50, 80] ; y[i: 50, u] = sum[k](x[i + k, 0] * w[k, u]) ; ""
          x[50, 200], w[200, 80] -> y[50, 80] ; y[i, u] = sum[k | k <= i](x[i, k] * w[k, u]) ; ""
          x[50, 200], w[200, 80] -> y[50, 80] ; y[i, u] = sum[k](exp(x[i, k]) * w[k, u]) ; ""
          x[40, 30, 4, 16], w[40, 4, 16, 20] -> y[40, 4, 30, 20] ; y[b, h, t, u] = sum[e](x[b, t, h, e] * w[b, h, e, u]) ; ""
          """)
  void plainOnesAreTheLibrarys(String head, String body, String wanted) throws Exception {
    var text = "fn subject : %s { %s }\n".formatted(head, body);
    var inputs = new LinkedHashMap<String, Tensor>();
    var shapes = SHAPE.matcher(head.substring(0, head.indexOf("->")));
    while (shapes.find()) {
      inputs.put(shapes.group(1), normal(shapes.group(2)));
    }
    var device = new HostProducts(TestDevice.get());
    var expected = run(text, inputs, Options.Backend.INTERPRETER);
    var got = run(text, inputs, new Options.Backend.Kernels(device));
    assertArrayEquals(values(expected), values(got), 1e-9, text);
    assertEquals(wanted.isEmpty() ? List.of() : List.of(wanted), device.asked(), text);
  }

  private static Tensor run(String text, Map<String, Tensor> inputs, Options.Backend backend)
      throws Evaluation.Misfit {
    var result =
        Compiler.open(new SourceFile("subject.nn", text), Sources.none())
            .evaluate(
                Evaluation.Request.of("subject", inputs),
                new Options(Options.Precision.f64, backend),
                1);
    assertTrue(result.value().isPresent(), () -> result.problems().toString());
    return result.value().get().outputs().get("y");
  }

  private static Tensor normal(String extents) {
    var shape = Pattern.compile(", ").splitAsStream(extents).mapToInt(Integer::parseInt).toArray();
    var random = new Random(shape.length);
    var tensor = Tensor.zeros(ElementType.F64, shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.set(i, random.nextGaussian());
    }
    return tensor;
  }

  private static double[] values(Tensor tensor) {
    var values = new double[tensor.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.get(i);
    }
    return values;
  }
}
