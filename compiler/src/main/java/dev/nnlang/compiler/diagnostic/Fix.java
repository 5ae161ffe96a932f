package dev.nnlang.compiler.diagnostic;

import dev.nnlang.compiler.source.Span;
import java.util.List;

/**
 * A mend: one sentence and, where it can be said exactly, the edits that carry it out.
 *
 * @param text what to try, shown after {@code help:}
 * @param edits replacements that do not overlap, for editors; empty where the words are all
 */
public record Fix(String text, List<Edit> edits) {
  /**
   * One replacement.
   *
   * @param at what goes; empty to insert
   * @param replacement what comes
   */
  public record Edit(Span at, String replacement) {}

  public Fix {
    edits = List.copyOf(edits);
  }

  /** Advice in words only. */
  public static Fix saying(String text) {
    return new Fix(text, List.of());
  }

  /** "Did you mean", for each name that may have been meant. */
  public static List<Fix> meant(Span at, List<String> near) {
    return near.stream().map(n -> replacing("did you mean `" + n + "`?", at, n)).toList();
  }

  /** Advice with the one edit that carries it out. */
  public static Fix replacing(String text, Span at, String replacement) {
    return new Fix(text, List.of(new Edit(at, replacement)));
  }
}
