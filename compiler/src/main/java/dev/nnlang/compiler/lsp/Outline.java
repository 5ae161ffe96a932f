package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.picture.Shapes;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.AstWalk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.lsp4j.DocumentSymbol;
import org.eclipse.lsp4j.FoldingRange;
import org.eclipse.lsp4j.FoldingRangeKind;
import org.eclipse.lsp4j.SelectionRange;
import org.eclipse.lsp4j.SymbolKind;

/** The parts of a file: symbols, what folds, and what grows when a selection is widened. */
final class Outline {
  private final Analysis analysis;

  private Outline(Analysis analysis) {
    this.analysis = analysis;
  }

  // Symbols.

  static List<DocumentSymbol> symbols(Analysis analysis) {
    var outline = new Outline(analysis);
    return analysis.tree().declarations().stream()
        .flatMap(d -> outline.declaration(d).stream())
        .toList();
  }

  private Optional<DocumentSymbol> declaration(Ast.Declaration declaration) {
    return switch (declaration) {
      case Ast.Function f -> {
        var kind =
            switch (f.kind()) {
              case LAYER, MODEL -> SymbolKind.Class;
              case OPTIMIZER -> SymbolKind.Object;
              case FN, ACTIVATION, LOSS, METRIC, INIT, SCHEDULE -> SymbolKind.Function;
            };
        var children = new ArrayList<DocumentSymbol>();
        if (f.body() instanceof Ast.Block block) {
          statements(block, children);
        }
        yield symbol(f.name(), f.kind().word(), kind, f.span(), children);
      }
      case Ast.Data d -> {
        var children = new ArrayList<DocumentSymbol>();
        statements(d.body(), children);
        yield symbol(d.name(), "data", SymbolKind.Module, d.span(), children);
      }
      case Ast.Train t -> {
        var children = new ArrayList<DocumentSymbol>();
        t.settings()
            .forEach(
                s ->
                    symbol(s.name(), "setting", SymbolKind.Property, s.span(), List.of())
                        .ifPresent(children::add));
        yield symbol(t.name(), "train", SymbolKind.Event, t.span(), children);
      }
      case Ast.DimDef d -> symbol(d.name(), "dim", SymbolKind.Constant, d.span(), List.of());
      case Ast.EnumDim d -> {
        var children = new ArrayList<DocumentSymbol>();
        d.members()
            .forEach(
                m ->
                    symbol(m.name(), "member", SymbolKind.EnumMember, m.span(), List.of())
                        .ifPresent(children::add));
        yield symbol(d.name(), "dim", SymbolKind.Enum, d.span(), children);
      }
      case Ast.ConstDef d -> symbol(d.name(), "const", SymbolKind.Constant, d.span(), List.of());
      case Ast.Use _, Ast.Missing _ -> Optional.empty();
    };
  }

  private void statements(Ast.Block block, List<DocumentSymbol> into) {
    for (var s : block.statements()) {
      switch (s) {
        case Ast.Param p -> add(p.name(), "param", SymbolKind.Field, p.span(), into);
        case Ast.State p -> add(p.name(), "state", SymbolKind.Field, p.span(), into);
        case Ast.Source p -> add(p.name(), "source", SymbolKind.Field, p.span(), into);
        case Ast.DimDef d -> add(d.name(), "dim", SymbolKind.Constant, d.span(), into);
        case Ast.ConstDef d -> add(d.name(), "const", SymbolKind.Constant, d.span(), into);
        case Ast.Equation e ->
            add(e.left().name(), shape(e.left().name()), SymbolKind.Variable, e.span(), into);
        case Ast.Destructuring d ->
            d.targets()
                .forEach(
                    t ->
                        t.name()
                            .ifPresent(n -> add(n, shape(n), SymbolKind.Variable, d.span(), into)));
        case Ast.If choice -> {
          statements(choice.then(), into);
          choice.otherwise().ifPresent(b -> statements(b, into));
        }
        case Ast.Sample sample -> {
          var children = new ArrayList<DocumentSymbol>();
          statements(sample.body(), children);
          var name = new Ast.Name("sample", sample.index().span());
          symbol(name, "", SymbolKind.Function, sample.span(), children).ifPresent(into::add);
        }
        case Ast.Fit fit -> statements(fit.body(), into);
        case Ast.Setting p -> add(p.name(), "setting", SymbolKind.Property, p.span(), into);
        case Ast.EnumDim _, Ast.Missing _ -> {}
      }
    }
  }

  private String shape(Ast.Name name) {
    return analysis
        .names()
        .at(name.span().start())
        .flatMap(o -> analysis.typeNow(o.meaning()))
        .map(Shapes::text)
        .orElse("");
  }

