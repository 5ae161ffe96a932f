package dev.nnlang.compiler.codegen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nnlang.compiler.Compilation;
import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Evaluation;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.codegen.gpu.TestDevice;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recurrences that are wide enough for a time loop around products over the whole batch. */
class TimeLoopTest {
  /** So many that each of two threads does all rounds for some. */
  private static final int BATCH = 17;

  private static final int STEPS = 6;

  /** With peephole terms, a state that starts elsewhere, and one that is two steps old. */
  private static final String OWN =
      """
      layer Peephole(Units: dim) : x[T, In], h0[Units] -> h[T, Units] {
          param wx[In, 2, Units] ~ glorot_uniform
          param wh[Units, 2, Units] ~ orthogonal
          param p[Units] = 0.3
          a[t, g, j] = sum[i](x[t, i] * wx[i, g, j])
          z[t, g, j] = a[t, g, j] + sum[k]((h[t-1, k] ?? h0[k]) * wh[k, g, j])
          f[t, j] = sigmoid(z[t, 0, j] + p[j] * (c[t-1, j] ?? 0.25))
          c[t, j] = f[t, j] * (c[t-1, j] ?? 0.25) + (1 - f[t, j]) * tanh(z[t, 1, j])
          h[t, j] = tanh(c[t, j]) + 0.5 * (h[t-2, j] ?? h0[j])
      }
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          1; 48; x |> LSTM(48)
          1; 48; LSTM(48)(x, length = 3)
          1; 64; x |> GRU(64)
          1; 72; x |> GRU(72, reset_after = false)
          1; 72; x |> RNN(72, bias = false)
          2; 48; x |> LSTM(40) |> LSTM(48)
          2; 144; Bidirectional(GRU, 72)(x, length = 4)
          1; 56; Peephole(56)(x, x[0, :])
          0; 16; x |> LSTM(16)
          """)
  void computesWhatTheEquationsSay(int loops, int width, String layers) throws Evaluation.Misfit {
    var compilation = compilation(width, layers);
    var plan = compilation.explain(Optional.empty(), "step", "schedule");
    assertEquals(List.of(), plan.problems());
    var heads = plan.value().lines().filter(l -> l.contains(": time loop over")).toList();
    assertEquals(2 * loops, heads.size(), plan.value());
    assertEquals(loops, heads.stream().filter(l -> l.contains(", backwards")).count());

    compare(compilation, width, Options.Backend.BYTECODE);
  }

  @Test
  void adjointsReadTheGatesThatWereComputed() {
    var plan = compilation(48, "x |> LSTM(48)").explain(Optional.empty(), "step", "schedule");
    assertEquals(3, plan.value().split("sigmoid\\(", -1).length - 1, plan.value());
    assertEquals(2, plan.value().split("tanh\\(", -1).length - 1, plan.value());
  }

  @Test
  @EnabledIf("hasDevice")
  void kernelsOfADeviceComputeItToo() throws Evaluation.Misfit {
    var compilation = compilation(56, "Peephole(56)(x, x[0, :])");
    compare(compilation, 56, new Options.Backend.Kernels(TestDevice.get()));
  }

  static boolean hasDevice() {
    return TestDevice.present();
  }

  private static Compilation compilation(int width, String layers) {
    var text =
        OWN
            + """
            model Subject : x[%1$d, 56] -> y[%1$d, %3$d] {
                y = %2$s
            }
            data Examples {
                source series[N, %1$d, 56] = npy("series.npy")
                sample n -> x[%1$d, 56] {
                    x[t, i] = series[n, t, i]
                }
            }
            train Plan : Subject on Examples {
                loss      = sum[t, d](y[t, d] * y[t, d])
                optimizer = SGD(0.1)
                batch     = 32
                steps     = 10
            }
            """
                .formatted(STEPS, layers, width);
    return Compiler.open(new SourceFile("subject.nn", text), Sources.none());
  }

  private static void compare(Compilation compilation, int width, Options.Backend backend)
      throws Evaluation.Misfit {
    var random = new Random(1);
    var request =
        Evaluation.Request.of("Subject", Map.of("x", normal(random, BATCH, STEPS, 56)))
            .withUpstream(Map.of("y", normal(random, BATCH, STEPS, width)));
    var expected = result(compilation, request, Options.Backend.INTERPRETER);
    var found = result(compilation, request, backend);
    equal(expected.outputs(), found.outputs());
    equal(expected.gradients(), found.gradients());
  }

  private static void equal(Map<String, Tensor> expected, Map<String, Tensor> found) {
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach(
        (name, value) ->
            assertArrayEquals(value.doubles(), found.get(name).doubles(), 1e-11, name));
  }

  private static Evaluation.Result result(
      Compilation compilation, Evaluation.Request request, Options.Backend backend)
      throws Evaluation.Misfit {
    var checked = compilation.evaluate(request, new Options(Options.Precision.f64, backend), 2);
    return checked.value().orElseThrow(() -> new AssertionError(checked.problems().toString()));
  }

  private static Tensor normal(Random random, int... shape) {
    return Tensor.of(random.doubles(Tensor.size(shape), -1, 1).toArray(), shape);
  }
}
