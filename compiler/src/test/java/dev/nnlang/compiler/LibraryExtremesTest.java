package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nnlang.compiler.elaborate.Phase;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.semantics.names.Workspace;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.Parser;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Everything in the library, found by walking it, on values at the edge of what numbers are, and on
 * sizes of 1 (a batch of one, one class, one time step): what generated code gives in both
 * precisions, forward and backward, is finite wherever the mathematics is.
 *
 * <p>Where it is not, the declaration stands in {@link #INFINITE} with the reason; the list is held
 * exact. A loss of probabilities is infinite for numbers that are none; behind a softmax or a
 * sigmoid, as it is used, it must be finite like all others.
 */
@Execution(ExecutionMode.CONCURRENT)
class LibraryExtremesTest {
  private enum Reason {
    PROBABILITIES("the logarithm of what must be a probability; finite behind softmax or sigmoid"),
    OVERFLOW("exp(1000) is beyond all numbers of either precision");

    private final String text;

    Reason(String text) {
      this.text = text;
    }
  }

  /** Every other one with the smallest sizes; a longer campaign states more of them. */
  private static final int ROUNDS = Integer.getInteger("extremes.rounds", 2);

  private static final Map<String, Reason> INFINITE =
      new TreeMap<>(
          Map.of(
              "binary_cross_entropy", Reason.PROBABILITIES,
              "categorical_cross_entropy", Reason.PROBABILITIES,
              "sparse_categorical_cross_entropy", Reason.PROBABILITIES,
              "kl_divergence", Reason.PROBABILITIES,
              "focal", Reason.PROBABILITIES,
              "poisson", Reason.OVERFLOW,
              "perplexity", Reason.OVERFLOW));

  /** What the real inputs of a declaration are filled with; an element is known by its place. */
  private enum Extreme {
    LARGE {
      @Override
      double value(Random random, Options.Precision precision) {
        return random.nextBoolean() ? 1000 : -1000;
      }
    },
    ALL_LARGE {
      @Override
      double value(Random random, Options.Precision precision) {
        return 1000;
      }
    },
    ALL_LOW {
      @Override
      double value(Random random, Options.Precision precision) {
        return -1000;
      }
    },
    ZEROS {
      @Override
      double value(Random random, Options.Precision precision) {
        return 0;
      }
    },
    NEGATIVE_ZEROS {
      @Override
      double value(Random random, Options.Precision precision) {
        return -0.0;
      }
    },
    TIES {
      @Override
      double value(Random random, Options.Precision precision) {
        return 0.5;
      }
    },
    DENORMAL {
      @Override
      double value(Random random, Options.Precision precision) {
        return (random.nextBoolean() ? 1 : -1) * (1 + random.nextInt(5)) * smallest(precision);
      }
    },
    DENORMAL_SQUARES {
      @Override
      double value(Random random, Options.Precision precision) {
        return (random.nextBoolean() ? 1 : -1)
            * (1 + random.nextInt(5))
            * Math.sqrt(smallest(precision));
      }
    },
    MIXED {
      @Override
      double value(Random random, Options.Precision precision) {
        int chosen = random.nextInt(values().length - 1);
        return values()[chosen].value(random, precision);
      }
    };

    abstract double value(Random random, Options.Precision precision);

    private static double smallest(Options.Precision precision) {
      return switch (precision) {
        case f32 -> Float.MIN_VALUE;
        case f64 -> Double.MIN_VALUE;
      };
    }
  }

  private final Workspace library = RandomUse.library();
  private final TestReporter reporter;
  private int compared;

  LibraryExtremesTest(TestReporter reporter) {
    this.reporter = reporter;
  }

  @Test
  void whatIsFiniteIsFinite() {
    exact(
        EnumSet.of(
            Ast.Kind.FN, Ast.Kind.ACTIVATION, Ast.Kind.LAYER, Ast.Kind.MODEL, Ast.Kind.LOSS));
  }

  /** After two batches, the second of which reads what the first left. */
  @Test
  void metricsAreFinite() {
    exact(EnumSet.of(Ast.Kind.METRIC));
  }

  private void exact(Set<Ast.Kind> kinds) {
    var declarations = RandomUse.declared(kinds);
    var infinite = new TreeMap<String, List<String>>();
    for (var declaration : declarations) {
      var found = faults(library, declaration);
      if (!found.isEmpty()) {
        infinite.put(declaration.name().text(), found);
      }
    }
    reporter.publishEntry(
        "library at extremes: %d of %s, %d tensors"
            .formatted(declarations.size(), kinds, compared));
    var listed = new TreeMap<>(INFINITE);
    listed.keySet().retainAll(declarations.stream().map(d -> d.name().text()).toList());
    listed.forEach(
        (name, reason) -> reporter.publishEntry("not finite: " + name + ": " + reason.text));
    var unexpected = new TreeMap<>(infinite);
    unexpected.keySet().removeAll(listed.keySet());
    assertEquals(Map.of(), unexpected);
    assertEquals(listed.keySet(), infinite.keySet(), "the list is exact");
  }

  /** Parameters and gradients at extremes, at the first steps and at the millionth. */
  @Test
  void optimizersAreFinite() throws Evaluation.Misfit {
    var compilation = Compiler.open(new SourceFile("empty.nn", ""), Sources.none());
    var faults = new ArrayList<String>();
    for (var optimizer : RandomUse.declared(EnumSet.of(Ast.Kind.OPTIMIZER))) {
      for (var precision : Options.Precision.values()) {
        for (var extreme : Extreme.values()) {
          for (int[] shape : new int[][] {{1, 1}, {3, 2}}) {
            var random = new Random(shape[0]);
            var like = Tensor.zeros(precision.element(), shape);
            var w = real(like, true, extreme, random, precision);
            Map<String, Tensor> states = Map.of();
            for (int step : new int[] {1, 2, 3, 1_000_000}) {
              var g = real(like, true, extreme, random, precision);
              var request =
                  new Evaluation.Request(
                      optimizer.name().text(),
                      Map.of(),
                      Map.of("w", w, "g", g),
                      states,
                      Map.of(),
                      Evaluation.Phase.TRAINING,
                      0,
                      0,
                      step,
                      1_000_000);
              var result =
                  compilation
                      .evaluate(request, new Options(precision, Options.Backend.BYTECODE), 1)
                      .value()
                      .orElseThrow();
              w = result.outputs().get("w'");
              states = result.states();
              compared += 1 + states.size();
              if (!isFinite(w)
                  || !states.values().stream().allMatch(LibraryExtremesTest::isFinite)) {
                faults.add(
                    "%s %s %s step %d: %s %s"
                        .formatted(optimizer.name().text(), precision, extreme, step, w, states));
              }
            }
          }
        }
      }
    }
    reporter.publishEntry("optimizers at extremes: %d tensors".formatted(compared));
    assertEquals(List.of(), faults);
  }

  @Test
  void probabilitiesOfLogitsAreFinite() {
    for (var function : RandomUse.differentiable()) {
      if (INFINITE.get(function.name().text()) == Reason.PROBABILITIES) {
        var workspace = workspace(ofLogits(function));
        var loss = (Ast.Function) workspace.declaration("of_logits").orElseThrow();
        assertEquals(List.of(), faults(workspace, loss), function.name().text());
      }
    }
  }

  /** The loss of the softmax, or of the sigmoid, of each of its real inputs. */
  private static String ofLogits(Ast.Function loss) {
    var ports = loss.inputs().stream().map(p -> p.span().text()).collect(Collectors.joining(", "));
    var arguments =
        loss.inputs().stream()
            .map(
                port -> {
                  var name = port.name().text();
                  if (port.type().isPresent()) {
                    return name;
                  }
                  boolean classes = port.dims().orElseThrow().getFirst() instanceof Ast.DimSize;
                  return (classes ? "softmax(" : "sigmoid(") + name + ")";
                })
            .collect(Collectors.joining(", "));
    return "loss of_logits : %s = %s(%s)\n".formatted(ports, loss.name().text(), arguments);
  }

  private static Workspace workspace(String text) {
    var file = Parser.parse(new SourceFile("of_logits.nn", text));
    assertEquals(List.of(), file.problems(), text);
    return Workspace.of(file.value(), Library.files(), Sources.none()).value();
  }

  private List<String> faults(Workspace workspace, Ast.Function function) {
    var faults = new ArrayList<String>();
    for (var phase : LibraryGradientsTest.phases(function)) {
      for (int round = 0; round < ROUNDS; round++) {
        boolean ones = round % 2 == 0;
        var random = new Random(function.name().text().hashCode() * 31L + round);
        var use = use(workspace, function, phase, ones, random);
        if (use.isEmpty()) {
          faults.add("no sizes were found that it accepts");
          continue;
        }
        for (var precision : Options.Precision.values()) {
          faults.addAll(faults(use.get(), phase, precision, random));
        }
      }
    }
    return faults;
  }

  /**
   * As small as the checker accepts, with a batch of one; or of any size, with a batch of three.
   */
  private static Optional<RandomUse> use(
      Workspace workspace, Ast.Function function, Phase phase, boolean ones, Random random) {
    for (int most = ones ? 1 : 6; most <= 6; most++) {
      var wish = new RandomUse.Wish(phase, ones ? 1 : 3, Random::nextGaussian, true, most);
      var use = RandomUse.draw(workspace, function, wish, random);
      if (use.isPresent()) {
        return use;
      }
    }
    return Optional.empty();
  }

  private List<String> faults(
      RandomUse use, Phase phase, Options.Precision precision, Random random) {
    var options = new Options(precision, Options.Backend.BYTECODE);
    boolean isMetric = use.function().kind() == Ast.Kind.METRIC;
    var program = Pipeline.executable(use.program(phase, !isMetric), options);
    var near = ProgramRun.values(use, program, random);
    var faults = new ArrayList<String>();
    for (var extreme : Extreme.values()) {
      var values = new LinkedHashMap<String, Tensor>();
      for (var port : program.signature().inputs()) {
        if (near.containsKey(port.name())) {
          boolean filled = use.inputs().containsKey(port.name());
          var value = near.get(port.name());
          values.put(
              port.name(),
              switch (value.type()) {
                case F32, F64 -> real(value, filled, extreme, random, precision);
                case INT, BOOL -> value;
              });
        }
      }
      ProgramRun.of(program, values, isMetric ? 2 : 1)
          .forEach(
              (name, result) -> {
                compared++;
                if (!isFinite(result)) {
                  faults.add(
                      "%s %s %s %s: %s of %s"
                          .formatted(phase, precision, extreme, name, result, shown(use, values)));
                }
              });
    }
    return faults;
  }

  private static String shown(RandomUse use, Map<String, Tensor> values) {
    return use.settings() + " " + values;
  }

  private static Tensor real(
      Tensor near, boolean filled, Extreme extreme, Random random, Options.Precision precision) {
    var value = Tensor.zeros(precision.element(), near.shape());
    for (int k = 0; k < value.size(); k++) {
      value.set(k, filled ? extreme.value(random, precision) : near.get(k));
    }
    return value;
  }

  private static boolean isFinite(Tensor value) {
    for (int k = 0; k < value.size(); k++) {
      if (!Double.isFinite(value.get(k))) {
        return false;
      }
    }
    return true;
  }
}