  private void add(
      Ast.Name name, String detail, SymbolKind kind, Span span, List<DocumentSymbol> into) {
    symbol(name, detail, kind, span, List.of()).ifPresent(into::add);
  }

  private Optional<DocumentSymbol> symbol(
      Ast.Name name, String detail, SymbolKind kind, Span span, List<DocumentSymbol> children) {
    if (name.isMissing()) {
      return Optional.empty();
    }
    // The protocol wants the name inside of the whole.
    var whole =
        span.start() <= name.span().start() && name.span().end() <= span.end()
            ? span
            : span.to(name.span());
    var places = analysis.positions();
    var symbol =
        new DocumentSymbol(
            name.text(), kind, places.range(whole), places.range(name.span()), detail);
    symbol.setChildren(children);
    return Optional.of(symbol);
  }

  // Folding.

  static List<FoldingRange> folds(Analysis analysis) {
    var folds = new ArrayList<FoldingRange>();
    for (var declaration : analysis.tree().declarations()) {
      fold(declaration.span(), analysis, folds);
      switch (declaration) {
        case Ast.Function f -> inner(f.body(), analysis, folds);
        case Ast.Data d -> inner(d.body(), analysis, folds);
        default -> {}
      }
    }
    comments(analysis, folds);
    return folds;
  }

  private static void inner(Ast.Body body, Analysis analysis, List<FoldingRange> folds) {
    if (!(body instanceof Ast.Block block)) {
      return;
    }
    for (var s : block.statements()) {
      switch (s) {
        case Ast.If choice -> {
          fold(choice.then().span(), analysis, folds);
          inner(choice.then(), analysis, folds);
          choice.otherwise().ifPresent(b -> fold(b.span(), analysis, folds));
          choice.otherwise().ifPresent(b -> inner(b, analysis, folds));
        }
        case Ast.Sample sample -> fold(sample.body().span(), analysis, folds);
        case Ast.Fit fit -> fold(fit.body().span(), analysis, folds);
        default -> {}
      }
    }
  }

  private static void fold(Span span, Analysis analysis, List<FoldingRange> folds) {
    int first = analysis.positions().line(span.start());
    int last = analysis.positions().line(span.end());
    if (last > first) {
      folds.add(new FoldingRange(first, last));
    }
  }

  private static void comments(Analysis analysis, List<FoldingRange> folds) {
    var places = analysis.positions();
    var text = analysis.document().text();
    int first = -1;
    for (int line = 0; line <= places.lineCount(); line++) {
      boolean isComment =
          line < places.lineCount()
              && text.substring(places.lineStart(line), places.lineEnd(line))
                  .stripLeading()
                  .startsWith("//");
      if (isComment && first < 0) {
        first = line;
      } else if (!isComment && first >= 0) {
        if (line - 1 > first) {
          var fold = new FoldingRange(first, line - 1);
          fold.setKind(FoldingRangeKind.Comment);
          folds.add(fold);
        }
        first = -1;
      }
    }
  }

  // Selections.

  /** The ever larger parts around an offset. */
  static SelectionRange around(Analysis analysis, int offset) {
    var spans = new ArrayList<Span>();
    spans.add(analysis.tree().span());
    for (var declaration : analysis.tree().declarations()) {
      contain(declaration.span(), offset, spans);
      if (declaration instanceof Ast.Function f) {
        statementAround(f.body(), offset, spans);
      } else if (declaration instanceof Ast.Data d) {
        statementAround(d.body(), offset, spans);
      }
      if (declaration.span().start() <= offset && offset <= declaration.span().end()) {
        new AstWalk(e -> contain(e.span(), offset, spans)).declaration(declaration);
      }
    }
    SelectionRange range = null;
    Span last = null;
    for (var span : spans) {
      boolean isInside = last == null || last.start() <= span.start() && span.end() <= last.end();
      if (isInside && (last == null || !last.equals(span))) {
        range = new SelectionRange(analysis.positions().range(span), range);
        last = span;
      }
    }
    return range;
  }

  private static void statementAround(Ast.Body body, int offset, List<Span> spans) {
    if (body instanceof Ast.Block block && contain(block.span(), offset, spans)) {
      for (var s : block.statements()) {
        if (contain(s.span(), offset, spans) && s instanceof Ast.If choice) {
          statementAround(choice.then(), offset, spans);
          choice.otherwise().ifPresent(b -> statementAround(b, offset, spans));
        }
      }
    }
  }

  private static boolean contain(Span span, int offset, List<Span> spans) {
    boolean is = span.start() <= offset && offset <= span.end();
    if (is) {
      spans.add(span);
    }
    return is;
  }
}
