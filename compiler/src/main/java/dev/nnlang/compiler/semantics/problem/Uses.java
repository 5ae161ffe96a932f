package dev.nnlang.compiler.semantics.problem;

import dev.nnlang.compiler.diagnostic.Label;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Report;
import dev.nnlang.compiler.source.Span;
import java.util.ArrayList;

/**
 * A problem inside a declaration that only this use brings out: shown at the use, with the
 * declaration's own line beneath (LR-15).
 *
 * @param at the call in the file that is being written
 * @param callee the declaration called there
 */
public record Uses(Problem inner, Span at, String callee) implements Problem {
  @Override
  public String code() {
    return inner.code();
  }

  /** Whether it is another problem, at another place. */
  public boolean shows(Problem problem) {
    return inner.code().equals(problem.code()) && inner.at().equals(problem.at());
  }

  @Override
  public Report report() {
    var report = inner.report();
    var others = new ArrayList<Label>();
    others.add(report.primary());
    others.addAll(report.others());
    return new Report(
        report.title(),
        new Label(at, "in this use of " + callee),
        others,
        report.notes(),
        report.fix());
  }
}
