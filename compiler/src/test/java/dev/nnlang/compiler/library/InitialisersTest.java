package dev.nnlang.compiler.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Options;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.Tensor;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every initialiser of the library on the weights of a convolution, whose fans are 3 * 3 * 40 = 360
 * and 3 * 3 * 60 = 540: mean and variance against the formula, and the bounds of uniform ones.
 */
class InitialisersTest {
  private static final double IN = 360;
  private static final double OUT = 540;

  private static final String CONVOLUTION =
      """
      layer Seen : x[5, 5, 40] -> y[3, 3, 60] {
          param w[3, 3, 40, 60] ~ %s
          y[h: 3, v: 3, o] = sum[r, q, i](x[h + r, v + q, i] * w[r, q, i, o])
      }

      model Sees : image[5, 5, 40] -> y {
          y = image |> Seen |> sum
      }

      data One {
          source grid[1] = linspace(0, 1, 1)
          sample n -> image[5, 5, 40] {
              image[h, v, c] = grid[n] + h + v + c
          }
      }

      train Run : Sees on One {
          loss      = y
          optimizer = SGD()
          steps     = 1
      }
      """;

  @TestFactory
  Stream<DynamicTest> matchTheFormula() {
    return Page.all().stream()
        // The identity is one of rows and columns; its page's example is its test.
        .filter(page -> page.file().equals("initializers.nn"))
        .filter(page -> !page.name().equals("identity_matrix"))
        .map(page -> DynamicTest.dynamicTest(page.name(), () -> matches(page.name())));
  }

  private static void matches(String init) throws ProblemException {
    var weights =
        Training.of(CONVOLUTION.formatted(init), Path.of("."), Options.Precision.f64, _ -> {})
            .fresh();
    var w = weights.parameters().values().iterator().next();
    switch (init) {
      case "zeros" -> level(w, 0);
      case "ones" -> level(w, 1);
      case "glorot_uniform" -> uniform(w, Math.sqrt(6 / (IN + OUT)));
      case "he_uniform" -> uniform(w, Math.sqrt(6 / IN));
      case "lecun_uniform" -> uniform(w, Math.sqrt(3 / IN));
      case "glorot_normal" -> spread(w, 2 / (IN + OUT));
      case "he_normal" -> spread(w, 2 / IN);
      case "lecun_normal" -> spread(w, 1 / IN);
      default -> throw new AssertionError("say here what " + init + " draws");
    }
  }

  private static void level(Tensor w, double value) {
    for (int i = 0; i < w.size(); i++) {
      assertEquals(value, w.get(i));
    }
  }

  private static void uniform(Tensor w, double bound) {
    double most = 0;
    for (int i = 0; i < w.size(); i++) {
      most = Math.max(most, Math.abs(w.get(i)));
    }
    assertTrue(most <= bound && most > .999 * bound, most + " of " + bound);
    spread(w, bound * bound / 3);
  }

  /** Within four deviations of what so many draws give. */
  private static void spread(Tensor w, double expected) {
    assertEquals(0, mean(w), 4 * Math.sqrt(expected / w.size()));
    assertEquals(expected, variance(w), 4 * expected * Math.sqrt(2.0 / w.size()));
  }

  private static double mean(Tensor w) {
    double sum = 0;
    for (int i = 0; i < w.size(); i++) {
      sum += w.get(i);
    }
    return sum / w.size();
  }

  private static double variance(Tensor w) {
    double mean = mean(w);
    double sum = 0;
    for (int i = 0; i < w.size(); i++) {
      sum += (w.get(i) - mean) * (w.get(i) - mean);
    }
    return sum / w.size();
  }
}
