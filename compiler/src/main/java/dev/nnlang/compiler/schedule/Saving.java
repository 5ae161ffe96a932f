package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.size.Poly;

/** What is done about a cheap value that a later kernel needs again. */
public sealed interface Saving {
  Tensor tensor();

  /**
   * It is computed again by those who need it.
   *
   * @param bytes how much less is written and read
   */
  record Recomputed(Tensor tensor, Poly bytes) implements Saving {}

  /**
   * It is written once, with a border around it, and read there.
   *
   * @param bytes how much less is written and read
   */
  record Bordered(Tensor tensor, Tensor copy, Poly bytes) implements Saving {}

  /** It is written to memory and read again. */
  record Saved(Tensor tensor, Reason reason) implements Saving {}

  /** Why a value is kept, though it could be computed again. */
  enum Reason {
    IN_PLACE("a product reads it where it lies"),
    SCATTERED("who needs it would compute it one value at a time"),
    ROOM("who needs it has no room for its arithmetic"),
    LONGER("what it is made of would have to be kept instead, which is larger"),
    COST("moving it costs less than computing it again");

    private final String words;

    Reason(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }
}
