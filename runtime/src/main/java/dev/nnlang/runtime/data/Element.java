package dev.nnlang.runtime.data;

import dev.nnlang.runtime.program.Extent;
import java.util.List;

/** What the elements of a source or of a sample tensor are. */
public sealed interface Element {
  /** {@code real}, the default; stored as the precision of the run says. */
  record Real() implements Element {}

  /** {@code int}: integral, of either sign. */
  record Int() implements Element {}

  /** {@code bool}: 0 or 1. */
  record Bool() implements Element {}

  /**
   * {@code index D}: integral and in {@code [0, size)}.
   *
   * @param dim the dimension's name, for messages
   * @param words the words of an enumerated dimension in order; empty for a plain one
   */
  record Index(String dim, Extent size, List<Word> words) implements Element {
    public Index {
      words = List.copyOf(words);
    }
  }

  /**
   * One value of an enumerated dimension.
   *
   * @param name in the program: {@code setosa}
   * @param written in the data: {@code Iris-setosa}; the same as the name where nothing else is
   *     said
   */
  record Word(String name, String written) {}
}
