package dev.nnlang.compiler.semantics.problem;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Report;
import dev.nnlang.compiler.source.Span;
import java.util.List;

/** A problem with one cause and several places: said at the first, the others beneath. */
public record AlsoAt(NameProblem inner, List<Span> also) implements Problem {
  private static final int MOST_SHOWN = 3;

  public AlsoAt {
    also = List.copyOf(also);
  }

  @Override
  public String code() {
    return inner.code();
  }

  @Override
  public Span at() {
    return inner.at();
  }

  @Override
  public Report report() {
    var report = inner.report();
    for (var place : also.subList(0, Math.min(also.size(), MOST_SHOWN))) {
      report = report.with(place, "and here");
    }
    return also.size() > MOST_SHOWN
        ? report.note("and in " + (also.size() - MOST_SHOWN) + " more places")
        : report;
  }
}
