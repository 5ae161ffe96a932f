package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nnlang.compiler.elaborate.Phase;
import dev.nnlang.compiler.equation.CentralDifferences;
import dev.nnlang.compiler.equation.Verifier;
import dev.nnlang.compiler.semantics.names.Workspace;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Every fn, activation, loss and layer of the library, found by walking it: the gradients by inputs
 * and parameters that generated code gives, in training and at inference, on random shapes (one
 * example alone, a batch of one, a larger one), are the slopes that central differences of the
 * interpreted equations show.
 *
 * <p>Values are drawn from a normal distribution; where the result is not finite there (a logarithm
 * of what must be a probability) from the open unit interval. They are numbers that nothing else
 * depends on, so that a kink ({@code relu} at 0, a tie of a maximum) is met with probability 0; one
 * that is merely near makes the differences of two steps disagree, and the step is then shortened
 * until both stay on one side (see {@link CentralDifferences}).
 */
@Execution(ExecutionMode.CONCURRENT)
class LibraryGradientsTest {
  private static final Options INTERPRETED =
      new Options(Options.Precision.f64, Options.Backend.INTERPRETER);
  private static final Options GENERATED =
      new Options(Options.Precision.f64, Options.Backend.BYTECODE);

  private static final List<ToDoubleFunction<Random>> DISTRIBUTIONS =
      List.of(Random::nextGaussian, random -> 0.05 + 0.9 * random.nextDouble());

  private final Workspace library = RandomUse.library();
  private final TestReporter reporter;
  private int compared;

  LibraryGradientsTest(TestReporter reporter) {
    this.reporter = reporter;
  }

  @Test
  void gradientsAreSlopes() {
    var faults = new ArrayList<String>();
    for (var function : RandomUse.differentiable()) {
      for (var phase : phases(function)) {
        for (int batch : new int[] {RandomUse.Wish.NONE, 1, 3}) {
          try {
            faults.addAll(compare(function, phase, batch));
          } catch (RuntimeException | Error e) {
            faults.add(
                "%s %s batch %d: %s at %s"
                    .formatted(function.name().text(), phase, batch, e, e.getStackTrace()[0]));
          }
        }
      }
    }
    reporter.publishEntry(
        "library against central differences: %d declarations, %d derivatives"
            .formatted(RandomUse.differentiable().size(), compared));
    assertEquals(List.of(), faults);
  }

  /** What has no state and no draws is the same in both. */
  static List<Phase> phases(Ast.Function function) {
    return switch (function.kind()) {
      case LAYER, MODEL -> List.of(Phase.TRAINING, Phase.INFERENCE);
      case FN, ACTIVATION, LOSS, METRIC, OPTIMIZER, INIT, SCHEDULE -> List.of(Phase.INFERENCE);
    };
  }

  private List<String> compare(Ast.Function function, Phase phase, int batch) {
    var random = new Random(function.name().text().hashCode() * 31L + batch);
    for (var reals : DISTRIBUTIONS) {
      var wish = new RandomUse.Wish(phase, batch, reals, true);
      var use = RandomUse.draw(library, function, wish, random);
      if (use.isEmpty()) {
        return List.of(function.name().text() + ": no sizes were found that it accepts");
      }
      var found = compare(use.get(), phase, random);
      if (found.isPresent()) {
        return found.get();
      }
    }
    return List.of(function.name().text() + ": no values were found where it is finite");
  }

  /** What differs; absent where the values are not finite. */
  private Optional<List<String>> compare(RandomUse use, Phase phase, Random random) {
    var faults = new ArrayList<String>();
    var program = use.program(phase, true);
    for (var stage : Pipeline.STAGES) {
      program = stage.pass().apply(program);
      for (var fault : Verifier.verify(program)) {
        faults.add(use + " after " + stage.name() + ": " + fault);
      }
    }
    var forward = Pipeline.executable(use.program(phase, false), INTERPRETED);
    var backward = Pipeline.executable(use.program(phase, true), GENERATED);
    var values = ProgramRun.values(use, backward, random);
    var outputs = ProgramRun.of(forward, values);
    for (var name : use.realOutputs()) {
      if (!finite(outputs.get(name))) {
        return Optional.empty();
      }
    }
    var gradients = ProgramRun.of(backward, values);
    gradients.forEach(
        (name, gradient) -> {
          if (name.startsWith("gradient/")) {
            compared++;
            var by = name.substring("gradient/".length());
            compare(use, forward, values, by, gradient, random)
                .ifPresent(fault -> faults.add(use + " " + phase + ": " + fault));
          }
        });
    return Optional.of(faults);
  }

  /** Along one random direction, so that no element can be wrong unseen. */
  private static Optional<String> compare(
      RandomUse use,
      Executable forward,
      Map<String, Tensor> values,
      String by,
      Tensor gradient,
      Random random) {
    var direction = new double[gradient.size()];
    double expected = 0;
    for (int k = 0; k < direction.length; k++) {
      direction[k] = (random.nextBoolean() ? 1 : -1) * (0.5 + random.nextDouble());
      expected += direction[k] * gradient.get(k);
    }
    var slope =
        CentralDifferences.at0(
            h -> {
              var moved = new LinkedHashMap<>(values);
              var x = values.get(by).copy();
              for (int k = 0; k < direction.length; k++) {
                x.set(k, x.get(k) + h * direction[k]);
              }
              moved.put(by, x);
              var outputs = ProgramRun.of(forward, moved);
              double total = 0;
              for (var name : use.realOutputs()) {
                var arriving = values.get("upstream/" + name);
                for (int k = 0; k < arriving.size(); k++) {
                  total += arriving.get(k) * outputs.get(name).get(k);
                }
              }
              return total;
            });
    return slope.is(expected)
        ? Optional.empty()
        : Optional.of("by " + by + " " + expected + ", differences say " + slope);
  }

  private static boolean finite(Tensor value) {
    for (int k = 0; k < value.size(); k++) {
      if (!Double.isFinite(value.get(k))) {
        return false;
      }
    }
    return true;
  }
}
