package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.codegen.Border;
import dev.nnlang.compiler.codegen.jvm.JvmBackend;
import dev.nnlang.compiler.elaborate.Elaborate;
import dev.nnlang.compiler.elaborate.LowTraining;
import dev.nnlang.compiler.elaborate.TrainingProgramSet;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.induction.Induction;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.check.Semantics;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.cpu.CompiledProgram.Parts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Programs made from the ends of stacks are the very same as those that are compiled whole. */
class InductionTest {
  private static final Options.Precision PRECISION = Options.Precision.f32;
  private static final String ADAM = "optimizer = Adam()";

  /** On vectors of 24. */
  private static String program(String layers, String model, String plan) {
    return program("24", layers, model, plan);
  }

  private static String program(String shape, String layers, String model, String plan) {
    var indices = String.join(", ", List.of("i", "j").subList(0, shape.split(",").length));
    return layers
        + """

        model Deep : x[%1$s] -> logits[Class] {
            logits = %3$s
        }
        dim Class = 3
        data Examples {
            source vectors[N, %1$s]       = npy("vectors.npy")
            source labels[N]: index Class = npy("labels.npy")
            sample n -> x[%1$s], label: index Class {
                x[%2$s] = vectors[n, %2$s]
                label   = labels[n]
            }
        }
        train Step : Deep on Examples {
            loss  = cross_entropy(logits, label)
            batch = 4
            steps = 10
            %4$s
        }
        """
            .formatted(shape, indices, model, plan);
  }

  private static Typed.Training typed(String text) {
    var compilation = Compiler.open(new SourceFile("tall.nn", text), Sources.none());
    assertEquals(Optional.empty(), compilation.errors());
    return Semantics.training(compilation.workspace(), "Step", Map.of()).value().orElseThrow();
  }

  /** The programs of a plan that were made so, all of them compared. */
  private static String made(String text) {
    var typed = typed(text);
    var low = Elaborate.low(typed).orElseThrow();
    var whole = Elaborate.training(typed);
    assertEquals(whole.plan(), low.programs().plan());
    var made = new TreeSet<String>();
    compare("initial", s -> Optional.of(s.initial()), low, whole, made);
    compare("step", s -> Optional.of(s.step()), low, whole, made);
    compare("evaluate", s -> Optional.of(s.evaluate()), low, whole, made);
    compare("predict", s -> Optional.of(s.predict()), low, whole, made);
    compare("accumulate", TrainingProgramSet::accumulate, low, whole, made);
    compare("validate", TrainingProgramSet::validate, low, whole, made);
    return String.join(" ", made);
  }

  private static void compare(
      String name,
      Function<TrainingProgramSet, Optional<Program>> which,
      LowTraining low,
      TrainingProgramSet whole,
      TreeSet<String> made) {
    var program = which.apply(low.programs());
    assertEquals(which.apply(whole).isPresent(), program.isPresent());
    if (program.isEmpty()) {
      return;
    }
    var all = which.apply(whole).orElseThrow();
    var border = Border.of(program.get(), PRECISION.element());
    Induction.signature(border, low)
        .ifPresent(s -> assertEquals(Border.of(all, PRECISION.element()), s));
    var tall = Pipeline.tall(program.get(), low, PRECISION);
    if (tall.isPresent()) {
      var forms = Schedule.forms(Pipeline.run(all));
      assertEquals(
          text(JvmBackend.compile(forms, PRECISION.code()).parts()),
          text(tall.get().parts()),
          name);
      made.add(name);
    }
  }

  private static String text(Parts parts) {
    var text = new StringBuilder();
    text.append(parts.signature()).append(parts.real()).append('\n');
    parts.slots().forEach(s -> text.append(s).append('\n'));
    parts.steps().forEach(s -> text.append(s).append('\n'));
    text.append(parts.carries()).append(new TreeMap<>(parts.outputs())).append(parts.blocks());
    parts.kernels().forEach(k -> text.append('\n').append(Arrays.hashCode(k)));
    parts.movers().forEach(m -> text.append('\n').append(Arrays.hashCode(m)));
    parts
        .many()
        .ifPresent(
            m ->
                text.append("\nfrom ")
                    .append(m.dim())
                    .append(" = ")
                    .append(m.least())
                    .append('\n')
                    .append(text(m.parts())));
    return text.toString();
  }

  private static final String HIDDEN =
      """
      layer Hidden : x[D] -> y[D] {
          y = x |> Dense(D) |> relu
      }
      """;

  private static final String ALL = "evaluate initial predict step";

