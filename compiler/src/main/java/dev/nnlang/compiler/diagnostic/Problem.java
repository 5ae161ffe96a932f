package dev.nnlang.compiler.diagnostic;

import dev.nnlang.compiler.source.Span;
import java.util.List;

/**
 * What is wrong with the user's program, data or run: a value that carries facts.
 *
 * <p>Each stage has its own sealed interface that extends this one, its records hold the facts
 * (which two dimensions, where each came from), and one switch beside it turns them into words.
 */
public interface Problem {
  /** The code, such as {@code E0301}; its page is {@code explain/E0301.md}. */
  String code();

  /** Follows from the code's first letter. */
  default Severity severity() {
    return Severity.of(code());
  }

  /** The place that the message points to. */
  Span at();

  /** The words. */
  Report report();

  /** Mends that an editor can carry out, the most likely first. */
  default List<Fix> fixes() {
    return report().fix().filter(fix -> !fix.edits().isEmpty()).stream().toList();
  }
}
