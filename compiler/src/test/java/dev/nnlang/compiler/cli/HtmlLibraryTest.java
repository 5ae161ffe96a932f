package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.stdlib.StandardLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code nn doc --html}: what is typeset, and that every link leads to what it names. */
class HtmlLibraryTest {
  private static final Pattern SECTION =
      Pattern.compile("<section id=\"(?<name>\\w+)\".*?</section>", Pattern.DOTALL);

  @TempDir private Path folder;

  private List<DocEntry> entries;
  private String page;

  @BeforeEach
  void write() throws IOException {
    entries =
        StandardLibrary.files().stream()
            .flatMap(f -> DocEntry.of(new SourceFile(f.name(), f.text())).stream())
            .toList();
    page = Files.readString(new HtmlLibrary("The library", entries).write(folder));
  }

  @Test
  void everyDeclarationHasASectionAndItsEquations() {
    var sections =
        SECTION
            .matcher(page)
            .results()
            .collect(Collectors.toMap(m -> m.group("name"), m -> m.group()));
    assertEquals(entries.size(), sections.size());
    for (var entry : entries) {
      var section = sections.get(entry.name());
      boolean isCalled = entry.declaration() instanceof Ast.Function;
      boolean hasEquations = section.contains("<math display=\"block\">");
      assertEquals(isCalled, hasEquations, entry.name());
      assertTrue(!isCalled || section.contains("<math><mrow>"), "a formula of " + entry.name());
      assertTrue(section.contains("<p class=\"fact\"><b>Source</b>"), entry.name());
      assertTrue(page.contains("<a href=\"#" + entry.name() + "\">"), entry.name());
    }
  }

  /** So that a slip in a formula is found: it would be left as it was written. */
  @Test
  void formulasOfPagesAreTypeset() {
    var left = new TreeSet<String>();
    for (var entry : entries) {
      var spans = Pattern.compile("`([^`]+)`").matcher(entry.doc().orElse(""));
      while (spans.find()) {
        var span = spans.group(1).replace('\n', ' ');
        boolean isShape = span.matches("\\w*\\[[^\\]]*\\]");
        boolean isSetting = span.matches("\\w+ = (true|false)");
        boolean computes = span.matches(".*( [-+*/%=<>|] |\\^).*");
        if (computes && !isShape && !isSetting && MathMl.formula(span).isEmpty()) {
          left.add(entry.name() + ": " + span);
        }
      }
    }
    assertEquals(new TreeSet<>(), left);
  }

  @Test
  void whatIsAFormula() {
    for (var formula :
        List.of("y = x^2", "w' = w - lr * g", "sum[k | k < n](x[k])", "log(1 + exp(z))", "f = x")) {
      var math = MathMl.formula(formula).orElse("");
      assertTrue(math.startsWith("<math><mrow>"), formula);
    }
    for (var other :
        List.of("bias = false", "w[In / groups, Out]", "softmax", "y = (x", "a - b -")) {
      assertEquals("", MathMl.formula(other).orElse(""), other);
    }
  }

  @Test
  void aSummaryEndsBeforeTheFormula() {
    assertEquals(
        "The rectifier", DocCommand.shortened("The rectifier, `y = max(x, 0)`. Kinks.", 80));
    assertEquals("Sums, wide", DocCommand.shortened("Sums, wide: where `y = a + b`, b is 0.", 80));
    assertEquals(
        "Half of\n`x`.".replace('\n', ' '), DocCommand.shortened("Half of\n`x`. More.", 80));
    assertEquals("`y = x^2`.", DocCommand.shortened("`y = x^2`. A square.", 80));
    assertEquals("A long se…", DocCommand.shortened("A long sentence.", 10));
  }

  @Test
  void divisionRoundsDownWhereIntegersStand() {
    assertTrue(MathMl.formula("y = x[h / 2]").orElse("").contains("<mo>⌊</mo><mfrac >"));
    assertFalse(MathMl.formula("y = h / 2").orElse("").contains("⌊"));
    assertTrue(page.contains("<mi>Steps</mi><mo>=</mo><mrow><mo>⌊</mo>"));
  }

  @Test
  void linksLead() throws IOException {
    var broken = new ArrayList<String>();
    var ids = matches(page, "id=\"(\\w+)\"");
    for (var id : matches(page, "href=\"#(\\w+)\"")) {
      if (!ids.contains(id)) {
        broken.add(id);
      }
    }
    assertEquals(List.of(), broken);
    var sections = SECTION.matcher(page);
    while (sections.find()) {
      var source = Pattern.compile("href=\"(source/[\\w.]+)#(L\\d+)\"").matcher(sections.group());
      assertTrue(source.find(), sections.group("name"));
      var line =
          Pattern.compile("<span id=\"" + source.group(2) + "\">(.*)</span>")
              .matcher(Files.readString(folder.resolve(source.group(1))));
      assertTrue(line.find(), source.group());
      assertTrue(
          line.group(1).matches(" *\\d+  [a-z]+ " + sections.group("name") + "\\b.*"),
          sections.group("name") + " is not in line " + line.group(1));
    }
  }

  private static List<String> matches(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().map(m -> m.group(1)).toList();
  }
}
