package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.Cases;
import dev.nnlang.runtime.file.Json;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** From the lines of a {@code run.jsonl} to the picture, letter for letter. */
class RunCurvesTest {
  @TestFactory
  Stream<DynamicTest> pictures() {
    return Cases.in("cli/plot", RunCurvesTest::picture);
  }

  private static String picture(String log) {
    var curves = new RunCurves();
    Json.parseLines(log).forEach(line -> curves.on((Json.Members) line));
    return curves.chart().svg();
  }
}
