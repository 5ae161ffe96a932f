package dev.nnlang.compiler.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Cases;
import dev.nnlang.compiler.Sources;
import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.TerminalRenderer;
import dev.nnlang.compiler.source.SourceFile;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ParserTest {
  private static Checked<Ast.File> parse(String text) {
    return Parser.parse(new SourceFile("case.nn", text));
  }

  private static List<String> codes(String text) {
    return parse(text).problems().stream().map(Problem::code).toList();
  }

  private static String render(List<Problem> problems) {
    return new TerminalRenderer(TerminalRenderer.Colour.NONE).render(problems);
  }

  /** Correct programs, and their trees. */
  @TestFactory
  Stream<DynamicTest> trees() {
    return Cases.in(
        "syntax/tree",
        input -> {
          Checked<Ast.File> result = parse(input);
          assertEquals("", render(result.problems()), "these programs are correct");
          return AstPrinter.print(result.value());
        });
  }

  /** Mistakes, with the very text of their messages and what is kept of the tree. */
  @TestFactory
  Stream<DynamicTest> messages() {
    return Cases.in(
        "syntax/messages",
        input -> {
          Checked<Ast.File> result = parse(input);
          return AstPrinter.print(result.value()) + "\n" + render(result.problems());
        });
  }

  @TestFactory
  Stream<DynamicTest> examplesAndLibraryParse() {
    return Sources.all().entrySet().stream()
        .map(
            source ->
                DynamicTest.dynamicTest(
                    source.getKey(),
                    () -> assertEquals("", render(parse(source.getValue()).problems()))));
  }

  @Test
  void threeMistakesGiveThreeMessages() {
    List<String> codes =
        codes(
            """
            layer A : x[In] -> y[In] {
                y[i] = x[i] +
            }
            layer B : x -> y {
                y = (x * 2
            }
            layer C : x -> y {
                y == x
            }
            """);
    assertEquals(List.of("E0112", "E0109", "E0122"), codes);
  }

  @Test
  void everySpanLiesInItsTextAndHoldsItsParts() {
    for (Map.Entry<String, String> source : Sources.all().entrySet()) {
      new AstWalk(
              expr -> {
                assertTrue(expr.span().start() < expr.span().end(), () -> expr.toString());
                for (Ast.Expr part : AstWalk.parts(expr)) {
                  assertTrue(
                      expr.span().start() <= part.span().start()
                          && part.span().end() <= expr.span().end(),
                      () -> source.getKey() + ": " + part.span() + " is not in " + expr.span());
                }
              })
          .file(parse(source.getValue()).value());
    }
  }

  @Test
  void bracketsNestTo256() {
    String at = "fn f : x = " + "(".repeat(256) + "x" + ")".repeat(256);
    assertEquals(List.of(), codes(at));
    String past = "fn f : x = " + "(".repeat(257) + "x" + ")".repeat(257);
    assertEquals(List.of("E0111"), codes(past));
    assertEquals(List.of("E0111"), codes("fn f : x = " + "sum[i](".repeat(100_000)));
    assertEquals(List.of("E0111"), codes("{".repeat(100_000)));
  }

  @Test
  void operatorsNestTo1000() {
    assertEquals(List.of(), codes("fn f : x = " + "- ".repeat(1000) + "x"));
    assertEquals(List.of("E0111"), codes("fn f : x = " + "not ".repeat(1001) + "x"));
    assertEquals(List.of("E0111"), codes("fn f : x = " + "x ^ ".repeat(50_000) + "x"));
    String choices = "if x > 0 then 1 else ".repeat(50_000);
    assertEquals(List.of("E0111"), codes("fn f : x = " + choices + "x"));
  }

  @Test
  void longChainsAreParsedUpToTheLimitOfWords() {
    for (String operator : List.of(" + ", " * ", " or ", " |> ")) {
      String chain = "fn f : x = x" + (operator + "x").repeat(40_000);
      assertEquals(List.of(), codes(chain), operator);
    }
    assertEquals(List.of("E0111"), codes("fn f : x = x" + " + x".repeat(60_000)));
  }

  @Test
  void textBeyondTheLimitsIsOneHole() {
    Checked<Ast.File> result = parse("fn f : x = " + "(".repeat(1000));
    assertEquals("?\n", AstPrinter.print(result.value()));
  }

  @Test
  void emptyFilesAreFine() {
    for (String text : List.of("", "\n", "// c", "/* c */\n\n;", "\r\n\t")) {
      Checked<Ast.File> result = parse(text);
      assertFalse(result.hasErrors(), text);
      assertEquals("", AstPrinter.print(result.value()), text);
    }
  }
}
