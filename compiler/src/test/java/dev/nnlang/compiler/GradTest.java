package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code grad} inside programs, against what a hand derives (LR-6, LR-71, LR-91). */
class GradTest {
  private static final Options GENERATED =
      new Options(Options.Precision.f64, Options.Backend.BYTECODE);

  @Test
  void aDerivativeIsDifferentiableAgain() throws Evaluation.Misfit {
    var text =
        """
        fn pendulum : t -> residual {
            u        = sin(3 * t) * exp(t)
            residual = grad(grad(u, t), t) + u
        }
        """;
    double t = 0.7;
    double second = Math.exp(t) * (6 * Math.cos(3 * t) - 8 * Math.sin(3 * t));
    double u = Math.sin(3 * t) * Math.exp(t);
    var got = run(text.replace("pendulum", "pendulum"), "pendulum", Map.of("t", vector(t, 0.1)));
    assertEquals(second + u, got.get(0), 1e-12);
  }

  @Test
  void byAnInputThroughALayerWithParameters() throws Evaluation.Misfit {
    var text =
        """
        layer Field : x[2] -> g[2] {
            param w[2, 2] = 0.5
            z[o] = tanh(sum[i](x[i] * w[i, o]))
            g    = grad(sum(z), x)
        }
        """;
    double a = Math.tanh(0.5 * (0.3 - 0.9));
    double slope = (1 - a * a) * 0.5 * 2;
    var got = run(text, "Field", Map.of("x", matrix(new double[][] {{0.3, -0.9}})));
    assertArrayEquals(new double[] {slope, slope}, values(got), 1e-12);
  }

  @Test
  void byAParameterItIsPerExample() throws Evaluation.Misfit {
    var text =
        """
        layer Each : x[2] -> g[2, 2] {
            param w[2, 2] = 0.5
            y = sum[i, o](x[i]^2 * w[i, o])
            g = grad(y, w)
        }
        """;
    var got = run(text, "Each", Map.of("x", matrix(new double[][] {{1, 2}, {3, 4}})));
    assertArrayEquals(new int[] {2, 2, 2}, got.shape());
    assertArrayEquals(new double[] {1, 1, 4, 4, 9, 9, 16, 16}, values(got), 1e-12);
  }

  @Test
  void throughARecurrence() throws Evaluation.Misfit {
    var text =
        """
        fn decay : x[T] -> g[T] {
            h[t] = 0.5 * (h[t-1] ?? 0) + x[t]^2
            g    = grad(sum(h), x)
        }
        """;
    var got = run(text, "decay", Map.of("x", matrix(new double[][] {{1, 2, 3}})));
    assertArrayEquals(new double[] {2 * 1.75, 4 * 1.5, 6}, values(got), 1e-12);
  }

  @Test
  void whatDoesNotDependOnItsVariableIsAProblem() {
    assertIndependent("fn f : x -> y {\n    a = 2 * x\n    b = 3 * x\n    y = grad(a, b)\n}\n");
    assertIndependent("fn f : x -> y {\n    a = stop_gradient(x)\n    y = grad(a, x)\n}\n");
    assertIndependent(
        "fn f : x[3] -> y {\n    n = argmax[i](x[i])\n    a = real(n)\n    y = sum(grad(a, x))\n}\n");
    assertIndependent(
        "layer L : x[2] -> y[2] {\n    param w[2] = 1\n    a = sum(x)\n    y = grad(a, w)\n}\n");
  }

  @Test
  void whatOnlyAUseCanShowIsSaidThere() throws Evaluation.Misfit {
    var text = "loss residual : u, t -> value {\n    value = grad(u, t)^2\n}\n";
    assertEquals(List.of(), codes(Compiler.open(file(text), Sources.none()).check()));
    var inputs = Map.of("u", vector(1), "t", vector(2));
    var alone =
        Compiler.open(file(text), Sources.none())
            .evaluate(Evaluation.Request.of("residual", inputs), GENERATED, 1);
    assertEquals(List.of("E0703"), codes(alone.problems()));
  }

  @Test
  void aPlanWhoseModelDoesNotReachItsVariableIsAProblem() {
    var plan =
        """
        loss residual : u, t -> value {
            value = grad(u, t)^2
        }
        model Net : t, s -> u {
            u = s |> Dense(1)
        }
        data Points {
            source time[N] = linspace(0, 1, 10)
            sample n -> t, s[1] {
                t = time[n]
                s[i] = 0.5
            }
        }
        train Solve : Net on Points {
            loss      = residual(u, t)
            optimizer = SGD()
            steps     = 1
        }
        """
            .replace("t, s -> u", "t, s[1] -> u")
            .replace("u = s |> Dense(1)", "y = s |> Dense(1)\n    u = y[0]");
    var compilation = Compiler.open(file(plan), Sources.none());
    assertEquals(List.of("E0703"), codes(compilation.check()));
    var training = compilation.training(Optional.empty(), Map.of(), GENERATED);
    assertEquals(List.of("E0703"), codes(training.problems()));
  }

  private static void assertIndependent(String text) {
    assertEquals(List.of("E0703"), codes(Compiler.open(file(text), Sources.none()).check()));
  }

  private static List<String> codes(List<Problem> problems) {
    return problems.stream().map(Problem::code).filter(c -> c.startsWith("E")).toList();
  }

  private static SourceFile file(String text) {
    return new SourceFile("grad.nn", text);
  }

  private static Tensor run(String text, String name, Map<String, Tensor> inputs)
      throws Evaluation.Misfit {
    var compilation = Compiler.open(file(text), Sources.none());
    var result = compilation.evaluate(Evaluation.Request.of(name, inputs), GENERATED, 1);
    assertTrue(result.value().isPresent(), () -> result.problems().toString());
    return result.value().get().outputs().values().iterator().next();
  }

  private static Tensor vector(double... values) {
    var tensor = Tensor.zeros(ElementType.F64, values.length);
    for (int k = 0; k < values.length; k++) {
      tensor.set(k, values[k]);
    }
    return tensor;
  }

  private static Tensor matrix(double[][] rows) {
    var tensor = Tensor.zeros(ElementType.F64, rows.length, rows[0].length);
    for (int k = 0; k < tensor.size(); k++) {
      tensor.set(k, rows[k / rows[0].length][k % rows[0].length]);
    }
    return tensor;
  }

  private static double[] values(Tensor tensor) {
    var values = new double[tensor.size()];
    for (int k = 0; k < values.length; k++) {
      values[k] = tensor.get(k);
    }
    return values;
  }
}
