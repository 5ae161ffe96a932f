package dev.nnlang.compiler.stabilise;

import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;

/**
 * The logistic function in its spellings, and differences from 1.
 *
 * <pre>
 * a / (1 + exp(x))           a * sigmoid(-x)
 * exp(x) / (1 + exp(x))      sigmoid(x)
 * 1 - sigmoid(x)             sigmoid(-x)
 * exp(x) - 1                 expm1(x)
 * 1 - exp(x)                 -expm1(x)
 * </pre>
 */
final class Elementary {
  private Elementary() {}

  /** A better node equal to {@code node}, or null where no rule applies. */
  static Node rewrite(Scene scene, Node node) {
    if (!(node.expr() instanceof Expr.Binary(var op, var x, var y))) {
      return null;
    }
    return switch (op) {
      case DIV -> quotient(scene, x, y);
      case SUB -> difference(scene, x, y);
      case ADD -> sum(scene, x, y);
      case MUL, MOD, POW, MIN, MAX, ATAN2 -> null;
    };
  }

  /** By definition of the logistic function: sigmoid(-x) = 1 / (1 + exp(x)). */
  private static Node quotient(Scene scene, Node x, Node y) {
    var exponent = onePlusExp(scene, y);
    if (exponent == null) {
      return null;
    }
    var nodes = scene.nodes();
    var numerator = scene.see(x);
    if (is(numerator, UnaryOp.EXP) && operand(numerator) == exponent) {
      return nodes.unary(UnaryOp.SIGMOID, exponent);
    }
    var sigmoid = nodes.unary(UnaryOp.SIGMOID, negate(nodes, exponent));
    return Inline.is(x, 1) ? sigmoid : nodes.mul(x, sigmoid);
  }

  /** 1 - 1 / (1 + exp(-x)) = exp(-x) / (1 + exp(-x)) = 1 / (1 + exp(x)); expm1 by definition. */
  private static Node difference(Scene scene, Node x, Node y) {
    var nodes = scene.nodes();
    if (Inline.is(x, 1)) {
      var right = scene.see(y);
      if (is(right, UnaryOp.SIGMOID)) {
        return nodes.unary(UnaryOp.SIGMOID, negate(nodes, operand(right)));
      }
      return is(right, UnaryOp.EXP) ? nodes.neg(nodes.unary(UnaryOp.EXPM1, operand(right))) : null;
    }
    if (Inline.is(y, 1)) {
      var left = scene.see(x);
      if (is(left, UnaryOp.SIGMOID)) {
        return nodes.neg(nodes.unary(UnaryOp.SIGMOID, negate(nodes, operand(left))));
      }
      return is(left, UnaryOp.EXP) ? nodes.unary(UnaryOp.EXPM1, operand(left)) : null;
    }
    return null;
  }

  /** The same differences, written as sums. */
  private static Node sum(Scene scene, Node x, Node y) {
    var one = scene.nodes().real(1);
    if (Inline.is(y, -1)) {
      return difference(scene, x, one);
    }
    if (Inline.is(x, -1)) {
      return difference(scene, y, one);
    }
    if (is(y, UnaryOp.NEG) && Inline.is(x, 1)) {
      return difference(scene, x, operand(y));
    }
    return is(x, UnaryOp.NEG) && Inline.is(y, 1) ? difference(scene, y, operand(x)) : null;
  }

  /** The x of {@code 1 + exp(x)}, in either order, or null. */
  static Node onePlusExp(Scene scene, Node node) {
    if (!(scene.see(node).expr() instanceof Expr.Binary(var op, var x, var y))
        || op != BinaryOp.ADD) {
      return null;
    }
    var exp = Inline.is(x, 1) ? scene.see(y) : Inline.is(y, 1) ? scene.see(x) : null;
    return exp != null && is(exp, UnaryOp.EXP) ? operand(exp) : null;
  }

  static boolean is(Node node, UnaryOp wanted) {
    return node.expr() instanceof Expr.Unary(var op, _) && op == wanted;
  }

  static Node operand(Node unary) {
    return ((Expr.Unary) unary.expr()).x();
  }

  /** {@code -x}, without a double negation. */
  static Node negate(Nodes nodes, Node x) {
    return is(x, UnaryOp.NEG) ? operand(x) : nodes.neg(x);
  }
}
