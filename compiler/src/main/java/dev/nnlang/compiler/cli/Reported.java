package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.diagnostic.Problem;
import java.util.List;

/**
 * Ends a command with status 1: the user's file, data or arguments have these problems. Thrown and
 * caught inside this package only.
 */
final class Reported extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<? extends Problem> problems;

  Reported(List<? extends Problem> problems) {
    super(problems.toString(), null, false, false);
    this.problems = List.copyOf(problems);
  }

  Reported(Problem problem) {
    this(List.of(problem));
  }

  List<? extends Problem> problems() {
    return problems;
  }
}
