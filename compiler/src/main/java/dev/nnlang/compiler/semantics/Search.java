package dev.nnlang.compiler.semantics;

import java.util.List;

/**
 * A {@code search(...)} in a plan: a number that {@code nn tune} may choose.
 *
 * @param name of the setting or the config whose value it is, unique in the plan
 */
public sealed interface Search {
  String name();

  /** {@code search([32, 64])}: one of these, as written. */
  record Choice(String name, List<String> items) implements Search {
    public Choice {
      items = List.copyOf(items);
    }
  }

  /**
   * {@code search(1e-4 .. 1e-1, log)}: a number of a closed range.
   *
   * @param log whether its logarithm is spread evenly
   * @param whole whether it is an int
   */
  record Interval(String name, double from, double to, boolean log, boolean whole)
      implements Search {
    /** The value at a share of the way from one end to the other, as it would be written. */
    public String at(double share) {
      double value =
          log
              ? Math.exp(Math.log(from) + share * (Math.log(to) - Math.log(from)))
              : from + share * (to - from);
      double inside = Math.clamp(value, Math.min(from, to), Math.max(from, to));
      return whole ? Long.toString(Math.round(inside)) : Double.toString(inside);
    }
  }
}
