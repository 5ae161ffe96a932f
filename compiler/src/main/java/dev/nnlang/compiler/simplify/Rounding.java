package dev.nnlang.compiler.simplify;

import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;

/**
 * Identities of real numbers that may round differently; off unless asked for.
 *
 * <pre>
 * x / c                x * (1 / c)
 * exp(x) * exp(y)      exp(x + y)
 * a * x + b * x        (a + b) * x
 * </pre>
 */
final class Rounding {
  private Rounding() {}

  /** A cheaper node nearly equal to {@code node}, or null where no rule applies. */
  static Node rewrite(Nodes nodes, Node node) {
    return switch (node.expr()) {
      case Expr.Binary(var op, var x, Node(_, Expr.Real(var c), _, _))
          when op == BinaryOp.DIV && c != 0 ->
          nodes.mul(x, nodes.real(1 / c));
      case Expr.Binary(
              var op,
              Node(_, Expr.Unary(var f, var x), _, _),
              Node(_, Expr.Unary(var g, var y), _, _))
          when op == BinaryOp.MUL && f == UnaryOp.EXP && g == UnaryOp.EXP ->
          nodes.unary(UnaryOp.EXP, nodes.add(x, y));
      case Expr.Binary(
              var op,
              Node(_, Expr.Binary(var f, var a, var x), _, _),
              Node(_, Expr.Binary(var g, var b, var y), _, _))
          when op == BinaryOp.ADD && f == BinaryOp.MUL && g == BinaryOp.MUL && x == y ->
          nodes.mul(nodes.add(a, b), x);
      default -> null;
    };
  }
}
