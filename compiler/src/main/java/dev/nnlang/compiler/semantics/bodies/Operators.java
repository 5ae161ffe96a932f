package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Typed.Element;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.names.Where;
import dev.nnlang.compiler.semantics.problem.EquationProblem;
import dev.nnlang.compiler.semantics.problem.ShapeProblem;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Arithmetic, comparisons and choices, element by element (LR-1, 25, 45, 56). */
public final class Operators {
  private final Typer typer;

  Operators(Typer typer) {
    this.typer = typer;
  }

  Typed.Expr unary(Ast.Unary e, Context c) {
    var x = typer.type(e.operand(), c);
    if (x == null) {
      return null;
    }
    return switch (e.op()) {
      case NEGATE -> negate(x, e.span(), c);
      case NOT -> {
        if (!Types.isBool(x)) {
          yield wrongType(e.operand().span(), "`not`", "bool", x, c);
        }
        yield new Typed.Not(x, x.type(), e.span());
      }
    };
  }

  private Typed.Expr negate(Typed.Expr x, Span span, Context c) {
    return switch (x) {
      case Typed.Position p -> Types.integer(p.value().negate(), span);
      case Typed.Real r -> Types.real(-r.value(), span);
      default -> {
        if (Types.isBool(x)) {
          yield wrongType(span, "`-`", "a number", x, c);
        }
        var number = Types.isWhole(x) ? Types.asInt(x) : x;
        yield new Typed.Unary(UnaryOp.NEG, number, number.type(), span);
      }
    };
  }

  Typed.Expr binary(Ast.Binary e, Context c) {
    return switch (e.op()) {
      case OR, AND -> logical(e, c);
      case EQ, NE, LT, LE, GT, GE -> compare(e, c);
      case ADD, SUB, MUL, DIV, MOD, POW -> arithmetic(e, c);
    };
  }

  /** The right side of {@code and} is read only where the left one holds: that is a fact there. */
  private Typed.Expr logical(Ast.Binary e, Context c) {
    var x = condition(e.left(), c);
    if (x == null) {
      return null;
    }
    boolean and = e.op() == Ast.BinaryOp.AND;
    var y = condition(e.right(), and ? c.where(x) : c.unless(x));
    if (y == null) {
      return null;
    }
    var shape = joined(x, y, "`" + e.op().symbol() + "`", c);
    if (shape == null) {
      return null;
    }
    var type = Types.of(Types.BOOL, shape);
    return and ? new Typed.And(x, y, type, e.span()) : new Typed.Or(x, y, type, e.span());
  }

  /** An expression that must be bool. */
  Typed.Expr condition(Ast.Expr e, Context c) {
    var x = typer.type(e, c.value());
    if (x != null && !Types.isBool(x)) {
      return wrongType(e.span(), "a condition", "bool", x, c);
    }
    return x;
  }

  private Typed.Expr compare(Ast.Binary e, Context c) {
    var x = typer.type(e.left(), c);
    var y = typer.type(e.right(), c);
    if (x == null || y == null) {
      return null;
    }
    var op = comparison(e.op());
    var shape = joined(x, y, "`" + e.op().symbol() + "`", c);
    if (shape == null) {
      return null;
    }
    var type = Types.of(Types.BOOL, shape);
    if (Types.isBool(x) || Types.isBool(y)) {
      if (!Types.isBool(x) || !Types.isBool(y)) {
        return wrongType(
            (Types.isBool(x) ? x : y).span(),
            "`" + e.op().symbol() + "`",
            "a number",
            Types.isBool(x) ? x : y,
            c);
      }
      if (op != Comparison.EQ && op != Comparison.NE) {
        return wrongType(e.span(), "`" + e.op().symbol() + "`", "numbers", x, c);
      }
      return new Typed.Compare(op, x, y, type, e.span());
    }
    if (x.type().element() instanceof Element.IndexOf(var a)
        && y.type().element() instanceof Element.IndexOf(var b)
        && Shapes.differ(a, b)) {
      c.frame().report(ShapeProblem.IndexIdentity.ofNames(e.span(), a, b));
      return null;
    }
    if (Types.isWhole(x) && Types.isWhole(y)) {
      return new Typed.Compare(op, Types.asInt(x), Types.asInt(y), type, e.span());
    }
    return new Typed.Compare(op, Types.asReal(x), Types.asReal(y), type, e.span());
  }

  private static Comparison comparison(Ast.BinaryOp op) {
    return switch (op) {
      case EQ -> Comparison.EQ;
      case NE -> Comparison.NE;
      case LT -> Comparison.LT;
      case LE -> Comparison.LE;
      case GT -> Comparison.GT;
      case GE -> Comparison.GE;
      case OR, AND, ADD, SUB, MUL, DIV, MOD, POW ->
          throw new dev.nnlang.compiler.diagnostic.CompilerBug(op + " compares nothing");
    };
  }

