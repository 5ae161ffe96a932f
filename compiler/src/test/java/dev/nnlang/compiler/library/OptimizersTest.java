package dev.nnlang.compiler.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.train.TrainingEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
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
        .filter(page -> page.function().filter(f -> f.kind() == Ast.Kind.OPTIMIZER).isPresent())
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

  /** A rate for a part of the model, and what is left to the next in the list. */
  @Test
  void eachParameterHasTheFirstThatTakesIt() throws ProblemException {
    var program =
        """
        layer Scale : x -> y {
            param a = 1
            param b = 1
            y = a * x + b
        }

        model Two : x -> y {
            first  = Scale()
            second = Scale()
            y = second(first(x))
        }

        data One {
            source grid[1] = linspace(2, 3, 1)
            sample n -> x { x = grid[n] }
        }

        train Run : Two on One {
            loss      = y
            optimizer = [SGD(lr = 0.5)(params.second.b), SGD(lr = 0)(params.first), SGD(lr = 0.25)]
            batch     = 1
            steps     = 1
        }
        """;
    var weights =
        Training.of(program, Path.of("."), Options.Precision.f64, _ -> {}).train().weights();
    var after = new TreeMap<String, Double>();
    weights.parameters().forEach((path, tensor) -> after.put(path, tensor.get(0)));
    // y = second.a (first.a x + first.b) + second.b, with x = 2.
    assertEquals(
        Map.of("first/a", 1.0, "first/b", 1.0, "second/a", 1 - .25 * 3, "second/b", .5), after);
  }
}
