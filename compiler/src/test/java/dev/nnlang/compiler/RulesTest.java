package dev.nnlang.compiler;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The rules of the language, one file a rule: small programs with their messages, and with the
 * results of the runs that they ask for ({@link CaseRun}).
 */
class RulesTest {
  private static final String RUN = "//> ";

  @TestFactory
  Stream<DynamicTest> rules() {
    return Cases.in("rules", RulesTest::outcome);
  }

  private static String outcome(String text) {
    var program = CaseProgram.of(text);
    var shown = new StringBuilder(program.messages());
    text.lines()
        .filter(line -> line.startsWith(RUN))
        .forEach(
            line -> {
              var request = line.substring(RUN.length());
              shown.append("> ").append(request).append('\n');
              shown.append(CaseRun.of(program, request));
            });
    return shown.toString();
  }
}
