package dev.nnlang.compiler.codegen.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Evaluation;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms of kernels that small random programs do not reach, against the interpreter. */
@EnabledIf("present")
class KernelKindsTest {
  static boolean present() {
    return TestDevice.present();
  }

  /** Rows that the lanes of a group share, with every reduction; empty ones among them. */
  private static final String ROWS =
      """
      fn subject : x[5, 700] -> soft[5, 700], s[5], p[5], hi[5], lo[5], l[5], at[5], below[5], some[5], every[5], none[5] {
          m[i]       = max[j](x[i, j])
          z[i]       = sum[j](exp(x[i, j] - m[i]))
          soft[i, j] = exp(x[i, j] - m[i]) / z[i]
          s[i]       = sum[j | j % 3 == 0](x[i, j])
          p[i]       = prod[j](1 + x[i, j] / 100)
          hi[i]      = max[j | x[i, j] < 0](x[i, j])
          lo[i]      = min[j](x[i, j])
          l[i]       = logsumexp[j](x[i, j])
          at[i]      = argmax[j](floor(x[i, j]))
          below[i]   = argmin[j](floor(x[i, j]))
          some[i]    = if any[j](x[i, j] > 3) then 1 else 0
          every[i]   = if all[j](x[i, j] > -9) then 1 else 0
          none[i]    = sum[j | j > 700](x[i, j])
      }
      """;

  /** One sum of all, and a sum with so many terms that groups share it out. */
  private static final String SUMS =
      """
      fn subject : x[5, 700] -> total, gram[5, 5] {
          total      = sum[i, j](x[i, j] * x[i, j])
          gram[i, k] = sum[j: 700](x[i, j] * x[k, j])
      }
      """;

  /** A recurrence with wide steps, backwards and forwards. */
  private static final String TIME =
      """
      fn subject : x[5, 700] -> h[5, 60], g[5, 60] {
          h[t, j] = tanh(x[t, j] + sum[k: 60](x[t, 60 + k] * (h[t - 1, (j + k) % 60] ?? 0)) / 60)
          g[t, j] = x[t, j] + 0.5 * (g[t + 1, j] ?? 1)
      }
      """;

  /** Whole numbers: quotients downwards, wrapping products, shifts of a digit. */
  private static final String WHOLE =
      """
      fn subject : x[5, 700] -> q[5, 700], r[5, 700] {
          n[i, j] = floor(x[i, j] * 10)
          q[i, j] = floor(n[i, j] / 7) + n[i, j] % 7
          r[i, j] = sign(x[i, j]) * round(x[i, j]) + ceil(x[i, j]) % 3
      }
      """;

  /** Places in fours: in vectors, beside them, under conditions; and a product with such sides. */
  private static final String FOURS =
      """
      fn subject : x[5, 700] -> a[40, 16, 32], b[40, 16, 32], soft[50, 132], p[100, 60], q[70, 30] {
          a[i, j, k]    = x[i % 5, 32 * j + k] + x[i % 5, 32 * j + k + 1]
          b[i, j, k]    = if k > 5 then x[i % 5, 32 * j + k - 5] * a[i, j, k] else a[i, j, k] - k
          e[i: 50, j: 132] = exp(x[i % 5, j + 4 * (i % 2)] * x[0, j])
          soft[i, j]    = e[i, j] / sum[k: 132](e[i, k])
          l[i: 100, k: 68] = sin(x[i % 5, 4 * k])
          r[k: 68, u: 60]  = x[2, 8 * k] * x[1, 3 * u]
          p[i, u]       = max(0, sum[k: 68](l[i, k] * r[k, u]) + x[0, u])
          q[i, u]       = sum[k: 66](l[i, k] * r[k, u]) * x[3, u]
      }
      """;

  @ParameterizedTest
  @ValueSource(strings = {ROWS, SUMS, TIME, WHOLE, FOURS})
  void areThoseOfTheInterpreter(String text) throws Exception {
    var inputs = Map.of("x", normal(5, 700));
    var expected = run(text, inputs, Options.Backend.INTERPRETER);
    var got = run(text, inputs, device());
    assertEquals(expected.keySet(), got.keySet());
    expected.forEach(
        (name, tensor) -> assertArrayEquals(doubles(tensor), doubles(got.get(name)), 1e-9, name));
  }

  /** Draws have the same bits, an orthogonal one the same numbers but for the order of its sums. */
  @Test
  void drawsAreThoseOfTheProcessor() throws Exception {
    var text =
        """
        layer Subject : x[5, 700] -> y[5, 700] {
            param u[9, 700] ~ uniform(-1, 2)
            param b[30, 20] ~ orthogonal
            param w[20, 30] ~ orthogonal
            param n[700]    ~ normal(0, 1)
            y[i, j] = x[i, j] * u[i, j] + b[i, j % 20] + w[i, j % 30] + n[j]
        }
        """;
    var inputs = Map.of("x", normal(5, 700));
    var expected = run(text, inputs, Options.Backend.BYTECODE);
    var got = run(text, inputs, device());
    assertArrayEquals(doubles(expected.get("y")), doubles(got.get("y")), 1e-12);
  }

  /** The same words as on the processor, and the device goes on. */
  @Test
  void anIndexThatIsOutsideIsReported() throws Exception {
    var text =
        """
        dim Row = 5
        fn subject : x[Row, 700], at[3]: index Row -> y[3] {
            y[n] = x[at[n], 0]
        }
        """;
    var inputs = new LinkedHashMap<String, Tensor>();
    inputs.put("x", normal(5, 700));
    inputs.put("at", Tensor.of(new long[] {0, 7, 1}, 3));
    var processor =
        assertThrows(Evaluation.Misfit.class, () -> run(text, inputs, Options.Backend.BYTECODE));
    var reported = assertThrows(Evaluation.Misfit.class, () -> run(text, inputs, device()));
    assertEquals(processor.getMessage(), reported.getMessage());
    inputs.put("at", Tensor.of(new long[] {0, 4, 1}, 3));
    assertTrue(run(text, inputs, device()).containsKey("y"));
  }

  private static Options.Backend device() {
    return new Options.Backend.Kernels(TestDevice.get());
  }

  private static Map<String, Tensor> run(
      String text, Map<String, Tensor> inputs, Options.Backend backend) throws Evaluation.Misfit {
    var result =
        Compiler.open(new SourceFile("subject.nn", text), Sources.none())
            .evaluate(
                Evaluation.Request.of(text.contains("Subject") ? "Subject" : "subject", inputs),
                new Options(Options.Precision.f64, backend),
                1);
    assertTrue(result.value().isPresent(), () -> result.problems().toString());
    return result.value().get().outputs();
  }

  private static Tensor normal(int... shape) {
    var random = new Random(3);
    var tensor = Tensor.zeros(ElementType.F64, shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.set(i, random.nextGaussian());
    }
    return tensor;
  }

  private static double[] doubles(Tensor tensor) {
    var values = new double[tensor.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.get(i);
    }
    return values;
  }
}
