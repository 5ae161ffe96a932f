package dev.nnlang.compiler;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.bodies.Findings;
import dev.nnlang.compiler.semantics.check.Known;
import dev.nnlang.compiler.semantics.names.Workspace;
import java.util.List;
import java.util.Optional;

/**
 * A program as an editor sees it: broken or not, everything that could be found out.
 *
 * @param workspace its names
 * @param problems what {@code nn check} would say
 * @param findings types and calls by their places
 * @param known what the next inspection, after an edit, need not look at again
 */
public record Inspection(
    Workspace workspace, List<Problem> problems, Findings findings, Known known) {
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

  /**
   * Losses that can be taken instead of one that is given probabilities and wants logits (LR-38):
   * those that give behind the normaliser what it gives without.
   *
   * @param loss the name under which it is called
   * @param call that call
   * @param maker the name of what makes the probabilities
   * @param made its call
   */
  public List<String> counterparts(String loss, Typed.Call call, String maker, Typed.Call made) {
    return Counterparts.of(workspace, loss, call.instance().body(), maker, made.instance().body());
  }
}
