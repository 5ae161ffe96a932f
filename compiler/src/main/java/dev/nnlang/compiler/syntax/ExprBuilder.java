package dev.nnlang.compiler.syntax;

import dev.nnlang.compiler.source.Span;
import dev.nnlang.grammar.NnParser;
import dev.nnlang.grammar.NnParser.*;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;

/**
 * Expressions. The left operands of {@code a + b + c ...} nest as deep as the text is long, so they
 * are walked by a loop; everything else nests by brackets, whose depth is bounded.
 */
final class ExprBuilder {
  private static final BigInteger MAX_INT = BigInteger.valueOf(Long.MAX_VALUE);

  private final Places places;

  ExprBuilder(Places places) {
    this.places = places;
  }

  /** The value of a context, or a hole where it is broken or absent. */
  Ast.Expr expr(ExprContext context, ParserRuleContext within) {
    if (context == null) {
      return new Ast.Missing(places.endOf(within));
    }
    if (context.exception != null) {
      return new Ast.Missing(places.span(context));
    }
    return expr(context);
  }

  Ast.Expr expr(ExprContext context) {
    Deque<ExprContext> spine = new ArrayDeque<>();
    ExprContext at = context;
    for (ExprContext left = left(at); left != null; left = left(at)) {
      spine.push(at);
      at = left;
    }
    Ast.Expr value = leaf(at);
    while (!spine.isEmpty()) {
      ExprContext around = spine.pop();
      if (around instanceof AccessExprContext brackets
          && spine.peek() instanceof CallExprContext call
          && isPlainName(brackets.expr(0))) {
        spine.pop();
        value = reduction(((Ast.Ref) value).name(), brackets, call);
      } else if (around instanceof PipeExprContext || around instanceof AsExprContext) {
        value = pipes(around, spine, value);
      } else {
        value = around(around, value);
      }
    }
    return value;
  }

  /** The operand that the parser found before it knew the operator; null at a leaf or a prefix. */
  private static ExprContext left(ExprContext context) {
    return switch (context) {
      case MemberExprContext c -> c.expr();
      case CallExprContext c -> c.expr();
      case AccessExprContext c -> c.expr(0);
      case FallbackExprContext c -> c.expr(0);
      case PowerExprContext c -> c.expr(0);
      case MultiplyExprContext c -> c.expr(0);
      case AddExprContext c -> c.expr(0);
      case RangeExprContext c -> c.expr(0);
      case CompareExprContext c -> c.expr(0);
      case AndExprContext c -> c.expr(0);
      case OrExprContext c -> c.expr(0);
      case PipeExprContext c -> c.expr(0);
      case AsExprContext c -> c.expr();
      default -> null;
    };
  }

  private Ast.Expr leaf(ExprContext context) {
    Span span = places.span(context);
    return switch (context) {
      case NegateExprContext c -> new Ast.Unary(Ast.UnaryOp.NEGATE, expr(c.expr()), span);
      case NotExprContext c -> new Ast.Unary(Ast.UnaryOp.NOT, expr(c.expr()), span);
      case ConditionalExprContext c ->
          new Ast.Conditional(expr(c.expr(0)), expr(c.expr(1)), expr(c.expr(2)), span);
      case PrimaryExprContext c -> primary(c.primary());
      default -> new Ast.Missing(span);
    };
  }

  private Ast.Expr around(ExprContext context, Ast.Expr left) {
    Span span = places.span(context);
    return switch (context) {
      case MemberExprContext c -> new Ast.Member(left, places.name(c.name(), c), span);
      case CallExprContext c -> new Ast.Call(left, arguments(c.argument()), span);
      case AccessExprContext c -> access(c, left, span);
      case FallbackExprContext c -> fallback(c, left, span);
      case PowerExprContext c -> new Ast.Binary(Ast.BinaryOp.POW, left, expr(c.expr(1)), span);
      case MultiplyExprContext c -> new Ast.Binary(op(c.op), left, expr(c.expr(1)), span);
      case AddExprContext c -> new Ast.Binary(op(c.op), left, expr(c.expr(1)), span);
      case RangeExprContext c -> range(c, left, span);
      case CompareExprContext c -> compare(c, left, span);
      case AndExprContext c -> new Ast.Binary(Ast.BinaryOp.AND, left, expr(c.expr(1)), span);
      case OrExprContext c -> new Ast.Binary(Ast.BinaryOp.OR, left, expr(c.expr(1)), span);
      default -> new Ast.Missing(span);
    };
  }

