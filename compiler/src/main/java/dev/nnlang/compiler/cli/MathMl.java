package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.Parser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Equations of the language as MathML, which browsers typeset by themselves: {@code y[o] = sum[i](
 * x[i] * w[i, o])} as a paper writes it.
 */
final class MathMl {
  /** How tightly operators bind, the loosest first; what binds looser inside gets parentheses. */
  private static final List<List<Ast.BinaryOp>> LEVELS =
      List.of(
          List.of(Ast.BinaryOp.OR),
          List.of(Ast.BinaryOp.AND),
          List.of(
              Ast.BinaryOp.EQ,
              Ast.BinaryOp.NE,
              Ast.BinaryOp.LT,
              Ast.BinaryOp.LE,
              Ast.BinaryOp.GT,
              Ast.BinaryOp.GE),
          List.of(Ast.BinaryOp.ADD, Ast.BinaryOp.SUB),
          List.of(Ast.BinaryOp.MUL, Ast.BinaryOp.DIV, Ast.BinaryOp.MOD),
          List.of(Ast.BinaryOp.POW));

  private static final Map<String, String> GREEK =
      Map.ofEntries(
          Map.entry("alpha", "α"),
          Map.entry("beta", "β"),
          Map.entry("gamma", "γ"),
          Map.entry("delta", "δ"),
          Map.entry("epsilon", "ε"),
          Map.entry("eps", "ε"),
          Map.entry("eta", "η"),
          Map.entry("theta", "θ"),
          Map.entry("lambda", "λ"),
          Map.entry("mu", "μ"),
          Map.entry("rho", "ρ"),
          Map.entry("sigma", "σ"),
          Map.entry("tau", "τ"),
          Map.entry("inf", "∞"),
          Map.entry("pi", "π"));

  private static final Map<String, String> BIG = Map.of("sum", "∑", "prod", "∏");

  private static final List<String> TALL = List.of("<mfrac", "<munder>", "<mtable");

  private MathMl() {}

  /** One line for each equation of a body, in the order written; empty where there is none. */
  static List<String> of(Ast.Function function) {
    return switch (function.body()) {
      case Ast.Single single -> {
        var name =
            function.outputs().isEmpty() ? function.name() : function.outputs().getFirst().name();
        yield List.of(
            display(head(function, name) + relation(single.relation()) + expr(single.value())));
      }
      case Ast.Block block -> lines(block.statements());
    };
  }

  /**
   * A formula in running text, {@code y = x^2} or an expression; empty for what is only a name, a
   * shape or a setting, or none of the language.
   */
  static Optional<String> formula(String text) {
    var sides = text.split(" = ", 2);
    var values = Arrays.stream(sides).map(MathMl::parsed).flatMap(Optional::stream).toList();
    if (values.size() < sides.length
        || !isFormula(values.getLast()) && (sides.length == 1 || isSetting(values.getLast()))) {
      return Optional.empty();
    }
    var inside = values.stream().map(MathMl::expr).collect(Collectors.joining(op("=")));
    return Optional.of("<math><mrow>" + inside + "</mrow></math>");
  }

  private static Optional<Ast.Expr> parsed(String text) {
    var parsed = Parser.parse(new SourceFile("formula.nn", "fn formula = " + text + "\n"));
    return parsed.problems().isEmpty()
            && parsed.value().declarations().size() == 1
            && parsed.value().declarations().getFirst() instanceof Ast.Function f
            && f.body() instanceof Ast.Single single
        ? Optional.of(single.value())
        : Optional.empty();
  }

  private static boolean isFormula(Ast.Expr e) {
    return switch (e) {
      case Ast.Binary _, Ast.Unary _, Ast.Reduction _, Ast.Conditional _ -> true;
      case Ast.Call call -> call.arguments().stream().anyMatch(a -> isFormula(a.value()));
      default -> false;
    };
  }