  private static BinaryOp operation(Ast.BinaryOp op) {
    return switch (op) {
      case ADD -> BinaryOp.ADD;
      case SUB -> BinaryOp.SUB;
      case MUL -> BinaryOp.MUL;
      case DIV -> BinaryOp.DIV;
      case MOD -> BinaryOp.MOD;
      case POW -> BinaryOp.POW;
      case OR, AND, EQ, NE, LT, LE, GT, GE ->
          throw new dev.nnlang.compiler.diagnostic.CompilerBug(op + " is no arithmetic");
    };
  }

  private Typed.Expr arithmetic(Ast.Binary e, Context c) {
    var x = typer.type(e.left(), c);
    var y = typer.type(e.right(), c);
    if (x == null || y == null) {
      return null;
    }
    var what = "`" + e.op().symbol() + "`";
    if (Types.isBool(x) || Types.isBool(y)) {
      return wrongType(
          (Types.isBool(x) ? x : y).span(), what, "a number", Types.isBool(x) ? x : y, c);
    }
    var shape = joined(x, y, what, c);
    if (shape == null) {
      return null;
    }
    var op = operation(e.op());
    if (Types.isWhole(x) && Types.isWhole(y) && isWholeOperation(op, x, y, c)) {
      return whole(op, Types.asInt(x), Types.asInt(y), shape, e.span(), c);
    }
    if ((op == BinaryOp.DIV || op == BinaryOp.MOD)
        && c.frame().where() == Where.FILE
        && Folding.number(y).filter(v -> v == 0).isPresent()) {
      // LR-62: a constant is exact.
      c.frame().report(new ShapeProblem.DividesByZero(e.span(), e.span().text()));
      return null;
    }
    if (op == BinaryOp.MUL) {
      weighsMean(x, y, e, c);
      weighsMean(y, x, e, c);
    }
    if (op == BinaryOp.DIV && Folding.number(y).filter(v -> v == 0).isPresent()) {
      c.frame().report(new EquationProblem.RealDivisionByZero(e.span()));
    }
    return new Typed.Binary(
        op, Types.asReal(x), Types.asReal(y), Types.of(Types.REAL, shape), e.span());
  }

  /** LR-16: a weight for each place beside a loss that is the mean over all of them. */
  private static void weighsMean(Typed.Expr weight, Typed.Expr loss, Ast.Binary e, Context c) {
    var call = Applications.averaged(loss);
    if (call.isPresent()
        && !Shapes.equal(weight.type().shape(), call.get().mapped(), c).fails()
        && weight.type().rank() == call.get().mapped().size()) {
      c.frame()
          .report(
              new EquationProblem.WeighsMean(
                  e.span(),
                  weight.span().text(),
                  call.get().instance().body().name(),
                  Types.text(call.get().mapped())));
    }
  }

  /** LR-25: {@code + - * %} of ints are int everywhere, {@code /} and {@code ^} by position. */
  private static boolean isWholeOperation(BinaryOp op, Typed.Expr x, Typed.Expr y, Context c) {
    return switch (op) {
      case ADD, SUB, MUL -> true;
      case MOD -> c.isInteger() || !isZero(y);
      case DIV -> c.isInteger();
      case POW -> c.isInteger() && exponent(y).isPresent() && x instanceof Typed.Position;
      case MIN, MAX, ATAN2 -> false;
    };
  }

  private static boolean isZero(Typed.Expr y) {
    return y instanceof Typed.Position p && p.value().is(0);
  }

  private static OptionalLong exponent(Typed.Expr y) {
    return y instanceof Typed.Position p && p.value().isConstant() && p.value().constantTerm() >= 0
        ? p.value().constant()
        : OptionalLong.empty();
  }

  private Typed.Expr whole(
      BinaryOp op, Typed.Expr x, Typed.Expr y, List<Dimension> shape, Span span, Context c) {
    if ((op == BinaryOp.DIV || op == BinaryOp.MOD) && isZero(y)) {
      c.frame().report(new ShapeProblem.DividesByZero(span, span.text()));
      return null;
    }
    if (x instanceof Typed.Position p && y instanceof Typed.Position q) {
      var folded = fold(op, p.value(), q.value(), span, c);
      return folded == null ? null : Types.integer(folded, span);
    }
    return new Typed.Binary(op, x, y, Types.of(Types.INT, shape), span);
  }

  private static Poly fold(BinaryOp op, Poly p, Poly q, Span span, Context c) {
    try {
      return switch (op) {
        case ADD -> p.plus(q);
        case SUB -> p.minus(q);
        case MUL -> p.times(q);
        case DIV -> p.floorDiv(q);
        case MOD -> p.floorMod(q);
        case POW -> power(p, q.constantTerm());
        case MIN, MAX, ATAN2 ->
            throw new dev.nnlang.compiler.diagnostic.CompilerBug(op + " of positions");
      };
    } catch (ArithmeticException _) {
      c.frame().report(new ShapeProblem.Overflow(span, span.text()));
      return null;
    }
  }