  @Test
  void plainLayers() {
    assertEquals(ALL, made(program(HIDDEN, "x |> repeat(11, Hidden) |> Dense(Class)", ADAM)));
  }

  @Test
  void aStackThatIsTheWholeModel() {
    var layer =
        """
        layer Same : x[D] -> y[D] {
            param w[D, D] ~ orthogonal
            y[i] = tanh(sum[j](w[i, j] * x[j]))
        }
        """;
    var model = "repeat(9, Same)(x) |> Dense(Class)";
    assertEquals(ALL, made(program(layer, model, "optimizer = SGD(lr = 0.1, momentum = 0.9)")));
  }

  @Test
  void residualBlocksWithRunningStatistics() {
    var layer =
        """
        layer Block : x[D] -> y[D] {
            y = relu(x + (x |> Dense(D) |> BatchNorm |> relu |> Dense(D) |> BatchNorm))
        }
        """;
    var model = "x |> Dense(20) |> repeat(12, Block) |> Dense(Class)";
    assertEquals(ALL, made(program(layer, model, "optimizer = SGD(lr = 0.1, momentum = 0.9)")));
  }

  @Test
  void draws() {
    var layer =
        """
        layer Block : x[D] -> y[D] {
            y = x + (x |> LayerNorm |> Dense(2 * D) |> gelu |> Dropout(0.2) |> Dense(D) |> Dropout(0.1))
        }
        """;
    assertEquals(ALL, made(program(layer, "x |> repeat(10, Block) |> Dense(Class)", ADAM)));
  }

  @Test
  void gradientsThatAreClippedOneByOneOrCollected() {
    var model = "x |> repeat(9, Hidden) |> Dense(Class)";
    assertEquals(ALL, made(program(HIDDEN, model, ADAM + "\n    clip = value(0.5)")));
    assertEquals("accumulate " + ALL, made(program(HIDDEN, model, ADAM + "\n    accumulate = 2")));
    assertEquals(ALL, made(program(HIDDEN, model, ADAM + "\n    average = ema(0.99)")));
  }

  @Test
  void severalStacks() {
    var model = "x |> repeat(9, Hidden) |> Dense(20) |> repeat(8, Hidden) |> Dense(Class)";
    assertEquals(ALL, made(program(HIDDEN, model, ADAM)));
  }

  @Test
  void stacksWithinLayersAndStacks() {
    var layers =
        HIDDEN
            + """
            layer Outer : x[D] -> y[D] {
                y = x + (x |> repeat(9, Hidden))
            }
            """;
    assertEquals(ALL, made(program(layers, "x |> Outer |> Outer |> Dense(Class)", ADAM)));
    assertEquals(ALL, made(program(layers, "x |> repeat(8, Outer) |> Dense(Class)", ADAM)));
  }

  @Test
  void attentionInBlocksOfRows() {
    var layer =
        """
        layer Earlier : x[T, D] -> y[T, D] {
            param w[D, D] ~ glorot_uniform
            k[t, e] = sum[d](x[t, d] * w[d, e])
            a[t, s: T] = if s <= t then sum[e](x[t, e] * k[s, e]) else -inf
            p[t, :] = softmax(a[t, :])
            y[t, d] = x[t, d] + sum[s](p[t, s] * k[s, d])
        }
        """;
    var model = "x |> repeat(9, Earlier) |> flatten |> Dense(Class)";
    assertEquals(ALL, made(program("512, 16", layer, model, ADAM)));
  }

  /** Chains of layers, some with a way around them, between others that may be the same. */
  @Test
  void layersAtRandom() {
    var random = new Random(3);
    var parts =
        List.of(
            "Dense(D)",
            "Dense(2 * D) |> Dense(D)",
            "relu",
            "tanh",
            "gelu",
            "sigmoid",
            "LayerNorm",
            "BatchNorm",
            "Dropout(0.2)");
    var bodies = List.of("y = %s", "y = x + (%s)", "y = relu(x + (%s))", "y = 0.5 * x + (%s)");
    var optimizers = List.of("Adam()", "SGD(lr = 0.1, momentum = 0.9)", "RMSprop()");
    for (int round = 0; round < 30; round++) {
      var chain = new StringBuilder("x |> Dense(D)");
      for (int more = random.nextInt(5); more > 0; more--) {
        chain.append(" |> ").append(any(parts, random));
      }
      var layer =
          "layer Some : x[D] -> y[D] {\n    %s\n}\n"
              .formatted(any(bodies, random).formatted(chain));
      var before = random.nextBoolean() ? "x |> " : "x |> Dense(20) |> ";
      var model = before + "repeat(%d, Some) |> Dense(Class)".formatted(6 + random.nextInt(4));
      var text = program(layer, model, "optimizer = " + any(optimizers, random));
      assertEquals(ALL, made(text), text);
    }
  }