  private static Ast.BinaryOp op(Token token) {
    return switch (token.getType()) {
      case NnParser.STAR -> Ast.BinaryOp.MUL;
      case NnParser.SLASH -> Ast.BinaryOp.DIV;
      case NnParser.PERCENT -> Ast.BinaryOp.MOD;
      case NnParser.PLUS -> Ast.BinaryOp.ADD;
      case NnParser.MINUS -> Ast.BinaryOp.SUB;
      case NnParser.EQ -> Ast.BinaryOp.EQ;
      case NnParser.NE -> Ast.BinaryOp.NE;
      case NnParser.LT -> Ast.BinaryOp.LT;
      case NnParser.LE -> Ast.BinaryOp.LE;
      case NnParser.GT -> Ast.BinaryOp.GT;
      case NnParser.GE -> Ast.BinaryOp.GE;
      default -> throw new dev.nnlang.compiler.diagnostic.CompilerBug("no operator: " + token);
    };
  }

  private static boolean isParenthesised(ExprContext context) {
    return context instanceof PrimaryExprContext c && c.primary().LPAREN() != null;
  }

  private static boolean isPlainName(ExprContext context) {
    return context instanceof PrimaryExprContext c && c.primary().name() != null;
  }

  // ---------------------------------------------------------------------------------------------
  // Leaves

  private Ast.Expr primary(PrimaryContext context) {
    Span span = places.span(context);
    if (context.name() != null) {
      return new Ast.Ref(places.name(context.name(), context), false, span);
    }
    return switch (context.start.getType()) {
      case NnParser.INT -> integer(span);
      case NnParser.REAL -> real(span);
      case NnParser.STRING -> places.string(context.STRING());
      case NnParser.TRUE -> new Ast.BoolLiteral(true, span);
      case NnParser.FALSE -> new Ast.BoolLiteral(false, span);
      case NnParser.PRIMED -> new Ast.Ref(places.primed(context.PRIMED()), true, span);
      case NnParser.LPAREN -> expr(context.expr(0));
      default -> new Ast.ListOf(context.expr().stream().map(this::expr).toList(), span);
    };
  }

  private Ast.Expr integer(Span span) {
    BigInteger value = new BigInteger(span.text().replace("_", ""));
    if (value.compareTo(MAX_INT) > 0) {
      places.say(new SyntaxProblem.HugeNumber(span, Ast.Scalar.INT));
      return new Ast.Missing(span);
    }
    return new Ast.IntLiteral(value.longValueExact(), span.text(), span);
  }

  private Ast.Expr real(Span span) {
    String digits = span.text().replace("_", "");
    double value = Double.parseDouble(digits);
    if (Double.isInfinite(value)) {
      places.say(new SyntaxProblem.HugeNumber(span, Ast.Scalar.REAL));
      return new Ast.Missing(span);
    }
    String mantissa = digits.split("[eE]", 2)[0];
    if (value == 0 && !mantissa.matches("[0.]*")) {
      places.say(new SyntaxProblem.Underflow(span));
    }
    return new Ast.RealLiteral(value, span.text(), span);
  }

  // ---------------------------------------------------------------------------------------------
  // Calls, reads, reductions

  List<Ast.Argument> arguments(List<ArgumentContext> contexts) {
    List<Ast.Argument> arguments = new ArrayList<>();
    for (ArgumentContext context : contexts) {
      Optional<Ast.Name> name =
          context.name() == null
              ? Optional.empty()
              : Optional.of(places.name(context.name(), context));
      arguments.add(new Ast.Argument(name, expr(context.expr(), context), places.span(context)));
    }
    return arguments;
  }

