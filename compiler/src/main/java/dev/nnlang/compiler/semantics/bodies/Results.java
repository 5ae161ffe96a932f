package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.problem.PlanProblem;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The numbers that an epoch of a plan gives, by their full names: {@code train.loss}, {@code
 * valid.accuracy} (LR-50).
 */
public record Results(List<String> known) {
  /** What the parts of data are called in the names of results. */
  public static final List<String> PARTS = List.of("train", "valid", "test");

  public Results {
    known = List.copyOf(known);
  }

  /** The loss and these metrics of every part. */
  public static Results of(List<String> metrics, List<String> parts) {
    var known = new ArrayList<String>();
    for (var part : parts) {
      known.add(part + ".loss");
      metrics.forEach(m -> known.add(part + "." + m));
    }
    return new Results(known);
  }

  /**
   * {@code loss}, {@code valid.accuracy}: by its full name; empty where there is no such result.
   */
  public Optional<String> find(Ast.Expr e) {
    var text = e.span().text().replaceAll("\\s", "");
    var full = text.contains(".") ? text : "train." + text;
    return known.contains(full) ? Optional.of(full) : Optional.empty();
  }

  /** As {@link #find}; what is none of them is reported. */
  public Optional<String> find(Ast.Expr e, Frame frame) {
    var found = find(e);
    if (found.isEmpty() && !(e instanceof Ast.Missing)) {
      frame.report(
          new PlanProblem.UnknownResult(e.span(), e.span().text().replaceAll("\\s", ""), known));
    }
    return found;
  }
}
