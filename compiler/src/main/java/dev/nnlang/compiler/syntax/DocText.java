package dev.nnlang.compiler.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The text of a {@code ///} page in its parts, in the order written: paragraphs; facts, which begin
 * on a line of their own with {@code Source:} or {@code Defaults:} and end with their paragraph or
 * at the next fact; and programs, which are the lines indented by four blanks.
 */
public record DocText(List<Part> parts) {
  /** One of them; lines are as written, but for the indentation of programs. */
  public sealed interface Part {}

  /** Prose. */
  public record Paragraph(String text) implements Part {}

  /** What a page says under a label. */
  public record Fact(String label, String text) implements Part {}

  /** An example. */
  public record Program(String text) implements Part {}

  /** Where the declaration comes from: a paper, a book, or what it is the definition of. */
  public static final String SOURCE = "Source";

  /** What its config and its inputs are where a use does not say it, and where that comes from. */
  public static final String DEFAULTS = "Defaults";

  private static final Pattern LABEL =
      Pattern.compile("(" + SOURCE + "|" + DEFAULTS + "):\\s*(.*)");

  /** Takes a text apart. */
  public static DocText of(String doc) {
    var parts = new ArrayList<Part>();
    var open = new ArrayList<String>();
    boolean inProgram = false;
    for (var line : doc.lines().toList()) {
      boolean isProgram = line.startsWith("    ");
      boolean goesOn = inProgram && line.isBlank();
      if (isProgram != inProgram && !goesOn
          || !inProgram && (line.isBlank() || LABEL.matcher(line).matches())) {
        close(parts, open, inProgram);
        inProgram = isProgram;
      }
      if (isProgram) {
        open.add(line.substring(4));
      } else if (goesOn || !line.isBlank()) {
        open.add(line);
      }
    }
    close(parts, open, inProgram);
    return new DocText(List.copyOf(parts));
  }

  private static void close(List<Part> parts, List<String> lines, boolean isProgram) {
    var text = String.join("\n", lines).stripTrailing();
    lines.clear();
    if (text.isEmpty()) {
      return;
    }
    if (isProgram) {
      parts.add(new Program(text));
      return;
    }
    var first = text.lines().findFirst().orElse("");
    var label = LABEL.matcher(first);
    parts.add(
        label.matches()
            ? new Fact(label.group(1), (label.group(2) + text.substring(first.length())).strip())
            : new Paragraph(text));
  }

  /** What stands under a label, where the page has it. */
  public Optional<String> fact(String label) {
    return parts.stream()
        .filter(p -> p instanceof Fact f && f.label().equals(label))
        .map(p -> ((Fact) p).text())
        .findFirst();
  }

  /** For an editor: facts have their labels in bold, programs are coloured. */
  public String markdown() {
    return parts.stream()
        .map(
            part ->
                switch (part) {
                  case Paragraph p -> p.text();
                  case Fact f -> "**" + f.label() + ":** " + f.text();
                  case Program p -> "```nn\n" + p.text() + "\n```";
                })
        .collect(Collectors.joining("\n\n"));
  }
}
