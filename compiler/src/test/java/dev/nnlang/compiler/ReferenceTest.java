package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.diagnostic.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every program that the READMEs show is one. */
class ReferenceTest {
  private static final Pattern FENCE =
      Pattern.compile("^```nn\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  @TestFactory
  Stream<DynamicTest> programsOfTheReferenceCheck() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (String page : List.of("../grammar/README.md", "../README.md")) {
      String text = Files.readString(Path.of(page));
      Matcher fence = FENCE.matcher(text);
      while (fence.find()) {
        String program = fence.group(1);
        long line = text.substring(0, fence.start()).lines().count() + 1;
        tests.add(DynamicTest.dynamicTest(page + " line " + line, () -> checks(program)));
      }
    }
    assertTrue(tests.size() > 10, "the reference shows programs");
    return tests.stream();
  }

  /** Without errors; a program that shows one thing may leave another unread. */
  private static void checks(String program) {
    var errors =
        CaseProgram.of(program).check().stream()
            .filter(p -> p.severity() == Severity.ERROR)
            // The page shows `use` of files that a reader would have.
            .filter(p -> !p.code().equals("E0210"))
            .toList();
    assertEquals("", CaseProgram.render(errors));
  }

  @TestFactory
  Stream<DynamicTest> examplesCheck() {
    var others = new StringBuilder();
    Sources.examples()
        .forEach(
            (name, text) -> others.append("\n//// file ").append(name).append('\n').append(text));
    return Sources.examples().entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> checks(e.getValue() + others)));
  }
}
