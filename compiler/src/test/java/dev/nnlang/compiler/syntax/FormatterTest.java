package dev.nnlang.compiler.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Cases;
import dev.nnlang.compiler.Sources;
import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.source.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class FormatterTest {
  private static String format(String text) {
    Checked<String> result = Formatter.format(new SourceFile("case.nn", text));
    assertTrue(!result.hasErrors(), () -> result.problems().toString());
    return result.value();
  }

  private static String tree(String text) {
    return AstPrinter.print(Parser.parse(new SourceFile("case.nn", text)).value());
  }

  private static List<String> comments(String text) {
    return Parser.parsed(new SourceFile("case.nn", text)).comments().stream()
        .map(c -> text.substring(c.start(), c.end()).strip().replace("\r\n", "\n"))
        .toList();
  }

  /** What holds for any text: nothing is lost, and formatting again changes nothing. */
  private static String formatted(String text) {
    String once = format(text);
    assertEquals(tree(text), tree(once));
    assertEquals(comments(text), comments(once));
    assertEquals(once, format(once));
    return once;
  }

  @TestFactory
  Stream<DynamicTest> cases() {
    return Cases.in("syntax/format", FormatterTest::formatted);
  }

  @TestFactory
  Stream<DynamicTest> examplesAndLibraryAreFormatted() {
    return Sources.all().entrySet().stream()
        .map(
            source ->
                DynamicTest.dynamicTest(
                    source.getKey(),
                    () -> assertEquals(source.getValue(), formatted(source.getValue()))));
  }

  /** The same programs with blanks, lines and comments strewn in. */
  @TestFactory
  Stream<DynamicTest> shakenSourcesSettle() {
    return Sources.all().entrySet().stream()
        .map(
            source ->
                DynamicTest.dynamicTest(
                    source.getKey(),
                    () -> {
                      for (int seed = 0; seed < 8; seed++) {
                        String shaken = shake(source.getValue(), new Random(seed));
                        assertEquals(tree(source.getValue()), tree(shaken), "seed " + seed);
                        formatted(shaken);
                      }
                    }));
  }

  /** Changes only what stands between words, where that means nothing. */
  private static String shake(String text, Random random) {
    Parser.Parsed parsed = Parser.parsed(new SourceFile("case.nn", text));
    List<Word> words = parsed.laidOut().words().stream().filter(w -> w.start() < w.end()).toList();
    StringBuilder out = new StringBuilder();
    int at = 0;
    int brackets = 0;
    for (int i = 0; i + 1 < words.size(); i++) {
      Word word = words.get(i);
      out.append(text, at, word.end());
      at = word.end();
      String symbol = text.substring(word.start(), word.end());
      brackets += symbol.equals("(") || symbol.equals("[") ? 1 : 0;
      brackets -= symbol.equals(")") || symbol.equals("]") ? 1 : 0;
      boolean mayBreak = brackets > 0 || List.of("=", "+", "*", "|>", ",").contains(symbol);
      boolean close = at == words.get(i + 1).start();
      boolean number = symbol.matches("[0-9].*");
      int dice = random.nextInt(30);
      if (dice == 0 && mayBreak) {
        out.append(" // strewn ").append(i).append('\n');
      } else if (dice == 1 && mayBreak) {
        out.append("\n".repeat(1 + random.nextInt(3)));
      } else if (dice <= 4) {
        out.append(" ".repeat(1 + random.nextInt(4)));
      } else if (dice == 5) {
        out.append(" /* strewn */ ");
      } else if (dice <= 9
          && !close
          && !number
          && text.substring(at, words.get(i + 1).start()).isBlank()
          && !text.substring(at, words.get(i + 1).start()).contains("\n")
          && !Character.isLetterOrDigit(text.charAt(words.get(i + 1).start()))
          && !symbol.matches("[\\w'].*|[+*/<>=!|.~-]+")
          && !text.substring(words.get(i + 1).start()).matches("(?s)[+*/<>=!|.~'-].*")) {
        at = words.get(i + 1).start();
      }
    }
    return out.append(text.substring(at)).toString();
  }

  @Test
  void textWithErrorsStaysAsItIs() {
    String text = "dim  A =\n";
    Checked<String> result = Formatter.format(new SourceFile("case.nn", text));
    assertTrue(result.hasErrors());
    assertEquals(text, result.value());
  }

  @Test
  void longChainsAreFormatted() {
    String sum = "fn f : x = x" + " + x".repeat(30_000) + "\n";
    assertEquals(sum, format(sum));
    String reads = "fn f : x = [" + "x[a-1], ".repeat(8_000) + "x]\n";
    assertEquals(reads, format(reads));
  }

  @Test
  void lineEndsBecomeLineFeeds() {
    assertEquals("dim A = 3\n// c\n", format("dim A = 3\r\n// c \r\n"));
    assertEquals("", format("\n\n"));
  }

  @Test
  void settingsOfAPlanStandInOneColumn() {
    List<String> lines =
        new ArrayList<>(format("train T : M on D {\nloss = a\nepochs = 3\n}\n").lines().toList());
    assertEquals("    loss   = a", lines.get(1));
    assertEquals("    epochs = 3", lines.get(2));
  }
}
