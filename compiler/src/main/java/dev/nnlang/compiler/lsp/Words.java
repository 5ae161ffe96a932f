package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.source.Span;
import java.util.Optional;

/** The letters of a name in a text that may not parse. */
final class Words {
  private Words() {}

  /** The word that an offset touches. */
  static Optional<Span> at(SourceFile file, int offset) {
    var text = file.text();
    int start = start(text, offset);
    int end = offset;
    while (end < text.length() && isLetter(text.charAt(end))) {
      end++;
    }
    return start == end ? Optional.empty() : Optional.of(file.span(start, end));
  }

  /** Where the word that ends at an offset starts. */
  static int start(String text, int offset) {
    int start = offset;
    while (start > 0 && isLetter(text.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  /** The word that ends at an offset; empty where none does. */
  static String before(String text, int offset) {
    return text.substring(start(text, offset), offset);
  }

  private static boolean isLetter(char c) {
    return c == '_' || c < 0x80 && Character.isLetterOrDigit(c);
  }
}
