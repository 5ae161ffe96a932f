package dev.nnlang.compiler.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Pipeline;
import dev.nnlang.compiler.elaborate.Elaborate;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.semantics.check.Semantics;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.SourceFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What attention computes for each pair of places is nowhere in memory, where it is much. */
class LargeMatricesTest {
  @ParameterizedTest
  @CsvSource({"gpt, 128", "gpt2, 1024"})
  void areNotInMemory(String network, long context) throws Exception {
    var text = Files.readString(Path.of("src/bench/nn", network + ".nn"));
    var compilation = Compiler.open(new SourceFile(network + ".nn", text), Sources.none());
    var plan = compilation.trainName(Optional.empty()).value().orElseThrow();
    var typed = Semantics.training(compilation.workspace(), plan, Map.of()).value().orElseThrow();
    var training = Elaborate.training(typed);
    for (var program : List.of(training.step(), training.predict())) {
      var run = Pipeline.run(program);
      assertEquals(List.of(), large(run, Choices.ON_DEVICE, context));
      assertEquals(List.of(), large(run, in(Choices.Matrices.IN_ROWS), context));
      assertFalse(large(run, in(Choices.Matrices.WHOLE), context).isEmpty());
      assertEquals(network.equals("gpt"), !large(run, Choices.BY_COST, context).isEmpty());
    }
  }

  private static Choices in(Choices.Matrices matrices) {
    return Choices.BY_COST.with(matrices);
  }

  private static List<Tensor> large(Program program, Choices choices, long context) {
    return Schedule.plan(program, choices).lives().keySet().stream()
        .filter(t -> t.shape().stream().filter(Poly.of(context)::equals).count() > 1)
        .toList();
  }
}
