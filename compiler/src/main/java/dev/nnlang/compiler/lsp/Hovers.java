package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.Inspection;
import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.picture.Costs;
import dev.nnlang.compiler.picture.Shapes;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.TypedWalk;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.DocText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.MarkupContent;
import org.eclipse.lsp4j.MarkupKind;

/**
 * What stands under the cursor: its kind, its signature with the dimensions that this use solves,
 * what its line costs, its documentation, and the derivative of the equation around it.
 */
final class Hovers {
  /** A derivative longer than this is for {@code nn diff}. */
  private static final int LINES = 14;

  /** A chain of more layers than this is a network, and its derivative no equation to read. */
  private static final int CALLS = 4;

  private Hovers() {}

  static Optional<Hover> at(Analysis analysis, int offset) {
    var name = analysis.nameAt(offset);
    var equation = equation(analysis, offset);
    var parts = new ArrayList<String>();
    name.ifPresent(o -> parts.addAll(name(o, analysis)));
    if (name.isEmpty()) {
      builtIn(analysis, offset).ifPresent(parts::add);
    }
    var called = name.flatMap(o -> called(o, analysis));
    if (called.isPresent()) {
      derivative(() -> Inspection.derivative(called.get())).ifPresent(parts::add);
    } else {
      equation.ifPresent(e -> parts.addAll(equation(e)));
    }
    // Last, since it may be long.
    name.flatMap(o -> o.meaning().doc())
        .ifPresent(doc -> parts.add(DocText.of(doc.text()).markdown()));
    if (parts.isEmpty()) {
      return Optional.empty();
    }
    var span = name.map(Names.Occurrence::at).or(() -> equation.map(Typed.Statement::span));
    var hover = new Hover(new MarkupContent(MarkupKind.MARKDOWN, String.join("\n\n", parts)));
    span.ifPresent(s -> hover.setRange(analysis.positions().range(s)));
    return Optional.of(hover);
  }

  private static String code(String text) {
    return "```nn\n" + text + "\n```";
  }

  // Names.

  private static List<String> name(Names.Occurrence o, Analysis analysis) {
    var meaning = o.meaning();
    var parts = new ArrayList<String>();
    switch (meaning.node()) {
      case Ast.Function f when meaning.sort() == Meaning.Sort.FUNCTION -> {
        parts.add(code(Heads.written(f)));
        var call = o.declares() ? Optional.<Typed.Call>empty() : call(o, analysis);
        call.ifPresent(c -> parts.add(use(c)));
        if (o.declares()) {
          analysis.costs(f).flatMap(Costs::text).ifPresent(parts::add);
        } else {
          call.flatMap(c -> Costs.of(c).text()).ifPresent(parts::add);
        }
      }
      case Ast.Function f when meaning.sort() == Meaning.Sort.DIM ->
          parts.add(
              code("dim " + meaning.name()) + "\n\ninferred at each use of " + f.name().text());
      case Ast.DimDef d -> parts.add(code(Heads.plain(d.span().text())));
      case Ast.EnumDim d -> {
        parts.add(code(Heads.plain(d.span().text())));
        if (meaning.sort() == Meaning.Sort.MEMBER) {
          int at = d.members().stream().map(m -> m.name().text()).toList().indexOf(meaning.name());
          parts.add("member " + at + " of " + d.members().size());
        } else {
          parts.add(d.members().size() + " members");
        }
      }
      case Ast.ConstDef d -> parts.add(code(Heads.plain(d.span().text())));
      case Ast.Config c -> parts.add(code("config " + Heads.plain(c.span().text())));
      case Ast.Data d -> parts.add(code("data " + d.name().text()));
      case Ast.Train t ->
          parts.add(
              code(
                  "train "
                      + t.name().text()
                      + " : "
                      + t.model().span().text()
                      + " on "
                      + t.data().span().text()));
      case Ast.Use u -> parts.add(code(Heads.plain(u.span().text())));
      default -> parts.add(code(thing(meaning, analysis)));
    }
    if (meaning.sort() == Meaning.Sort.INSTANCE) {
      var call = call(o, analysis);
      call.ifPresent(c -> parts.add(use(c)));
      call.flatMap(c -> Costs.of(c).text()).ifPresent(parts::add);
    }
    if (meaning.sort().isTensor()) {
      analysis
          .type(meaning)
          .map(t -> Shapes.sizes(t.shape()))
          .filter(s -> !s.isEmpty())
          .ifPresent(parts::add);
    }
    return parts;
  }