  private static boolean isSetting(Ast.Expr e) {
    return switch (e) {
      case Ast.BoolLiteral _, Ast.Text _, Ast.ListOf _ -> true;
      default -> false;
    };
  }

  private static String head(Ast.Function function, Ast.Name name) {
    var inputs = function.inputs().stream().map(p -> word(p.name().text())).toList();
    return inputs.isEmpty()
        ? word(name.text())
        : word(function.name().text()) + bracketed("(", String.join(op(","), inputs), ")");
  }

  private static List<String> lines(List<Ast.Statement> statements) {
    return statements.stream().flatMap(s -> lines(s).stream()).toList();
  }

  private static List<String> lines(Ast.Statement statement) {
    return switch (statement) {
      case Ast.Equation e ->
          List.of(display(left(e.left()) + relation(e.relation()) + expr(e.right())));
      case Ast.Destructuring d ->
          List.of(
              display(
                  d.targets().stream()
                          .map(t -> t.name().map(n -> word(n.text())).orElse(text("_")))
                          .collect(Collectors.joining(op(",")))
                      + op("=")
                      + expr(d.right())));
      case Ast.If i -> {
        var lines = new ArrayList<String>();
        lines.add(display(text("if ") + expr(i.condition()) + text(":")));
        lines.add(branch(i.then()));
        if (i.otherwise().isPresent()) {
          lines.add(display(text("otherwise:")));
          lines.add(branch(i.otherwise().get()));
        }
        yield lines;
      }
      case Ast.Param p -> owned(p.name(), p.dims(), p.relation(), p.value(), "param ");
      case Ast.State s -> owned(s.name(), s.dims(), s.relation(), s.value(), "state ");
      case Ast.DimDef d ->
          List.of(display(word(d.name().text()) + op("=") + whole(expr(d.value()))));
      case Ast.ConstDef c -> List.of(display(word(c.name().text()) + op("=") + expr(c.value())));
      case Ast.EnumDim _, Ast.Source _, Ast.Sample _, Ast.Fit _, Ast.Setting _, Ast.Missing _ ->
          List.of();
    };
  }

  private static String branch(Ast.Block block) {
    var lines = String.join("\n", lines(block.statements()));
    return "<div class=\"branch\">" + lines + "</div>";
  }

  private static List<String> owned(
      Ast.Name name,
      Optional<List<Ast.DimItem>> dims,
      Ast.Relation relation,
      Ast.Expr value,
      String kind) {
    var subscripts = dims.orElse(List.of()).stream().map(d -> text(d.span().text())).toList();
    var subject = subscripts.isEmpty() ? word(name.text()) : sub(word(name.text()), subscripts);
    return List.of(display(text(kind) + subject + relation(relation) + expr(value)));
  }

  private static String display(String inside) {
    return "<math display=\"block\"><mrow>" + inside + "</mrow></math>";
  }

  private static String relation(Ast.Relation relation) {
    return switch (relation) {
      case EQUALS -> op("=");
      case DRAWN -> op("∼");
    };
  }

  private static String left(Ast.Left left) {
    var name = primed(word(left.name().text()), left.primed());
    var items =
        left.items().orElse(List.of()).stream()
            .map(
                item ->
                    switch (item) {
                      case Ast.LeftIndex i -> word(i.index().text());
                      case Ast.LeftWhole _ -> op(":");
                      case Ast.LeftRun r -> word(r.name().text());
                      case Ast.Missing _ -> "";
                    })
            .toList();
    return items.isEmpty() ? name : sub(name, items);
  }

  private static String primed(String name, boolean primed) {
    return primed ? "<msup>" + row(name) + op("′") + "</msup>" : name;
  }