  /** Their initial values join kernels of several copies, which are compiled whole. */
  @Test
  void layersOfFewNumbers() {
    var layer =
        """
        layer Scaled : x[D] -> y[D] {
            param a ~ ones
            param b[3] ~ zeros
            y[i] = tanh(a * x[i] + b[0] + b[1] * x[i] + b[2] * x[0])
        }
        """;
    for (int height : new int[] {6, 7, 12}) {
      var model = "x |> repeat(%d, Scaled) |> Dense(Class)".formatted(height);
      assertEquals("evaluate predict step", made(program(layer, model, ADAM)));
    }
  }

  /**
   * Two copies fit a kernel of initial values, and neither of two kernels has to do with both sides
   * of the gap: the values of the copies between would never be drawn. (The other programs have one
   * kernel for all copies.)
   */
  @Test
  void kernelsOfTwoCopiesEach() {
    var layer =
        """
        layer Scaled : x[D] -> y[D] {
            param a[3] ~ normal(0.0, 0.1)
            param b[3] ~ normal(0.0, 0.1)
            param c[3] ~ normal(0.0, 0.1)
            param d[3] ~ normal(0.0, 0.1)
            param e[3] ~ normal(0.0, 0.1)
            y[i] = tanh((a[0] + b[0] + c[0] + d[0] + e[0]) * x[i])
        }
        """;
    var model = "x |> repeat(8, Scaled) |> Dense(Class)";
    assertEquals("", made(program(layer, model, "optimizer = SGD(lr = 0.1)")));
  }

  /** Transformer blocks, residual convolutions and plain layers, in the sizes of benchmarks. */
  @Test
  void deepNetworks() throws IOException {
    for (var network : List.of("scaling-blocks", "scaling-residual", "scaling-depth", "gpt2")) {
      var file = Path.of("src", "bench", "nn", network + ".nn");
      var text = Files.readString(file).replaceFirst("(?<=\\bSize = )\\d+", "9");
      assertEquals(ALL, made(text), network);
    }
  }

  private static <T> T any(List<T> some, Random random) {
    return some.get(random.nextInt(some.size()));
  }

  /** Their predictions have a form of their own for many examples. */
  @Test
  void recurrencesOfTwoForms() {
    var layer =
        """
        layer Block : x[T, D] -> y[T, D] {
            y = x + (x |> LSTM(D))
        }
        """;
    var model = "x |> repeat(9, Block) |> last_step |> Dense(Class)";
    var program = program("5, 48", layer, model, ADAM);
    // All copies begin with the same bias, which is computed once: nothing to make them from.
    assertEquals("evaluate predict step", made(program));
    var low = Elaborate.low(typed(program)).orElseThrow();
    var predict = Pipeline.tall(low.programs().predict(), low, PRECISION).orElseThrow();
    assertTrue(predict.parts().many().isPresent());
  }

  @Test
  void recurrences() {
    var layer =
        """
        layer Further : x[T, D] -> y[T, D] {
            y = x + (x |> GRU(D))
        }
        """;
    var model = "x |> repeat(9, Further) |> flatten |> Dense(Class)";
    assertEquals(ALL, made(program("6, 24", layer, model, ADAM)));
    // Of a wide one the time loop is outside.
    assertEquals(ALL, made(program("6, 80", layer, model, ADAM)));
  }

  @Test
  void oneInputForAllCopies() {
    var layer =
        """
        layer Mix : x[D], z[D] -> y[D] {
            y = tanh(Dense(D)(x) + Dense(D)(z))
        }
        """;
    assertEquals(ALL, made(program(layer, "repeat(9, Mix)(x, x) |> Dense(Class)", ADAM)));
  }

  @Test
  void whatLooksAtAllCopiesTogetherIsCompiledWhole() {
    var model = "x |> repeat(9, Hidden) |> Dense(Class)";
    assertEquals(
        "evaluate initial predict", made(program(HIDDEN, model, ADAM + "\n    clip = norm(1.0)")));
    var plan = program(HIDDEN, model, ADAM).replace("label)\n", "label) + 0.1 * l2(params)\n");
    assertEquals("predict", made(plan));
  }

  @Test
  void lowStacksAreWhole() {
    var typed = typed(program(HIDDEN, "x |> repeat(5, Hidden) |> Dense(Class)", ADAM));
    assertTrue(Elaborate.low(typed).isEmpty());
  }
}
