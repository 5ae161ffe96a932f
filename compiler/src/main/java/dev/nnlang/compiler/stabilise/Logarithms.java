package dev.nnlang.compiler.stabilise;

import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;

/**
 * Logarithms of what has an exponential in it.
 *
 * <pre>
 * log(exp(x))                x
 * log(1 + exp(x))            softplus(x)
 * log(sigmoid(x))            -softplus(-x)
 * log(1 - sigmoid(x))        -softplus(x)
 * log(sum[k](exp(x[k])))     m + log(sum[k](exp(x[k] - m)))
 * log(a * b), log(a / b)     log(a) + log(b), log(a) - log(b)   where one of the two is above
 * log(1 + x)                 log1p(x)
 * </pre>
 *
 * So {@code log(exp(x[c] - m) / s)} is {@code x[c] - m - log(s)}, which is right for a probability
 * too small to be a number. A product may be taken apart where one factor is positive, as an
 * exponential is: the logarithm of the other is NaN or infinite exactly where that of the product
 * is.
 */
final class Logarithms {
  private final Scene scene;
  private final Exponentials exponentials;
  private final Nodes nodes;

  Logarithms(Scene scene, Exponentials exponentials) {
    this.scene = scene;
    this.exponentials = exponentials;
    this.nodes = scene.nodes();
  }

  /** A better node equal to {@code node}, or null where no rule applies. */
  Node rewrite(Node node) {
    if (!(node.expr() instanceof Expr.Unary(var op, var x))) {
      return null;
    }
    if (op == UnaryOp.LOG) {
      var stable = positive(x);
      return stable != null ? stable : nearOne(x);
    }
    if (op == UnaryOp.LOG1P && Elementary.is(scene.see(x), UnaryOp.EXP)) {
      return nodes.unary(UnaryOp.SOFTPLUS, Elementary.operand(scene.see(x)));
    }
    return null;
  }

  private Node nearOne(Node x) {
    return switch (scene.see(x).expr()) {
      case Expr.Binary(var op, var a, var b) when op == BinaryOp.ADD && Inline.is(a, 1) ->
          nodes.unary(UnaryOp.LOG1P, b);
      case Expr.Binary(var op, var a, var b) when op == BinaryOp.ADD && Inline.is(b, 1) ->
          nodes.unary(UnaryOp.LOG1P, a);
      case Expr.Binary(var op, var a, var b) when op == BinaryOp.SUB && Inline.is(a, 1) ->
          nodes.unary(UnaryOp.LOG1P, nodes.neg(b));
      default -> null;
    };
  }

  /** The logarithm of a node that has an exponential in it, without computing the exponential. */
  private Node positive(Node node) {
    var exponent = Elementary.onePlusExp(scene, node);
    if (exponent != null) {
      return nodes.unary(UnaryOp.SOFTPLUS, exponent);
    }
    var scaled = exponentials.scaled(node);
    if (scaled.isPresent() && scaled.get().top().isPresent()) {
      return nodes.add(scaled.get().top().get(), nodes.unary(UnaryOp.LOG, scaled.get().rest()));
    }
    return switch (scene.see(node).expr()) {
      case Expr.Unary(var op, var x) when op == UnaryOp.EXP -> x;
      case Expr.Unary(var op, var x) when op == UnaryOp.SIGMOID ->
          nodes.neg(nodes.unary(UnaryOp.SOFTPLUS, Elementary.negate(nodes, x)));
      case Expr.Unary(var op, var x) when op == UnaryOp.SQRT -> {
        var log = positive(x);
        yield log == null ? null : nodes.mul(nodes.real(0.5), log);
      }
      case Expr.Binary(var op, var x, var y) when op == BinaryOp.DIV && Inline.is(x, 1) -> {
        var log = positive(y);
        yield log == null ? null : nodes.neg(log);
      }
      case Expr.Binary(var op, var x, var y) when op == BinaryOp.POW -> {
        var log = positive(x);
        yield log == null ? null : nodes.mul(y, log);
      }
      case Expr.Binary(var op, var x, var y) -> pair(op, x, y);
      case Expr.Select(var guard, var x, var y) -> {
        var a = positive(x);
        var b = positive(y);
        yield a == null && b == null ? null : nodes.select(guard, or(a, x), or(b, y));
      }
      case Expr.StopGradient(var x) -> {
        var log = positive(x);
        yield log == null ? null : nodes.of(new Expr.StopGradient(log));
      }
      default -> null;
    };
  }

  /** Products and quotients come apart; into an extreme the logarithm goes, for it grows. */
  private Node pair(BinaryOp op, Node x, Node y) {
    return switch (op) {
      case MUL, DIV, MIN, MAX -> {
        var a = positive(x);
        var b = positive(y);
        yield a == null && b == null ? null : nodes.binary(outside(op), or(a, x), or(b, y));
      }
      case ADD, SUB, MOD, POW, ATAN2 -> null;
    };
  }

  private static BinaryOp outside(BinaryOp op) {
    return switch (op) {
      case MUL -> BinaryOp.ADD;
      case DIV -> BinaryOp.SUB;
      case ADD, SUB, MOD, POW, MIN, MAX, ATAN2 -> op;
    };
  }

  private Node or(Node logarithm, Node x) {
    return logarithm != null ? logarithm : nodes.unary(UnaryOp.LOG, x);
  }
}
