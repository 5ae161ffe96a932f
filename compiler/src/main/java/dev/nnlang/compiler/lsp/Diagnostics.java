package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.diagnostic.Label;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Severity;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.lsp4j.Diagnostic;
import org.eclipse.lsp4j.DiagnosticCodeDescription;
import org.eclipse.lsp4j.DiagnosticRelatedInformation;
import org.eclipse.lsp4j.DiagnosticSeverity;
import org.eclipse.lsp4j.DiagnosticTag;

/** Problems as the editor shows them. */
final class Diagnostics {
  /** Hints about what nothing reads: editors show it faded. */
  private static final String UNUSED = "never read";

  private Diagnostics() {}

  /** Those of the document itself; a problem in a file that it uses is shown in that file. */
  static List<Diagnostic> of(Analysis analysis) {
    return analysis.problems().stream()
        .filter(p -> analysis.isHere(p.at()))
        .map(p -> diagnostic(p, analysis))
        .toList();
  }

  static Diagnostic diagnostic(Problem problem, Analysis analysis) {
    var report = problem.report();
    var diagnostic = new Diagnostic();
    diagnostic.setRange(range(problem, analysis));
    diagnostic.setSeverity(
        switch (problem.severity()) {
          case ERROR -> DiagnosticSeverity.Error;
          case WARNING -> DiagnosticSeverity.Warning;
          case HINT -> DiagnosticSeverity.Hint;
        });
    diagnostic.setSource("nn");
    diagnostic.setCode(problem.code());
    ReadableFiles.page(problem.code())
        .ifPresent(page -> diagnostic.setCodeDescription(new DiagnosticCodeDescription(page)));
    var text = new StringBuilder(report.title());
    if (!report.primary().text().isEmpty()) {
      text.append('\n').append(report.primary().text());
    }
    report.notes().forEach(note -> text.append("\nnote: ").append(note));
    report.fix().ifPresent(fix -> text.append("\nhelp: ").append(fix.text()));
    diagnostic.setMessage(text.toString());
    var related = new ArrayList<DiagnosticRelatedInformation>();
    for (Label label : report.others()) {
      var words = label.text().isEmpty() ? "see here" : label.text();
      related.add(new DiagnosticRelatedInformation(Positions.location(label.span()), words));
    }
    diagnostic.setRelatedInformation(related);
    if (problem.severity() == Severity.HINT && report.title().contains(UNUSED)) {
      diagnostic.setTags(List.of(DiagnosticTag.Unnecessary));
    }
    return diagnostic;
  }

  /** What is missing has no characters; the one before it is underlined, or nobody would see. */
  private static org.eclipse.lsp4j.Range range(Problem problem, Analysis analysis) {
    var span = problem.at();
    int start = span.start();
    if (span.end() == start && start > 0 && analysis.document().text().charAt(start - 1) != '\n') {
      start--;
    }
    return analysis.positions().range(start, span.end());
  }
}
