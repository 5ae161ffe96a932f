package dev.nnlang.compiler;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.semantics.Findings;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Workspace;
import java.util.List;
import java.util.Optional;

/**
 * A program as an editor sees it: broken or not, everything that could be found out.
 *
 * @param workspace its names
 * @param problems what {@code nn check} would say
 * @param findings types and calls by their places
 */
public record Inspection(Workspace workspace, List<Problem> problems, Findings findings) {
  public Inspection {
    problems = List.copyOf(problems);
  }

  /**
   * The derivative of one equation by everything that it reads, as equations of the language; empty
   * where it has none: nothing real is read, or it draws.
   */
  public static Optional<String> derivative(Typed.Statement equation) {
    return Derivative.of(equation);
  }

  /** The derivative of what is called, for the dimensions of a use; empty where it has none. */
  public static Optional<String> derivative(Typed.Body called) {
    return Derivative.of(called);
  }
}
