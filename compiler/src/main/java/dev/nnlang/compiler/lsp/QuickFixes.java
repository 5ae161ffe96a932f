package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.diagnostic.Fix;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.AstWalk;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.lsp4j.CodeAction;
import org.eclipse.lsp4j.CodeActionKind;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.WorkspaceEdit;

/**
 * Mends that can be carried out: those that a problem brings along, and those that need the tree
 * around it, by the problem's code.
 */
final class QuickFixes {
  private final Analysis analysis;

  private QuickFixes(Analysis analysis) {
    this.analysis = analysis;
  }

  /**
   * For the problems that touch a part of the text, with the place itself or with another that they
   * show; the first of each problem is preferred.
   */
  static List<CodeAction> in(Analysis analysis, int start, int end) {
    var fixes = new QuickFixes(analysis);
    var actions = new ArrayList<CodeAction>();
    for (var problem : analysis.problems()) {
      boolean touches =
          fixes.touches(problem.at(), start, end)
              || problem.report().others().stream()
                  .anyMatch(l -> fixes.touches(l.span(), start, end));
      if (!touches) {
        continue;
      }
      boolean first = true;
      for (var fix : fixes.of(problem)) {
        actions.add(fixes.action(fix, problem, first));
        first = false;
      }
    }
    return actions;
  }

  private boolean touches(Span at, int start, int end) {
    return analysis.isHere(at) && at.start() <= end && start <= Math.max(at.end(), at.start() + 1);
  }

  private CodeAction action(Fix fix, Problem problem, boolean preferred) {
    var edits = new ArrayList<TextEdit>();
    for (var edit : fix.edits()) {
      edits.add(new TextEdit(analysis.positions().range(edit.at()), edit.replacement()));
    }
    var action = new CodeAction(fix.text());
    action.setKind(CodeActionKind.QuickFix);
    action.setDiagnostics(List.of(Diagnostics.diagnostic(problem, analysis)));
    action.setEdit(new WorkspaceEdit(Map.of(analysis.document().uri(), edits)));
    action.setIsPreferred(preferred);
    return action;
  }

  /** All mends of a problem, the most likely first; each in this document alone. */
  List<Fix> of(Problem problem) {
    var all = new LinkedHashMap<String, Fix>();
    problem.fixes().forEach(f -> all.putIfAbsent(f.text(), f));
    fromTree(problem).forEach(f -> all.putIfAbsent(f.text(), f));
    return all.values().stream()
        .filter(f -> f.edits().stream().allMatch(e -> analysis.isHere(e.at())))
        .toList();
  }

  private List<Fix> fromTree(Problem problem) {
    return switch (problem.code()) {
      case "E0401", "E0403" -> outside(problem.at()).stream().toList();
      case "E0404" -> emptyReduction(problem.at()).stream().toList();
      case "E0218" -> reduction(problem.at()).stream().toList();
      case "E0326" -> anotherInstance(problem.at()).stream().toList();
      case "E0705" -> normalisedOnce(problem);
      default -> List.of();
    };
  }

  // Around the place.

  private List<Ast.Expr> around(Span at) {
    var found = new ArrayList<Ast.Expr>();
    new AstWalk(
            e -> {
              if (e.span().start() <= at.start() && at.end() <= e.span().end()) {
                found.add(e);
              }
            })
        .file(analysis.tree());
    found.sort(Comparator.comparingInt(e -> e.span().end() - e.span().start()));
    return found;
  }

  private static Fix wrap(String text, Span at, String before, String after) {
    return new Fix(
        text, List.of(new Fix.Edit(at.before(), before), new Fix.Edit(at.after(), after)));
  }

  /** {@code x[i - 1]} becomes {@code (x[i - 1] ?? 0)}. */
  private Optional<Fix> outside(Span at) {
    return around(at).stream()
        .filter(e -> e instanceof Ast.Access)
        .findFirst()
        .map(e -> wrap("read 0 outside: add `?? 0`", e.span(), "(", " ?? 0)"));
  }

  private Optional<Fix> emptyReduction(Span at) {
    return around(at).stream()
        .filter(e -> e instanceof Ast.Reduction)
        .findFirst()
        .map(e -> wrap("0 where nothing satisfies the guard: add `?? 0`", e.span(), "(", " ?? 0)"));
  }

