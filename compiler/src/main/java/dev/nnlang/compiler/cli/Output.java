package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.diagnostic.JsonRenderer;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Problems;
import dev.nnlang.compiler.diagnostic.Severity;
import dev.nnlang.compiler.diagnostic.TerminalRenderer;
import dev.nnlang.compiler.diagnostic.TerminalRenderer.Colour;
import dev.nnlang.runtime.file.Json;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * Where a command writes and in which form: the options that every command shares.
 *
 * <p>Results go to standard output, problems and progress to standard error; with {@code --json}
 * everything goes to standard output, one object a line.
 */
final class Output {
  /** When to colour. */
  enum When {
    auto,
    always,
    never
  }

  @Option(names = "--json", description = "One JSON object a line instead of text.")
  boolean json;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      description = "Colours: auto (where the terminal has them), always, never.")
  When color = When.auto;

  PrintStream out() {
    return System.out;
  }

  PrintStream err() {
    return System.err;
  }

  /** Whether somebody watches standard error: progress bars are drawn only then. */
  boolean live() {
    return !json && Boolean.getBoolean("nn.stderr.terminal");
  }

  private boolean coloured(String terminal) {
    return switch (color) {
      case always -> !json;
      case never -> false;
      case auto -> !json && Boolean.getBoolean(terminal) && !refused();
    };
  }

  /** Whether the user wants colours nowhere: NO_COLOR is set and not empty (no-color.org). */
  private static boolean refused() {
    var asked = System.getenv("NO_COLOR");
    return asked != null && !asked.isEmpty();
  }

  /** The terminal's width in characters; the launcher knows it. */
  int width() {
    return Math.max(20, Integer.getInteger("nn.columns", 80));
  }

  String paint(Ink ink, String text) {
    return coloured("nn.stdout.terminal") ? ink.code + text + "\u001b[0m" : text;
  }

  /** {@link #paint} for what goes to standard error. */
  String paintProgress(Ink ink, String text) {
    return coloured("nn.stderr.terminal") ? ink.code + text + "\u001b[0m" : text;
  }

  /** The few inks that the commands use; problems have their own. */
  enum Ink {
    BOLD("\u001b[1m"),
    DIM("\u001b[2m"),
    GREEN("\u001b[32m"),
    CYAN("\u001b[36m"),
    YELLOW("\u001b[33m");

    private final String code;

    Ink(String code) {
      this.code = code;
    }
  }

  /** A result: as one JSON object, or as text. */
  void result(Json.Members json, String text) {
    out().println(this.json ? json.toString() : text);
  }

  void problems(List<? extends Problem> problems) {
    if (problems.isEmpty()) {
      return;
    }
    if (json) {
      out().print(JsonRenderer.render(problems));
      out().flush();
      return;
    }
    var colour = coloured("nn.stderr.terminal") ? Colour.ANSI : Colour.NONE;
    err().print(new TerminalRenderer(colour).render(problems));
    var errors = Problems.ordered(problems).stream().filter(p -> p.severity() == Severity.ERROR);
    long count = errors.count();
    if (count > 1) {
      err().println("\n" + count + " errors");
    }
    err().flush();
  }

  /** Prints problems; ends the command where one of them is an error. */
  void require(List<? extends Problem> problems) {
    if (problems.stream().anyMatch(p -> p.severity() == Severity.ERROR)) {
      throw new Reported(problems);
    }
    problems(problems);
  }
}
