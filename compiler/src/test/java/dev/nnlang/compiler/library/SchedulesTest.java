package dev.nnlang.compiler.library;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Cases;
import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Evaluation;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What each schedule gives in a run of twelve steps, as a table to be read. */
class SchedulesTest {
  private static final int STEPS = 12;

  @TestFactory
  Stream<DynamicTest> tables() {
    return Cases.in(
        "library/schedules",
        input ->
            input
                .lines()
                .map(call -> row(call) + "   " + call)
                .collect(Collectors.joining("\n", "", "\n")));
  }

  private static String row(String call) {
    return IntStream.rangeClosed(1, STEPS)
        .mapToObj(step -> String.format(Locale.ROOT, "%7.4f", rate(call, step)))
        .collect(Collectors.joining(" "));
  }

  /** Plain descent from 0 along a gradient of -1 goes as far as the rate. */
  private static double rate(String call, int step) {
    var request =
        new Evaluation.Request(
            "Descent",
            Map.of("lr", call),
            Map.of("w", Tensor.of(new double[1], 1), "g", Tensor.of(new double[] {-1}, 1)),
            Map.of(),
            Map.of(),
            Evaluation.Phase.TRAINING,
            0,
            0,
            step,
            STEPS);
    var program = "optimizer Descent(lr = 1.0) : w, g {\n    w' = w - lr * g\n}\n";
    try {
      var result =
          Compiler.open(new SourceFile("descent.nn", program), Sources.none())
              .evaluate(request, new Options(Options.Precision.f64, Options.Backend.BYTECODE), 1);
      return result
          .value()
          .orElseThrow(() -> new AssertionError(call + ": " + result.problems()))
          .outputs()
          .get("w'")
          .get(0);
    } catch (Evaluation.Misfit e) {
      throw new AssertionError(call, e);
    }
  }

  @Test
  void everyScheduleIsInTheTable() throws IOException {
    var table =
        Files.readString(
            Path.of("src/test/resources/dev/nnlang/compiler/library/schedules/all.case"));
    for (var page : Page.all()) {
      if (page.file().equals("schedules.nn")) {
        assertTrue(
            table.contains("\n" + page.name() + "(") || table.startsWith(page.name() + "("),
            page.name());
      }
    }
  }
}