  private static Poly power(Poly base, long exponent) {
    if (exponent > 64 && !base.is(0) && !base.is(1)) {
      throw new ArithmeticException("overflow");
    }
    var result = Poly.ONE;
    for (long i = 0; i < Math.min(exponent, 65); i++) {
      result = result.times(base);
    }
    return result;
  }

  Typed.Expr conditional(Ast.Conditional e, Context c) {
    var guard = condition(e.condition(), c);
    if (guard == null) {
      // Both branches may hold problems of their own.
      typer.type(e.then(), c);
      typer.type(e.otherwise(), c);
      return null;
    }
    if (typer.statics().isStatic(e.condition(), c)) {
      var decided = Folding.truth(guard, c.prover());
      if (decided.isPresent()) {
        return typer.type(decided.get() ? e.then() : e.otherwise(), c);
      }
    }
    var x = typer.type(e.then(), c.where(guard));
    var y = typer.type(e.otherwise(), c.unless(guard));
    if (x == null || y == null) {
      return null;
    }
    var shape = joined(x, y, "`if`", c);
    shape = shape == null || guard.type().rank() == 0 ? shape : joined(shape, guard, c);
    if (shape == null) {
      return null;
    }
    var element = common(x, y, e, c);
    if (element == null) {
      return null;
    }
    var type = Types.of(element, shape);
    return new Typed.Select(guard, as(element, x), as(element, y), type, e.span());
  }

  private static Typed.Expr as(Element element, Typed.Expr x) {
    return switch (element) {
      case Element.Real _ -> Types.asReal(x);
      case Element.Int _ -> Types.asInt(x);
      case Element.Bool _, Element.IndexOf _ -> x;
    };
  }

  /** The element type that both branches become. */
  private Element common(Typed.Expr x, Typed.Expr y, Ast.Conditional e, Context c) {
    if (Types.isBool(x) != Types.isBool(y)) {
      var odd = Types.isBool(x) ? x : y;
      wrongType(odd.span(), "one branch of `if`", "a number like the other", odd, c);
      return null;
    }
    if (Types.isBool(x)) {
      return Types.BOOL;
    }
    if (Types.isReal(x) || Types.isReal(y)) {
      return Types.REAL;
    }
    if (x.type().element() instanceof Element.IndexOf(var a)
        && y.type().element() instanceof Element.IndexOf(var b)
        && !Shapes.differ(a, b)
        && a.size().equals(b.size())) {
      return x.type().element();
    }
    return Types.INT;
  }

  /** The shape of an elementwise operation: equal shapes, or scalars (LR-45); null if neither. */
  List<Dimension> joined(Typed.Expr x, Typed.Expr y, String what, Context c) {
    var a = x.type().shape();
    var b = y.type().shape();
    if (a.isEmpty() || b.isEmpty()) {
      return a.isEmpty() ? b : a;
    }
    var verdict = Shapes.equal(a, b, c);
    if (verdict.fails()) {
      c.frame()
          .report(
              new ShapeProblem.ShapesDiffer(
                  x.span().file() == y.span().file() ? x.span().to(y.span()) : x.span(),
                  what,
                  Types.text(a),
                  Types.text(b),
                  x.span(),
                  y.span(),
                  verdict.counterexample()));
      return null;
    }
    Shapes.leaveToUses(verdict, c, x.span(), "whether " + what + " gets equal shapes");
    return Shapes.join(a, b);
  }

  private List<Dimension> joined(List<Dimension> shape, Typed.Expr guard, Context c) {
    if (shape.isEmpty()) {
      return guard.type().shape();
    }
    var verdict = Shapes.equal(shape, guard.type().shape(), c);
    if (verdict.fails()) {
      c.frame()
          .report(
              new ShapeProblem.ShapesDiffer(
                  guard.span(),
                  "`if`",
                  Types.text(guard.type().shape()),
                  Types.text(shape),
                  guard.span(),
                  guard.span(),
                  verdict.counterexample()));
      return null;
    }
    return shape;
  }

  private static Typed.Expr wrongType(
      Span at, String what, String wanted, Typed.Expr found, Context c) {
    Optional<String> mend =
        Types.isBool(found)
            ? Optional.of("write `if " + found.span().text() + " then 1 else 0`")
            : wanted.equals("bool")
                ? Optional.of("compare it: `" + found.span().text() + " != 0`")
                : Optional.empty();
    c.frame()
        .report(new ShapeProblem.WrongType(at, what, wanted, Types.describe(found.type()), mend));
    return null;
  }
}
