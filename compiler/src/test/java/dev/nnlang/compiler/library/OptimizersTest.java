package dev.nnlang.compiler.library;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Options;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.train.TrainingEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every optimizer of the library with its defaults on a long narrow bowl: it gets down, and stays.
 */
class OptimizersTest {
  private static final int STEPS = 3000;

  /**
   * Curvatures of 1 and 10; the bottom is a quarter away from the start in each direction. The
   * start is not 0, as some take the parameter's own length for their measure.
   */
  private static final String BOWL =
      """
      model Bowl : x -> y {
          param w[4, 4] = 1
          y = sum[i, j](10^(i / 3) * (w[i, j] - (if j %% 2 == 0 then 1.25 else 0.75))^2) / 2
      }

      data One {
          source grid[1] = linspace(0, 1, 1)
          sample n -> x { x = grid[n] }
      }

      train Run : Bowl on One {
          loss      = y
          optimizer = %s()
          batch     = 1
          steps     = %d
      }
      """;

  @TestFactory
  Stream<DynamicTest> getDown() {
    return Page.all().stream()
        .filter(page -> page.file().equals("optimizers.nn"))
        .map(page -> DynamicTest.dynamicTest(page.name(), () -> getsDown(page.name())));
  }

  private static void getsDown(String optimizer) throws ProblemException {
    var losses = new ArrayList<Double>();
    Training.of(
            BOWL.formatted(optimizer, STEPS),
            Path.of("."),
            Options.Precision.f32,
            event -> {
              if (event instanceof TrainingEvent.Step step) {
                losses.add(step.loss());
              }
            })
        .train();
    double start = losses.getFirst();
    double worst = losses.subList(STEPS - 100, STEPS).stream().mapToDouble(x -> x).max().orElse(0);
    System.out.printf(
        "%-10s after 0 %.3g, 100 %.3g, 1000 %.3g, %d %.3g%n",
        optimizer, start, losses.get(100), losses.get(1000), STEPS, losses.getLast());
    assertTrue(worst < start / 100, optimizer + " ends at " + worst + " from " + start);
  }
}
