package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.elaborate.Elaborate;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.semantics.check.Semantics;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The large networks of the benchmarks are those that their names promise. */
class BenchProgramsTest {
  private static String text(String network) throws Exception {
    return Files.readString(Path.of("src/bench/nn", network + ".nn"));
  }

  /** As others count them: torchvision's ResNet-50, GPT-2 with its vocabulary filled up. */
  @ParameterizedTest
  @CsvSource({"resnet50, 25557032", "gpt2, 124475904"})
  void haveTheParametersOfTheOriginals(String network, long parameters) throws Exception {
    var compilation = Compiler.open(new SourceFile(network + ".nn", text(network)), Sources.none());
    var plan = compilation.trainName(Optional.empty()).value().orElseThrow();
    var typed = Semantics.training(compilation.workspace(), plan, Map.of()).value().orElseThrow();
    long count = 0;
    for (var input : Elaborate.training(typed).predict().inputs()) {
      if (input.role() == Program.Role.PARAMETER || input.role() == Program.Role.FROZEN) {
        count += Poly.product(input.tensor().shape()).constant().orElseThrow();
      }
    }
    assertEquals(parameters, count);
  }

  /** No step sees a later one, and each sees itself. */
  @Test
  void gpt2LooksBackOnly() throws Exception {
    var small =
        text("gpt2")
            .replace("50304", "40")
            .replace("1024", "10")
            .replace("D: dim = 768", "D: dim = 24");
    var before =
        run(small, "Gpt2", "ids", Tensor.of(new long[] {3, 1, 4, 1, 5, 9, 2, 6, 5, 3}, 10));
    var after = run(small, "Gpt2", "ids", Tensor.of(new long[] {3, 1, 4, 1, 5, 9, 7, 6, 5, 3}, 10));
    for (int t = 0; t < 10; t++) {
      for (int v = 0; v < 40; v++) {
        int at = 40 * t + v;
        if (t < 6) {
          assertEquals(before.get(at), after.get(at));
        } else {
          assertNotEquals(before.get(at), after.get(at));
        }
      }
    }
  }

  @Test
  void resNet50TellsPicturesApart() throws Exception {
    var small =
        text("resnet50")
            .replace("224", "32")
            .replace("Mid: dim = 64", "Mid: dim = 4")
            .replace("dim Class = 1000", "dim Class = 5");
    var picture = Tensor.of(new float[32 * 32 * 3], 32, 32, 3);
    var dark = run(small, "ResNet50", "image", picture);
    picture.set(17, 1);
    var spotted = run(small, "ResNet50", "image", picture);
    assertEquals(5, dark.size());
    for (int c = 0; c < 5; c++) {
      assertTrue(Double.isFinite(spotted.get(c)));
    }
    assertNotEquals(dark.get(0), spotted.get(0));
  }

  private static Tensor run(String text, String model, String input, Tensor value)
      throws Exception {
    var result =
        Compiler.open(new SourceFile("small.nn", text), Sources.none())
            .evaluate(Evaluation.Request.of(model, Map.of(input, value)), Options.standard(), 1);
    assertFalse(result.value().isEmpty(), () -> result.problems().toString());
    return result.value().get().outputs().get("logits");
  }
}
