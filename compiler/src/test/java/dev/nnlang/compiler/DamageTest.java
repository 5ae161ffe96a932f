package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.diagnostic.JsonRenderer;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.TerminalRenderer;
import dev.nnlang.compiler.elaborate.Elaborate;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.semantics.check.Semantics;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.AstPrinter;
import dev.nnlang.compiler.syntax.Formatter;
import dev.nnlang.compiler.syntax.Parser;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Damaged programs never harm the compiler: whatever is deleted, doubled, swapped or replaced in
 * the examples and the library, there is a message or a valid program, and soon. Longer campaigns
 * state {@code -Ddamage.first}, {@code -Ddamage.programs} and {@code -Ddamage.every=1}.
 */
class DamageTest {
  private static final long FIRST = Long.getLong("damage.first", 0);
  private static final long PROGRAMS = Long.getLong("damage.programs", 10_000);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** What each damaged program goes through; a new stage is one more line. */
  private static final List<Consumer<SourceFile>> STAGES =
      List.of(DamageTest::parse, DamageTest::check);

  /** What one in five goes through beside: most of a program is not what was damaged. */
  private static final List<Consumer<SourceFile>> SOMETIMES =
      List.of(DamageTest::format, DamageTest::elaborate);

  private static final long EVERY = Long.getLong("damage.every", 5);

  private static final Pattern HOLE = Pattern.compile("(?m)^ *(\\?|.* = \\?)$");

  @Test
  void damagedProgramsGetMessages() {
    var damage = new Damage(List.copyOf(dev.nnlang.compiler.Sources.all().values()));
    var failures = new ConcurrentSkipListMap<String, String>();
    LongStream.range(FIRST, FIRST + PROGRAMS)
        .parallel()
        .forEach(seed -> compile(seed, damage.program(seed), failures));
    System.out.printf("damaged programs: seeds %d .. %d%n", FIRST, FIRST + PROGRAMS - 1);
    assertEquals(Map.of(), failures);
  }

  private static void compile(long seed, String text, Map<String, String> failures) {
    try {
      // Again where it was slow: other work may have had the processor.
      boolean more = seed % EVERY == 0;
      long took = millis(text, more);
      for (int tries = 1; tries < 3 && took > LIMIT.toMillis(); tries++) {
        took = Math.min(took, millis(text, more));
      }
      if (took > LIMIT.toMillis()) {
        failures.put("slow " + seed, "seed " + seed + " took " + took + " ms");
      }
    } catch (RuntimeException | Error e) {
      failures.putIfAbsent(place(e), "seed " + seed + ": " + e + "\n" + text);
    }
  }

  private static long millis(String text, boolean more) {
    long start = System.nanoTime();
    STAGES.forEach(stage -> stage.accept(new SourceFile("damaged.nn", text)));
    if (more) {
      SOMETIMES.forEach(stage -> stage.accept(new SourceFile("damaged.nn", text)));
    }
    return (System.nanoTime() - start) / 1_000_000;
  }

  /** Failures at one place have, most likely, one cause: one of them is shown. */
  private static String place(Throwable e) {
    var cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    var frames = cause.getStackTrace();
    return cause.getClass().getSimpleName() + (frames.length == 0 ? "" : " at " + frames[0]);
  }

  private static void parse(SourceFile file) {
    Checked<Ast.File> result = Parser.parse(file);
    String tree = AstPrinter.print(result.value());
    assertTrue(
        result.hasErrors() || !HOLE.matcher(tree).find(),
        () -> "a hole without a message:\n" + tree + file.text());
    render(result.problems());
  }

  private static void render(List<Problem> problems) {
    new TerminalRenderer(TerminalRenderer.Colour.ANSI).render(problems);
    JsonRenderer.render(problems);
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

  /** Names, types and ranges. */
  private static void check(SourceFile file) {
    render(Compiler.open(file, Sources.none()).check());
  }

  /** The equations of a program in which nothing is wrong. */
  private static void elaborate(SourceFile file) {
    Compilation compilation = Compiler.open(file, Sources.none());
    if (compilation.errors().isPresent()) {
      return;
    }
    var workspace = compilation.workspace();
    workspace
        .declarations()
        .forEach(
            (name, kind) -> {
              if (kind.equals("train")) {
                var training = Semantics.training(workspace, name, Map.of());
                render(training.problems());
                training.value().ifPresent(Elaborate::training);
              } else {
                render(Derivative.program(workspace, name, Map.of()).problems());
              }
            });
  }
}
