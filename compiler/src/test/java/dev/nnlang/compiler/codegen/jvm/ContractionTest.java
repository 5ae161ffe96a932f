package dev.nnlang.compiler.codegen.jvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Evaluation;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Products whose two sides are packed apart from each other. */
class ContractionTest {
  /**
   * The heads are rows of one matrix: the derivative by {@code a} reads {@code p[i / 8 - 4, ..]}
   * where {@code i >= 32}, and neither side alone has all indices of that condition.
   */
  @Test
  void conditionOfBothSidesKeepsReadsInside() throws Evaluation.Misfit {
    var random = new Random(1);
    var request =
        Evaluation.Request.of(
                "attend", Map.of("p", normal(random, 2, 24, 24), "a", normal(random, 24, 48)))
            .withUpstream(Map.of("y", normal(random, 24, 16)));
    var compiled = gradient(request, Options.Backend.BYTECODE);
    var interpreted = gradient(request, Options.Backend.INTERPRETER);
    assertArrayEquals(interpreted.doubles(), compiled.doubles(), 1e-12);
  }

  private static Tensor gradient(Evaluation.Request request, Options.Backend backend)
      throws Evaluation.Misfit {
    var text =
        """
        fn attend : p[2, T, T], a[T, 48] -> y[T, 16] {
            y[t, d] = sum[u](p[d / 8, t, u] * a[u, 32 + d])
        }
        """;
    var result =
        Compiler.open(new SourceFile("attend.nn", text), Sources.none())
            .evaluate(request, new Options(Options.Precision.f64, backend), 2);
    return result.value().orElseThrow().gradients().get("a");
  }

  private static Tensor normal(Random random, int... shape) {
    return Tensor.of(random.doubles(Tensor.size(shape), -1, 1).toArray(), shape);
  }
}