  private Ast.Expr access(AccessExprContext context, Ast.Expr target, Span span) {
    if (context.BAR() != null) {
      bad(
          places.span(context.BAR()),
          "a guard stands in the brackets of a reduction, and this is a read",
          "write sum[i | condition](x[i])");
      return new Ast.Missing(span);
    }
    if (context.subscript().isEmpty()) {
      bad(span, "a read has a subscript for each dimension", "write the name alone for all of it");
      return new Ast.Missing(span);
    }
    List<Ast.Subscript> subscripts = new ArrayList<>();
    for (SubscriptContext item : context.subscript()) {
      Span at = places.span(item);
      if (item.ELLIPSIS() != null) {
        subscripts.add(new Ast.Run(places.name(item.name(), item), at));
      } else if (item.expr().isEmpty()) {
        subscripts.add(new Ast.Whole(at));
      } else if (item.COLON() != null) {
        bad(
            at,
            "a read has no slices from .. to",
            "give the equation an index with a range, y[i: 4] = x[i + 2], or write : for all");
        subscripts.add(new Ast.Missing(at));
      } else {
        subscripts.add(new Ast.At(expr(item.expr(0), item), at));
      }
    }
    return new Ast.Access(target, subscripts, span);
  }

  private Ast.Expr reduction(Ast.Name function, AccessExprContext brackets, CallExprContext call) {
    Span span = places.span(call);
    List<Ast.Binder> binders = new ArrayList<>();
    for (SubscriptContext item : brackets.subscript()) {
      binders.add(binder(item));
    }
    if (binders.isEmpty()) {
      bad(
          places.span(brackets),
          "the brackets of a reduction name its indices",
          "write sum[i](x[i]), or sum(x) for all dimensions");
    }
    Optional<Ast.Expr> guard =
        brackets.BAR() == null
            ? Optional.empty()
            : Optional.of(expr(brackets.expr(brackets.expr().size() - 1), brackets));
    List<ArgumentContext> arguments = call.argument();
    if (arguments.size() != 1 || arguments.getFirst().name() != null) {
      bad(
          places.span(call.LPAREN()).to(places.span(call.RPAREN())),
          "a reduction with indices takes one value",
          "write %s[..](value)".formatted(function.text()));
      return new Ast.Reduction(function, binders, guard, new Ast.Missing(span.after()), span);
    }
    Ast.Expr body = expr(arguments.getFirst().expr(), call);
    return new Ast.Reduction(function, binders, guard, body, span);
  }

  private Ast.Binder binder(SubscriptContext item) {
    Span at = places.span(item);
    if (item.ELLIPSIS() != null) {
      return new Ast.RunBinder(places.name(item.name(), item), at);
    }
    if (item.expr().isEmpty()) {
      bad(at, "a reduction with indices does not see :", "name the index: sum[i](x[i])");
      return new Ast.Missing(at);
    }
    if (!isPlainName(item.expr(0))) {
      bad(at, "the brackets of a reduction hold fresh indices", "write i or i: Range");
      return new Ast.Missing(at);
    }
    Ast.Ref index = (Ast.Ref) expr(item.expr(0));
    Optional<Ast.Expr> range =
        item.COLON() == null ? Optional.empty() : Optional.of(expr(item.expr(1), item));
    return new Ast.IndexBinder(index.name(), range, at);
  }

  private void bad(Span at, String why, String mend) {
    places.say(new SyntaxProblem.BadBrackets(at, why, mend));
  }

  // ---------------------------------------------------------------------------------------------
  // Operators with rules of their own

  private Ast.Expr fallback(FallbackExprContext context, Ast.Expr read, Span span) {
    Ast.Expr outside = expr(context.expr(1), context);
    boolean isRead =
        read instanceof Ast.Access || read instanceof Ast.Reduction || read instanceof Ast.Missing;
    if (!isRead) {
      places.say(new SyntaxProblem.NotARead(read.span(), places.span(context.FALLBACK())));
      return new Ast.Missing(span);
    }
    if (!isTight(context.expr(1))) {
      places.say(new SyntaxProblem.LooseFallback(places.span(context.expr(1))));
    }
    return new Ast.Fallback(read, outside, span);
  }

