package dev.nnlang.compiler.library;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nnlang.compiler.Compilation;
import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Evaluation;
import dev.nnlang.compiler.diagnostic.TerminalRenderer;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.Parser;
import dev.nnlang.runtime.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Relations between runs that hold whatever the numbers are: those that the language can say are
 * claims in {@code properties.nn}; here are those of whole batches, and of given weights.
 */
class LibraryPropertiesTest {
  private static final String NETWORK =
      """
      model Network : clip[3, 6, 6, 1], words[4]: index Word -> p[3] {
          seen = clip |> Conv2d(4) |> relu |> MaxPool2d(2) |> GlobalAvgPool2d |> GRU(5) |> last_step
          read = words |> Embedding(Word, 8) |> TransformerEncoder(2) |> GlobalAvgPool1d
          p    = concat(seen, read) |> LayerNorm |> Dense(3) |> softmax
      }

      dim Word = 7
      """;

  @TestFactory
  Stream<DynamicTest> claimsHold() throws IOException {
    String text;
    try (var file = LibraryPropertiesTest.class.getResourceAsStream("properties.nn")) {
      text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
    var source = new SourceFile("properties.nn", text);
    var parsed = Parser.parse(source).value();
    var compilation = Compiler.open(source, Sources.none());
    assertEquals(
        "", new TerminalRenderer(TerminalRenderer.Colour.NONE).render(compilation.check()));
    return parsed.declarations().stream()
        .filter(Ast.Function.class::isInstance)
        .map(Ast.Function.class::cast)
        .filter(f -> f.outputs().getFirst().dims().isEmpty())
        .map(
            f ->
                DynamicTest.dynamicTest(
                    f.name().text(),
                    () -> {
                      for (var phase : Evaluation.Phase.values()) {
                        LibraryExamplesTest.run(compilation, parsed, f, phase);
                      }
                    }));
  }

  @Test
  void permutingABatchPermutesTheResults() throws Evaluation.Misfit {
    var inputs = inputs(4);
    int[] order = {2, 0, 3, 1};
    var straight = run(inputs, 4).outputs().get("p");
    var turned =
        run(
                Map.of(
                    "clip", rows(inputs.get("clip"), order),
                    "words", rows(inputs.get("words"), order)),
                4)
            .outputs()
            .get("p");
    same(rows(straight, order), turned, 1e-12);
  }

  @Test
  void splittingABatchLeavesTheSumOfGradients() throws Evaluation.Misfit {
    var inputs = inputs(4);
    var whole = run(inputs, 4);
    var first = run(part(inputs, 0, 1), 2);
    var second = run(part(inputs, 2, 3), 2);
    whole
        .gradients()
        .forEach(
            (name, gradient) -> {
              if (!inputs.containsKey(name)) {
                var sum = first.gradients().get(name).copy();
                for (int i = 0; i < sum.size(); i++) {
                  sum.set(i, sum.get(i) + second.gradients().get(name).get(i));
                }
                same(sum, gradient, 1e-9);
              }
            });
  }

  @Test
  void aConvolutionByADeltaIsAShift() throws Evaluation.Misfit {
    var compilation =
        open(
            "model Shift : x[5, 6, 1] -> y[5, 6, 1] {\n"
                + "    y = x |> Conv2d(1, Kernel = [3, 5], bias = false)\n}\n");
    for (int r = 0; r < 3; r++) {
      for (int q = 0; q < 5; q++) {
        var w = Tensor.of(new double[15], 3, 5, 1, 1);
        w.set(5 * r + q, 1);
        var x = random(new Random(r), 1, 5, 6, 1);
        var y =
            LibraryExamplesTest.evaluate(
                    compilation,
                    request("Shift", Map.of("x", x), Map.of("Conv2d_1/w", w), Map.of()))
                .outputs()
                .get("y");
        for (int h = 0; h < 5; h++) {
          for (int v = 0; v < 6; v++) {
            int from = h + r - 1;
            int beside = v + q - 2;
            boolean inside = from >= 0 && from < 5 && beside >= 0 && beside < 6;
            assertEquals(inside ? x.get(6 * from + beside) : 0, y.get(6 * h + v));
          }
        }
      }
    }
  }

  // Batches.

  private static Map<String, Tensor> inputs(int examples) {
    var random = new Random(3);
    return Map.of(
        "clip",
        random(random, examples, 3, 6, 6, 1),
        "words",
        Tensor.of(random.longs(examples * 4L, 0, 7).toArray(), examples, 4));
  }

  private static Evaluation.Result run(Map<String, Tensor> inputs, int examples)
      throws Evaluation.Misfit {
    var upstream = random(new Random(5), 1, 3);
    var all = Tensor.of(new double[3 * examples], examples, 3);
    for (int i = 0; i < all.size(); i++) {
      all.set(i, upstream.get(i % 3));
    }
    return LibraryExamplesTest.evaluate(
        open(NETWORK), request("Network", inputs, Map.of(), Map.of("p", all)));
  }

  private static Compilation open(String program) {
    return Compiler.open(new SourceFile("network.nn", program), Sources.none());
  }

  private static Evaluation.Request request(
      String name,
      Map<String, Tensor> inputs,
      Map<String, Tensor> parameters,
      Map<String, Tensor> upstream) {
    return new Evaluation.Request(
        name, Map.of(), inputs, parameters, upstream, Evaluation.Phase.INFERENCE, 0, 7, 0, 1);
  }

  private static Map<String, Tensor> part(Map<String, Tensor> inputs, int... examples) {
    return Map.of(
        "clip", rows(inputs.get("clip"), examples), "words", rows(inputs.get("words"), examples));
  }

  private static Tensor rows(Tensor of, int... which) {
    var shape = of.shape().clone();
    int row = of.size() / shape[0];
    shape[0] = which.length;
    var rows = Tensor.zeros(of.type(), shape);
    for (int i = 0; i < rows.size(); i++) {
      rows.set(i, of.get(which[i / row] * row + i % row));
    }
    return rows;
  }

  private static Tensor random(Random random, int... shape) {
    return Tensor.of(random.doubles(Tensor.size(shape), -1, 1).toArray(), shape);
  }

  private static void same(Tensor expected, Tensor got, double tolerance) {
    assertEquals(expected.size(), got.size());
    for (int i = 0; i < got.size(); i++) {
      assertEquals(expected.get(i), got.get(i), tolerance);
    }
  }
}