  /** {@code local h[256]}, {@code index o: Units}. */
  private static String thing(Meaning meaning, Analysis analysis) {
    var type = meaning.sort().isTensor() ? analysis.type(meaning) : Optional.<Typed.Type>empty();
    return meaning.word() + " " + meaning.name() + type.map(Shapes::text).orElse("");
  }

  private static String use(Typed.Call call) {
    var body = call.instance().body();
    var text = "here `" + Heads.solved(body) + "`";
    if (call.instance().repeated()) {
      text += ", " + call.instance().copies() + " copies in a chain";
    }
    return Heads.isMappedVisibly(call) ? text + ", mapped over `" + Heads.mapped(call) + "`" : text;
  }

  /** The call that a name begins, or the smallest one around it of the same declaration. */
  private static Optional<Typed.Call> call(Names.Occurrence o, Analysis analysis) {
    int start = o.at().start();
    var around =
        analysis.findings().callsAround(o.at()).stream()
            .sorted(Comparator.comparingInt(Hovers::length))
            .toList();
    return around.stream()
        .filter(c -> c.span().start() == start)
        .findFirst()
        .or(
            () ->
                around.stream()
                    .filter(c -> c.instance().body().name().equals(o.meaning().name()))
                    .findFirst());
  }

  private static int length(Typed t) {
    return t.span().end() - t.span().start();
  }

  private static Optional<String> builtIn(Analysis analysis, int offset) {
    return Words.at(analysis.document().file(), offset)
        .map(Span::text)
        .flatMap(w -> BuiltIns.of(w).map(b -> code(b.signature()) + "\n\n" + b.text()));
  }

  // Equations.

  private static Optional<Typed.Statement> equation(Analysis analysis, int offset) {
    var place = analysis.document().file().span(offset, offset);
    return analysis.findings().statementsAround(place).stream()
        .min(Comparator.comparingInt(Hovers::length));
  }

  /** The body whose derivative a name asks for: that of the use, or of the declaration itself. */
  private static Optional<Typed.Body> called(Names.Occurrence o, Analysis analysis) {
    if (o.meaning().sort() == Meaning.Sort.FUNCTION && o.declares()) {
      return o.meaning().function().flatMap(analysis.findings()::body);
    }
    boolean isCallee =
        o.meaning().sort() == Meaning.Sort.FUNCTION || o.meaning().sort() == Meaning.Sort.INSTANCE;
    return isCallee ? call(o, analysis).map(c -> c.instance().body()) : Optional.empty();
  }

  private static List<String> equation(Typed.Statement statement) {
    var parts = new ArrayList<String>();
    Costs.of(statement).text().ifPresent(text -> parts.add("this equation: " + text));
    if (calls(statement) > CALLS) {
      parts.add("derivative: each stage has its own; `nn diff` prints that of the whole");
    } else {
      derivative(() -> Inspection.derivative(statement)).ifPresent(parts::add);
    }
    return parts;
  }

  private static long calls(Typed.Statement statement) {
    return switch (statement) {
      case Typed.Define d -> TypedWalk.calls(d.value()).size();
      case Typed.DefineAll d ->
          1 + d.call().arguments().stream().mapToInt(a -> TypedWalk.calls(a).size()).sum();
    };
  }

  /** As an equation to read. A bug of the derivative must not take the rest of the hover along. */
  private static Optional<String> derivative(Supplier<Optional<String>> work) {
    Optional<String> text;
    try {
      text = work.get();
    } catch (CompilerBug unknown) {
      return Optional.empty();
    }
    return text.map(
        t -> {
          var lines = t.lines().toList();
          boolean isLong = lines.size() > LINES;
          var shown = String.join("\n", isLong ? lines.subList(0, LINES) : lines);
          var rest = isLong ? "\n// and " + (lines.size() - LINES) + " more lines" : "";
          return "derivative:\n\n" + code(shown + rest);
        });
  }
}
