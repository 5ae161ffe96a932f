package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
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

  private static final Path CASES = Path.of("src/test/resources/dev/nnlang/compiler/rules");
  private static final int LAST = 94;

  /** A rule without a file of its own has a line in the folder's page, which names its test. */
  @Test
  void everyRuleIsTested() throws IOException {
    var page = Files.readString(CASES.resolve("README.md"));
    var row = Pattern.compile("^\\| LR-(\\d+) \\| [^|]+ \\| `([^`]+)` \\|$", Pattern.MULTILINE);
    var elsewhere = new TreeMap<Integer, String>();
    row.matcher(page)
        .results()
        .forEach(m -> elsewhere.put(Integer.parseInt(m.group(1)), m.group(2)));
    for (int rule = 1; rule <= LAST; rule++) {
      var start = "LR-%02d_".formatted(rule);
      boolean hasFile =
          Cases.files(CASES).stream().anyMatch(f -> f.getFileName().toString().startsWith(start));
      assertTrue(
          hasFile != elsewhere.containsKey(rule), "LR-" + rule + ": one place that tests it");
      if (!hasFile) {
        var place = elsewhere.get(rule);
        var file =
            place.endsWith(".case")
                ? CASES.resolve(place)
                : Path.of("src/test/java/dev/nnlang/compiler", place + ".java");
        assertTrue(Files.isRegularFile(file), file.toString());
        assertTrue(
            place.endsWith(".case") || Files.readString(file).contains("LR-" + rule),
            file + " names LR-" + rule);
      }
    }
  }

  /** What the pages about the language say and show, beyond its rules, section by section. */
  @TestFactory
  Stream<DynamicTest> language() {
    return Cases.in("language", RulesTest::outcome);
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
