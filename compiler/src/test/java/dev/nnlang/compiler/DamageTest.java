package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.diagnostic.JsonRenderer;
import dev.nnlang.compiler.diagnostic.TerminalRenderer;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.AstPrinter;
import dev.nnlang.compiler.syntax.Formatter;
import dev.nnlang.compiler.syntax.Parser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Damaged programs never harm the compiler: whatever is deleted, doubled, swapped or replaced in
 * the examples and the library, there is a message or a valid program, and soon.
 */
class DamageTest {
  private static final int PROGRAMS = 10_000;
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** What each damaged program goes through; a new stage is one more line. */
  private static final List<Consumer<SourceFile>> STAGES =
      List.of(DamageTest::parse, DamageTest::format);

  private static final Pattern TOKEN =
      Pattern.compile(
          "[A-Za-z_0-9]+'?|\"[^\"\\n]*\"|\\|>|->|\\?\\?|\\.\\.\\.?|[<>=!]=|\\s+|.", Pattern.DOTALL);

  private static final Pattern HOLE = Pattern.compile("(?m)^ *(\\?|.* = \\?)$");

  private static final String NASTY =
      "(){}[];:,=~'\"\\?|>-.^%\n\r\t\u0000\u00d7\u03b8\ud83d/*_1e9a#@\u00a0\ufeff";

  private final List<String> sources = List.copyOf(Sources.all().values());

  @Test
  void damagedProgramsGetMessages() {
    long slowest = 0;
    for (int seed = 0; seed < PROGRAMS; seed++) {
      String text = damaged(new Random(seed));
      long start = System.nanoTime();
      try {
        for (Consumer<SourceFile> stage : STAGES) {
          stage.accept(new SourceFile("damaged.nn", text));
        }
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ":\n" + text, e);
      }
      slowest = Math.max(slowest, System.nanoTime() - start);
      assertTrue(
          slowest < LIMIT.toNanos(), "seed " + seed + " took " + slowest / 1_000_000 + " ms");
    }
  }

  private static void parse(SourceFile file) {
    Checked<Ast.File> result = Parser.parse(file);
    String tree = AstPrinter.print(result.value());
    assertTrue(
        result.hasErrors() || !HOLE.matcher(tree).find(),
        () -> "a hole without a message:\n" + tree + file.text());
    new TerminalRenderer(TerminalRenderer.Colour.ANSI).render(result.problems());
    JsonRenderer.render(result.problems());
  }

  private static void format(SourceFile file) {
    Checked<String> once = Formatter.format(file);
    if (!once.hasErrors()) {
      SourceFile formatted = new SourceFile(file.name(), once.value());
      assertTrue(
          Formatter.format(formatted).value().equals(once.value()),
          () -> "formatting again changes:\n" + file.text());
    }
  }

  private String damaged(Random random) {
    String text = sources.get(random.nextInt(sources.size()));
    int wounds = 1 + random.nextInt(3);
    for (int i = 0; i < wounds; i++) {
      text = random.nextBoolean() ? byTokens(text, random) : byCharacters(text, random);
    }
    return text;
  }

  private String byTokens(String text, Random random) {
    List<String> tokens = tokens(text);
    if (tokens.size() < 2) {
      return text;
    }
    int at = random.nextInt(tokens.size() - 1);
    switch (random.nextInt(5)) {
      case 0 -> tokens.remove(at);
      case 1 -> tokens.add(at, tokens.get(at));
      case 2 -> tokens.set(at, tokens.set(at + 1, tokens.get(at)));
      case 3 -> {
        List<String> others = tokens(sources.get(random.nextInt(sources.size())));
        tokens.set(at, others.get(random.nextInt(others.size())));
      }
      default -> tokens.subList(at, Math.min(tokens.size(), at + random.nextInt(40))).clear();
    }
    return String.join("", tokens);
  }

  private static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    return tokens;
  }

  private static String byCharacters(String text, Random random) {
    int from = random.nextInt(text.length() + 1);
    int to = Math.min(text.length(), from + 1 + random.nextInt(random.nextBoolean() ? 2 : 30));
    int nasty = random.nextInt(NASTY.length());
    return switch (random.nextInt(5)) {
      case 0 -> text.substring(0, from) + text.substring(to);
      case 1 -> text.substring(0, to) + text.substring(from);
      case 2 -> text.substring(0, from) + NASTY.charAt(nasty) + text.substring(to);
      case 3 -> text.substring(0, from) + NASTY.charAt(nasty) + text.substring(from);
      default -> text.substring(0, from);
    };
  }
}
