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

  /**
   * The same programs with as much strewn in as the language allows: any blanks and block comments
   * between any two words, line ends and comments wherever a line end is a blank, empty lines,
   * comment lines, {@code ;} and CR LF between statements.
   */
  @TestFactory
  Stream<DynamicTest> stormTossedSourcesSettle() {
    return Sources.everywhere().entrySet().stream()
        .map(
            source ->
                DynamicTest.dynamicTest(
                    source.getKey(),
                    () -> {
                      for (int seed = 0; seed < 6; seed++) {
                        String tossed = toss(source.getValue(), new Random(seed));
                        assertEquals(
                            withoutDocs(tree(source.getValue())),
                            withoutDocs(tree(tossed)),
                            "seed " + seed + "\n" + tossed);
                        formatted(tossed);
                      }
                    }));
  }

  /** A page may have moved away from its declaration, which is no longer documented then. */
  private static String withoutDocs(String tree) {
    return tree.replaceAll("(?m)^ *///.*\\n", "");
  }

  private static final List<String> BLANKS =
      List.of(" ", "    ", "\t", " /* strewn */ ", " /**/", " /* c */\t");

  private static final List<String> LINES =
      List.of(
          "\n",
          "\n\n\n",
          " // strewn\n",
          "\r\n",
          "\n// alone\n",
          "\n\t/* block */\n",
          " /* two\n   lines */ ",
          "\n\n  //\n");

  /** A sign after which a line end is a blank (LR-40). */
  private static final List<String> GOES_ON =
      List.of(
          "=", "~", ":", ",", "->", "|>", "??", "+", "-", "*", "/", "%", "^", "<", "<=", "==",
          "then", "where", "and", "or", "not");

  private static final List<String> COMES_AFTER =
      List.of(
          "->", ":", "{", "=", "|>", "??", "+", "*", "/", "%", "^", "<", "<=", ">", ">=", "==",
          "!=", "then", "where", "as", "and", "or");

  private static String toss(String text, Random random) {
    var words =
        Parser.parsed(new SourceFile("case.nn", text)).laidOut().words().stream()
            .filter(w -> w.start() < w.end())
            .toList();
    var out = new StringBuilder(text.substring(0, words.getFirst().start()));
    int brackets = 0;
    for (int i = 0; i + 1 < words.size(); i++) {
      var word = text.substring(words.get(i).start(), words.get(i).end());
      var next = text.substring(words.get(i + 1).start(), words.get(i + 1).end());
      var between = text.substring(words.get(i).end(), words.get(i + 1).start());
      brackets += word.equals("(") || word.equals("[") ? 1 : 0;
      brackets -= word.equals(")") || word.equals("]") ? 1 : 0;
      out.append(word);
      boolean goesOn =
          brackets > 0
              || GOES_ON.contains(word)
              || COMES_AFTER.contains(next)
              || List.of("-", "else").contains(next);
      boolean isFree = goesOn && !looksNew(words, i + 1, text);
      boolean ends = between.contains("\n");
      int dice = random.nextInt(12);
      if (dice == 0 && (isFree || ends)) {
        out.append(between.contains("//") || between.contains("/*") ? between : "");
        out.append(LINES.get(random.nextInt(LINES.size())));
      } else if (dice <= 2) {
        out.append(BLANKS.get(random.nextInt(BLANKS.size()))).append(between);
      } else if (dice == 3
          && ends
          && between.isBlank()
          && !goesOn
          && !word.equals("{")
          && !next.equals("}")) {
        out.append(";".repeat(1 + random.nextInt(2))).append(between);
      } else {
        out.append(between);
      }
    }
    var last = words.getLast();
    return out.append(text.substring(last.start())).toString();
  }

  /** A line that can only be a new statement begins one, wherever it stands. */
  private static boolean looksNew(List<Word> words, int i, String text) {
    int at = i + 1;
    int brackets = 0;
    while (at < words.size()) {
      var symbol = text.substring(words.get(at).start(), words.get(at).end());
      brackets += symbol.equals("[") ? 1 : 0;
      if (brackets == 0) {
        return symbol.equals("=") || symbol.equals("~");
      }
      brackets -= symbol.equals("]") ? 1 : 0;
      at++;
    }
    return false;
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