  /**
   * {@code y[o] = x[i] * w[i, o] + b[o]} becomes {@code y[o] = sum[i](x[i] * w[i, o]) + b[o]}: the
   * term that reads the unknown index is added up over it.
   */
  private Optional<Fix> reduction(Span at) {
    var term = term(at);
    if (term.isEmpty()) {
      return Optional.empty();
    }
    var indices = new LinkedHashSet<String>();
    for (var problem : analysis.problems()) {
      boolean isInside =
          problem.code().equals("E0218")
              && analysis.isHere(problem.at())
              && term.get().span().start() <= problem.at().start()
              && problem.at().end() <= term.get().span().end();
      if (isInside && !problem.at().text().startsWith(".")) {
        indices.add(problem.at().text());
      }
    }
    if (indices.isEmpty()) {
      return Optional.empty();
    }
    var binder = "sum[" + String.join(", ", indices) + "](";
    return Optional.of(wrap("add up: `" + binder + "...)`", term.get().span(), binder, ")"));
  }

  /** The largest part around a place that is no sum itself. */
  private Optional<Ast.Expr> term(Span at) {
    Ast.Expr found = null;
    for (var e : around(at)) {
      boolean isSum =
          e instanceof Ast.Binary b && (b.op() == Ast.BinaryOp.ADD || b.op() == Ast.BinaryOp.SUB);
      boolean isInside = e instanceof Ast.Reduction || e instanceof Ast.Call;
      if (isSum || found != null && isInside) {
        break;
      }
      found = e;
    }
    return Optional.ofNullable(found);
  }

  /** {@code b |> enc} becomes {@code b |> Encoder(32)}: parameters of its own, not shared. */
  private Optional<Fix> anotherInstance(Span at) {
    var name = analysis.names().at(at.start());
    if (name.isEmpty()
        || name.get().meaning().sort() != Meaning.Sort.INSTANCE
        || !(name.get().meaning().node() instanceof Ast.Equation made)) {
      return Optional.empty();
    }
    var maker = made.right().span().text();
    boolean isCalled = analysis.document().text().startsWith("(", name.get().at().end());
    var written = isCalled && !maker.endsWith(")") ? maker + "()" : maker;
    return Optional.of(
        Fix.replacing(
            "make another instance: `" + written + "` with fresh parameters",
            name.get().at(),
            written));
  }

  // Losses.

  /** Another loss, which wants probabilities; or logits, without the stage that normalises them. */
  private List<Fix> normalisedOnce(Problem problem) {
    var fixes = new ArrayList<Fix>();
    for (var label : problem.report().others()) {
      otherLoss(problem.at(), label.span()).forEach(fixes::add);
      leftOut(label.span()).ifPresent(fixes::add);
    }
    return fixes;
  }

  private List<Fix> otherLoss(Span at, Span made) {
    var call = analysis.findings().call(at);
    var maker = analysis.findings().call(made);
    var callee =
        around(at).stream()
            .filter(e -> e.span().equals(at) && e instanceof Ast.Call)
            .map(e -> ((Ast.Call) e).callee())
            .filter(e -> e instanceof Ast.Ref || e instanceof Ast.Member)
            .findFirst();
    if (callee.isEmpty() || call.isEmpty() || maker.isEmpty()) {
      return List.of();
    }
    var loss = callee.get().span();
    return analysis
        .inspection()
        .counterparts(loss.text(), call.get(), name(made), maker.get())
        .stream()
        .map(
            other ->
                Fix.replacing(
                    "take `" + other + "`: the same of probabilities as this of logits",
                    loss,
                    other))
        .toList();
  }

  /** The name of what is called: {@code softmax} of {@code softmax(z)}. */
  private static String name(Span call) {
    var text = call.text();
    return text.indexOf('(') < 0 ? text : text.substring(0, text.indexOf('(')).strip();
  }

  /** {@code x |> Dense(3) |> softmax} becomes {@code x |> Dense(3)}, {@code softmax(z)} z. */
  private Optional<Fix> leftOut(Span made) {
    var text = "leave out `" + name(made) + "`";
    for (var e : around(made)) {
      if (e instanceof Ast.Pipe pipe) {
        int from = pipe.input().span().end();
        for (var stage : pipe.stages()) {
          if (stage.function().span().equals(made)) {
            return Optional.of(Fix.replacing(text, made.file().span(from, stage.span().end()), ""));
          }
          from = stage.span().end();
        }
      }
      if (e instanceof Ast.Call call && e.span().equals(made) && call.arguments().size() == 1) {
        var argument = call.arguments().getFirst().value().span().text();
        return Optional.of(Fix.replacing(text, made, argument));
      }
    }
    return Optional.empty();
  }
}