  /** Whether it may stand on the right of {@code ??}: a postfix expression or a signed one. */
  private static boolean isTight(ExprContext context) {
    return switch (context) {
      case PrimaryExprContext _ -> true;
      case MemberExprContext _ -> true;
      case CallExprContext _ -> true;
      case AccessExprContext _ -> true;
      case FallbackExprContext _ -> true;
      case NegateExprContext c -> c.expr() instanceof PrimaryExprContext;
      default -> false;
    };
  }

  private Ast.Expr compare(CompareExprContext context, Ast.Expr left, Span span) {
    Ast.Expr right = expr(context.expr(1), context);
    if (context.expr(0) instanceof CompareExprContext inner) {
      if (!(inner.expr(0) instanceof CompareExprContext)) {
        places.say(
            new SyntaxProblem.ComparisonChain(
                span,
                places.span(inner).text(),
                places.span(inner.expr(1)).text(),
                " " + places.span(context.op).text() + " " + right.span().text()));
      }
      return new Ast.Missing(span);
    }
    return new Ast.Binary(op(context.op), left, right, span);
  }

  private Ast.Expr range(RangeExprContext context, Ast.Expr from, Span span) {
    Ast.Expr to = expr(context.expr(1), context);
    if (context.expr(0) instanceof RangeExprContext inner) {
      if (inner.expr(0) instanceof RangeExprContext) {
        return new Ast.Missing(span);
      }
      places.say(
          new SyntaxProblem.Unexpected(
              places.span(context.RANGE()),
              "a second `..`",
              "the end of this range",
              Optional.of("a range has two ends: 0 .. 10")));
      return new Ast.Missing(span);
    }
    return new Ast.Range(from, to, span);
  }

  /**
   * A run of {@code |>} and {@code as}, whose stages are gathered in one list. A name after {@code
   * as} is the last stage's, or, where no stage is before it, the value's.
   */
  private Ast.Expr pipes(ExprContext first, Deque<ExprContext> spine, Ast.Expr input) {
    Ast.Expr value = input;
    List<Ast.Stage> stages = new ArrayList<>();
    ExprContext around = first;
    while (true) {
      if (around instanceof PipeExprContext pipe) {
        stages.add(stage(pipe));
      } else {
        AsExprContext as = (AsExprContext) around;
        Ast.Name name = places.name(as.name(), as);
        Ast.Stage last = stages.isEmpty() ? null : stages.getLast();
        if (last != null && last.alias().isEmpty()) {
          Span span = last.span().to(name.span());
          stages.set(stages.size() - 1, new Ast.Stage(last.function(), Optional.of(name), span));
        } else {
          Ast.Expr named =
              stages.isEmpty() ? value : new Ast.Pipe(value, stages, places.span(as.expr()));
          value = new Ast.Named(named, name, places.span(as));
          stages.clear();
        }
      }
      boolean goesOn =
          spine.peek() instanceof PipeExprContext || spine.peek() instanceof AsExprContext;
      if (!goesOn) {
        return stages.isEmpty() ? value : new Ast.Pipe(value, stages, places.span(around));
      }
      around = spine.pop();
    }
  }

  private Ast.Stage stage(PipeExprContext context) {
    ExprContext right = context.expr(1);
    Ast.Expr function = expr(right, context);
    Span span = places.span(right);
    boolean isStage =
        switch (function) {
          case Ast.Ref ref -> !ref.primed();
          case Ast.Member _ -> true;
          case Ast.Call _ -> true;
          case Ast.Missing _ -> true;
          default -> false;
        };
    if (!isStage) {
      places.say(new SyntaxProblem.NotAStage(span, places.span(context.PIPE())));
      return new Ast.Stage(new Ast.Missing(span), Optional.empty(), span);
    }
    return new Ast.Stage(function, Optional.empty(), span);
  }
}