  static String expr(Ast.Expr e) {
    return switch (e) {
      case Ast.IntLiteral i -> number(i.spelling());
      case Ast.RealLiteral r -> number(r.spelling());
      case Ast.BoolLiteral b -> text(Boolean.toString(b.value()));
      case Ast.Text t -> text("“" + t.value() + "”");
      case Ast.Ref r -> primed(word(r.name().text()), r.primed());
      case Ast.Member m -> expr(m.object()) + op(".") + word(m.member().text());
      case Ast.Call call -> call(call);
      case Ast.Reduction r -> reduction(r);
      case Ast.Access a ->
          sub(
              expr(a.target()),
              a.subscripts().stream()
                  .map(
                      s ->
                          switch (s) {
                            case Ast.At at -> whole(expr(at.value()));
                            case Ast.Whole _ -> op(":");
                            case Ast.Run run -> word(run.name().text());
                            case Ast.Missing _ -> "";
                          })
                  .toList());
      case Ast.Fallback f ->
          bracketed("(", expr(f.read()) + text(" or outside ") + expr(f.outside()), ")");
      case Ast.Unary u ->
          (u.op() == Ast.UnaryOp.NEGATE ? op("−") : text("not "))
              + (u.operand() instanceof Ast.Binary b && level(b.op()) <= level(Ast.BinaryOp.ADD)
                  ? bracketed("(", expr(u.operand()), ")")
                  : expr(u.operand()));
      case Ast.Binary b -> binary(b);
      case Ast.Conditional c -> cases(c);
      case Ast.Pipe p ->
          expr(p.input())
              + p.stages().stream()
                  .map(s -> op("→") + expr(s.function()))
                  .collect(Collectors.joining());
      case Ast.Named n -> expr(n.value());
      case Ast.ListOf l ->
          bracketed(
              "[", l.items().stream().map(MathMl::expr).collect(Collectors.joining(op(","))), "]");
      case Ast.Range r -> expr(r.from()) + op("..") + expr(r.to());
      case Ast.Missing _ -> "";
    };
  }

  /**
   * Where integers stand, division rounds down; the blank keeps what is done from being done again.
   */
  private static String whole(String math) {
    return math.replace("<mfrac>", "<mrow><mo>⌊</mo><mfrac >")
        .replace("</mfrac>", "</mfrac ><mo>⌋</mo></mrow>");
  }

  private static String call(Ast.Call call) {
    var arguments =
        call.arguments().stream()
            .map(a -> a.name().map(n -> word(n.text()) + op("=")).orElse("") + expr(a.value()))
            .collect(Collectors.joining(op(",")));
    var name = call.callee() instanceof Ast.Ref r ? r.name().text() : "";
    return switch (call.arguments().size() == 1 ? name : "") {
      case "sqrt" -> "<msqrt>" + arguments + "</msqrt>";
      case "abs" -> bracketed("|", arguments, "|");
      case "floor" -> bracketed("⌊", arguments, "⌋");
      case "ceil" -> bracketed("⌈", arguments, "⌉");
      case "exp" -> "<msup><mi>e</mi>" + row(arguments) + "</msup>";
      default -> expr(call.callee()) + op("&#x2061;") + bracketed("(", arguments, ")");
    };
  }

  private static String reduction(Ast.Reduction r) {
    var name = r.function().text();
    var binders =
        r.binders().stream()
            .map(
                b ->
                    switch (b) {
                      case Ast.IndexBinder i ->
                          word(i.index().text())
                              + i.range().map(range -> op(":") + expr(range)).orElse("");
                      case Ast.RunBinder run -> word(run.name().text());
                      case Ast.Missing _ -> "";
                    })
            .collect(Collectors.joining(op(",")));
    var under = row(binders + r.guard().map(g -> op("|") + expr(g)).orElse(""));
    var sign =
        BIG.containsKey(name)
            ? "<mo largeop=\"true\">" + BIG.get(name) + "</mo>"
            : "<mo>" + escaped(name) + "</mo>";
    boolean loose =
        r.body() instanceof Ast.Conditional
            || r.body() instanceof Ast.Binary b && level(b.op()) <= level(Ast.BinaryOp.ADD);
    return "<munder>"
        + sign
        + under
        + "</munder>"
        + (loose || !BIG.containsKey(name) ? bracketed("(", expr(r.body()), ")") : expr(r.body()));
  }

