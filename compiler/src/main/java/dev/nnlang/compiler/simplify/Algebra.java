package dev.nnlang.compiler.simplify;

import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Type;

/**
 * Exact identities of scalars: each keeps every bit, also of -0, infinities and NaN.
 *
 * <pre>
 * x * 1, x / 1, x - 0, x + (-0)    x
 * x ^ 1, x ^ 2                     x, x * x            (LR-60)
 * -(-x), not not b                 x, b
 * if g then x else x               x
 * real(3), 2.0 * 4.0               3.0, 8.0            where no bit is lost in either precision
 * stop_gradient(x)                 x                   derivatives are resolved
 * </pre>
 */
final class Algebra {
  /** Above this an integer may not be a float. */
  private static final long MOST_EXACT = 1L << 24;

  private Algebra() {}

  /** A simpler node equal to {@code node}, or null where no rule applies. */
  static Node rewrite(Nodes nodes, Node node) {
    return switch (node.expr()) {
      case Expr.StopGradient(var x) -> x;
      case Expr.Select(_, var x, var y) when x == y -> x;
      case Expr.Select(Node(_, Expr.Not(var g), _, _), var x, var y) -> nodes.select(g, y, x);
      case Expr.Not(Node(_, Expr.Not(var x), _, _)) -> x;
      case Expr.Not(Node(_, Expr.Bool(var value), _, _)) -> nodes.bool(!value);
      // Not of reals: NaN answers false to both.
      case Expr.Not(Node(_, Expr.Compare(var op, var x, var y), _, _)) when x.type() == Type.INT ->
          nodes.compare(op.negated(), x, y);
      case Expr.Cast(var to, Node(_, Expr.Index(var p), _, _))
          when to == Type.REAL && p.isConstant() && Math.abs(p.constantTerm()) <= MOST_EXACT ->
          nodes.real(p.constantTerm());
      case Expr.Compare(var op, Node(_, Expr.Real(var x), _, _), Node(_, Expr.Real(var y), _, _)) ->
          nodes.bool(holds(op, x, y));
      case Expr.Unary(var op, var x) when op == UnaryOp.NEG -> negation(nodes, x);
      case Expr.Binary(var op, var x, var y) when x.type() == Type.REAL -> binary(nodes, op, x, y);
      default -> null;
    };
  }

  private static Node negation(Nodes nodes, Node x) {
    return switch (x.expr()) {
      case Expr.Unary(var op, var inner) when op == UnaryOp.NEG -> inner;
      case Expr.Real(var value) -> nodes.real(-value);
      default -> null;
    };
  }

  private static Node binary(Nodes nodes, BinaryOp op, Node x, Node y) {
    if (x.expr() instanceof Expr.Real(var a) && y.expr() instanceof Expr.Real(var b)) {
      return folded(nodes, op, a, b);
    }
    return switch (op) {
      case MUL -> isOne(y) ? x : isOne(x) ? y : null;
      case DIV -> isOne(y) ? x : null;
      case ADD -> isZero(y, -0.0) ? x : isZero(x, -0.0) ? y : null;
      case SUB -> isZero(y, 0.0) ? x : null;
      case POW -> Inline.is(y, 1) ? x : Inline.is(y, 2) ? nodes.mul(x, x) : null;
      case MIN, MAX -> x == y ? x : null;
      case MOD, ATAN2 -> null;
    };
  }

  private static boolean isOne(Node node) {
    return Inline.is(node, 1);
  }

  /** Zero of this very sign. */
  private static boolean isZero(Node node, double zero) {
    return node.expr() instanceof Expr.Real(var value)
        && Double.doubleToRawLongBits(value) == Double.doubleToRawLongBits(zero);
  }

  /** Small integers are exact in both precisions, and so are their sums and products. */
  private static Node folded(Nodes nodes, BinaryOp op, double a, double b) {
    double value =
        switch (op) {
          case ADD -> a + b;
          case SUB -> a - b;
          case MUL -> a * b;
          case DIV -> a / b;
          case MOD, POW, MIN, MAX, ATAN2 -> Double.NaN;
        };
    return isSmallInteger(a) && isSmallInteger(b) && isSmallInteger(value)
        ? nodes.real(value)
        : null;
  }

  private static boolean isSmallInteger(double value) {
    return value == Math.rint(value) && Math.abs(value) <= MOST_EXACT;
  }

  private static boolean holds(Comparison op, double x, double y) {
    return switch (op) {
      case LT -> x < y;
      case LE -> x <= y;
      case GT -> x > y;
      case GE -> x >= y;
      case EQ -> x == y;
      case NE -> x != y;
    };
  }
}
