package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.size.Atom;
import java.util.Map;
import java.util.Optional;

/**
 * How a program runs, which may depend on how many examples it gets.
 *
 * @param few the plan for any number of them
 * @param many a faster one for many, where there is one
 */
public record Forms(Plan few, Optional<Many> many) {
  /**
   * @param examples the dimension that counts them
   * @param least so many are enough
   */
  public record Many(Atom.Dim examples, long least, Plan plan) {}

  /** The one that runs where dimensions have these sizes. */
  public Plan of(Map<String, Long> sizes) {
    return many.filter(m -> sizes.getOrDefault(m.examples.name(), 0L) >= m.least)
        .map(Many::plan)
        .orElse(few);
  }

  @Override
  public String toString() {
    return few
        + many.map(m -> "\nfrom " + m.examples + " = " + m.least + " on:\n" + m.plan).orElse("");
  }
}