  private static String binary(Ast.Binary b) {
    return switch (b.op()) {
      case DIV -> "<mfrac>" + row(expr(b.left())) + row(expr(b.right())) + "</mfrac>";
      case POW ->
          "<msup>" + row(operand(b.left(), b.op(), true)) + row(expr(b.right())) + "</msup>";
      default ->
          operand(b.left(), b.op(), false)
              + op(sign(b.op()))
              + operand(b.right(), b.op(), b.op() == Ast.BinaryOp.SUB);
    };
  }

  private static String operand(Ast.Expr e, Ast.BinaryOp around, boolean strict) {
    boolean looser =
        switch (e) {
          case Ast.Binary b when b.op() == Ast.BinaryOp.DIV -> around == Ast.BinaryOp.POW;
          case Ast.Binary b ->
              level(b.op()) < level(around) || strict && level(b.op()) == level(around);
          case Ast.Unary _ -> around == Ast.BinaryOp.POW;
          case Ast.Conditional _, Ast.Pipe _ -> true;
          default -> false;
        };
    return looser ? bracketed("(", expr(e), ")") : expr(e);
  }

  private static int level(Ast.BinaryOp op) {
    for (int i = 0; i < LEVELS.size(); i++) {
      if (LEVELS.get(i).contains(op)) {
        return i;
      }
    }
    throw new IllegalStateException("no level for " + op);
  }

  private static String sign(Ast.BinaryOp op) {
    return switch (op) {
      case MUL -> "·";
      case SUB -> "−";
      case EQ -> "=";
      case NE -> "≠";
      case LE -> "≤";
      case GE -> "≥";
      case MOD -> "mod";
      case AND -> "∧";
      case OR -> "∨";
      case ADD, DIV, POW, LT, GT -> op.symbol();
    };
  }

  /** {@code if a then b else if c then d else e}: a brace with a line for each. */
  private static String cases(Ast.Conditional c) {
    var rows = new StringBuilder();
    Ast.Expr rest = c;
    while (rest instanceof Ast.Conditional at) {
      rows.append(line(expr(at.then()), text("if ") + expr(at.condition())));
      rest = at.otherwise();
    }
    rows.append(line(expr(rest), text("otherwise")));
    return "<mrow><mo stretchy=\"true\">{</mo><mtable columnalign=\"left\">"
        + rows
        + "</mtable></mrow>";
  }

  private static String line(String value, String when) {
    return "<mtr><mtd>" + row(value) + "</mtd><mtd>" + row(when) + "</mtd></mtr>";
  }

  private static String sub(String base, List<String> items) {
    return "<msub>" + row(base) + row(String.join(op(","), items)) + "</msub>";
  }

  /** Brackets grow with what is taller than a line, and with nothing else. */
  private static String bracketed(String open, String inside, String close) {
    boolean isTall = TALL.stream().anyMatch(inside::contains);
    var start = isTall ? "<mo>" : "<mo stretchy=\"false\">";
    return row(start + open + "</mo>" + inside + start + close + "</mo>");
  }

  private static String row(String inside) {
    return "<mrow>" + inside + "</mrow>";
  }

  private static String number(String spelling) {
    return "<mn>" + escaped(spelling) + "</mn>";
  }

  private static String text(String text) {
    // Plain blanks at the ends would be lost.
    return "<mtext>" + escaped(text).replace(' ', '\u00a0') + "</mtext>";
  }

  private static String op(String sign) {
    return "<mo>" + (sign.startsWith("&") ? sign : escaped(sign)) + "</mo>";
  }

  /** A name, Greek where it spells a letter. */
  private static String word(String name) {
    var greek = GREEK.get(name);
    if (greek != null) {
      return "<mi>" + greek + "</mi>";
    }
    return "<mi>" + escaped(name) + "</mi>";
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
