package dev.nnlang.compiler.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Compilation;
import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Evaluation;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.diagnostic.TerminalRenderer;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.Parser;
import dev.nnlang.runtime.data.DataFolders;
import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import dev.nnlang.runtime.train.Trainer;
import dev.nnlang.runtime.train.TrainingEvent;
import dev.nnlang.stdlib.StandardLibrary;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The example on every page of the library works ({@link PageFormTest} sees that there is one): it
 * is checked without a single message; each declaration in it is run on random inputs, when
 * training and when not, and its results and gradients must be finite; an output of type {@code
 * bool} is a claim, and must hold; a {@code train} runs to its end.
 */
class LibraryExamplesTest {
  /** What an example of an optimizer, a schedule or a metric may use without declaring it. */
  private static final String PRELUDE =
      """
      model Line : x -> y {
          param a = 0
          param b = 0
          y = a * x + b
      }

      dim Side { left, right }

      model Sides : x -> z[Side], p[Side] {
          col[k: 1] = x
          z = col |> Dense(Side)
          p = softmax(z)
      }

      data Points {
          source grid[64] = linspace(-1, 1, 64)
          sample n -> x, target, side: index Side {
              x      = grid[n]
              target = 3 * grid[n] + 1
              side   = if n < 32 then Side.left else Side.right
          }
      }
      """;

  @TestFactory
  Stream<DynamicTest> examplesWork() {
    return Page.all().stream()
        .filter(page -> !page.example().isEmpty())
        .map(page -> DynamicTest.dynamicTest(page.name(), () -> works(page)));
  }

  /** As a user's files: a use shows less of what is wrong than the declaration by itself. */
  @TestFactory
  Stream<DynamicTest> filesCheck() {
    return StandardLibrary.files().stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.name(),
                    () ->
                        assertEquals(
                            "",
                            problems(
                                Compiler.open(
                                    new SourceFile(file.name(), file.text()), Sources.none())))));
  }

  private static String problems(Compilation compilation) {
    return new TerminalRenderer(TerminalRenderer.Colour.NONE).render(compilation.check());
  }

  private static void works(Page page) throws Exception {
    var program = page.example() + "\n";
    var parsed = Parser.parse(new SourceFile(page.name() + ".nn", program)).value();
    boolean plans = parsed.declarations().stream().anyMatch(Ast.Train.class::isInstance);
    var source = new SourceFile(page.name() + ".nn", plans ? PRELUDE + program : program);
    var compilation = Compiler.open(source, Sources.none());
    assertEquals("", problems(compilation), source::text);
    boolean run = false;
    for (var declaration : parsed.declarations()) {
      if (declaration instanceof Ast.Function f && !f.inputs().isEmpty()) {
        for (var phase : Evaluation.Phase.values()) {
          run(compilation, parsed, f, phase);
        }
        run = true;
      } else if (declaration instanceof Ast.Train t) {
        train(compilation, t.name().text());
        run = true;
      }
    }
    assertTrue(run, "nothing of the example can be run:\n" + program);
  }

  /** Once on random inputs: results and gradients are finite, claims hold. */
  static void run(Compilation compilation, Ast.File file, Ast.Function f, Evaluation.Phase phase)
      throws Evaluation.Misfit {
    if (f.kind() == Ast.Kind.OPTIMIZER) {
      return;
    }
    var inputs = new RandomInputs(file, Options.Precision.f64, 1).of(f);
    var name = f.name().text();
    var first =
        new Evaluation.Request(
            name,
            Map.of(),
            inputs,
            Map.of(),
            Map.of(),
            phase,
            1,
            7,
            phase == Evaluation.Phase.TRAINING ? 1 : 0,
            1);
    var outputs = evaluate(compilation, first).outputs();
    var upstream = new HashMap<String, Tensor>();
    outputs.forEach(
        (output, value) -> {
          check(name + "'s " + output, value);
          if (value.type() == ElementType.F64) {
            var ones = value.copy();
            for (int i = 0; i < ones.size(); i++) {
              ones.set(i, 1);
            }
            upstream.put(output, ones);
          }
        });
    if (!upstream.isEmpty()) {
      evaluate(compilation, first.withUpstream(upstream))
          .gradients()
          .forEach((by, value) -> check(name + "'s gradient by " + by, value));
    }
  }

  static Evaluation.Result evaluate(Compilation compilation, Evaluation.Request request)
      throws Evaluation.Misfit {
    var options = new Options(Options.Precision.f64, Options.Backend.BYTECODE);
    var result = compilation.evaluate(request, options, 1);
    assertTrue(result.value().isPresent(), () -> request.name() + ": " + result.problems());
    return result.value().get();
  }

  private static void check(String what, Tensor value) {
    for (int i = 0; i < value.size(); i++) {
      if (value.type() == ElementType.BOOL) {
        assertEquals(1, value.get(i), what + " is a claim that does not hold at " + i);
      } else {
        assertTrue(Double.isFinite(value.get(i)), what + " is " + value.get(i) + " at " + i);
      }
    }
  }

  private static void train(Compilation compilation, String name) throws Exception {
    var options = new Options(Options.Precision.f32, Options.Backend.BYTECODE);
    var compiled = compilation.training(Optional.of(name), Map.of(), options);
    assertTrue(compiled.value().isPresent(), () -> name + ": " + compiled.problems());
    var training = compiled.value().get();
    var data = DataSet.open(training.data(), DataFolders.of(Path.of(".")), ElementType.F32);
    var outcome =
        new Trainer(training.plan(), training.programs(), data, 1, _ -> {}, () -> false).train();
    assertEquals(TrainingEvent.Ending.COMPLETED, outcome.ending(), name);
  }
}
