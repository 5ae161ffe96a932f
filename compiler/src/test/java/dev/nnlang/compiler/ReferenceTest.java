package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.diagnostic.TerminalRenderer;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.Parser;
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
  Stream<DynamicTest> programsOfTheReferenceParse() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (String page : List.of("../grammar/README.md", "../README.md")) {
      String text = Files.readString(Path.of(page));
      Matcher fence = FENCE.matcher(text);
      while (fence.find()) {
        String program = fence.group(1);
        long line = text.substring(0, fence.start()).lines().count() + 1;
        tests.add(DynamicTest.dynamicTest(page + " line " + line, () -> parses(program)));
      }
    }
    assertTrue(tests.size() > 10, "the reference shows programs");
    return tests.stream();
  }

  private static void parses(String program) {
    Checked<Ast.File> result = Parser.parse(new SourceFile("README.md", program));
    assertEquals("", new TerminalRenderer(TerminalRenderer.Colour.NONE).render(result.problems()));
  }
}
