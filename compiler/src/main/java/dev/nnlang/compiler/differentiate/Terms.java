package dev.nnlang.compiler.differentiate;

import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import java.util.function.UnaryOperator;

/**
 * Sums and products of adjoint factors. A structural zero swallows what it is multiplied with, even
 * where that would be NaN, and a factor moves inside a guarded value, so that nothing is evaluated
 * where the guard does not hold: {@code (if g then a else 0) * f} is {@code if g then a * f else
 * 0}.
 */
final class Terms {
  private final Nodes nodes;

  Terms(Nodes nodes) {
    this.nodes = nodes;
  }

  Nodes nodes() {
    return nodes;
  }

  Node zero() {
    return nodes.real(0);
  }

  static boolean isZero(Node node) {
    return node.expr() instanceof Expr.Real(var value) && value == 0;
  }

  static boolean isReal(Node node, double wanted) {
    return node.expr() instanceof Expr.Real(var value) && value == wanted;
  }

  Node mul(Node a, Node f) {
    if (isZero(a) || isZero(f)) {
      return zero();
    }
    if (isReal(f, 1)) {
      return a;
    }
    if (isReal(a, 1)) {
      return f;
    }
    var spread = spread(a, part -> mul(part, f));
    if (spread != null) {
      return spread;
    }
    if (guarded(f) instanceof Expr.Select(var guard, var x, var y)) {
      return select(guard, mul(a, x), mul(a, y));
    }
    if (isReal(f, -1)) {
      return neg(a);
    }
    if (isReal(a, -1)) {
      return neg(f);
    }
    if (a.expr() instanceof Expr.Real(var x) && f.expr() instanceof Expr.Real(var y)) {
      return nodes.real(x * y);
    }
    if (a.expr() instanceof Expr.Unary(var op, var x) && op == UnaryOp.NEG) {
      return neg(mul(x, f));
    }
    if (f.expr() instanceof Expr.Unary(var op, var x) && op == UnaryOp.NEG) {
      return neg(mul(a, x));
    }
    return nodes.mul(a, f);
  }

  Node div(Node a, Node f) {
    if (isZero(a)) {
      return zero();
    }
    if (isReal(f, 1)) {
      return a;
    }
    var spread = spread(a, part -> div(part, f));
    if (spread != null) {
      return spread;
    }
    if (a.expr() instanceof Expr.Unary(var op, var x) && op == UnaryOp.NEG) {
      return neg(div(x, f));
    }
    return nodes.div(a, f);
  }

  Node neg(Node a) {
    if (isZero(a)) {
      return a;
    }
    if (a.expr() instanceof Expr.Real(var value)) {
      return nodes.real(-value);
    }
    if (a.expr() instanceof Expr.Unary(var op, var x) && op == UnaryOp.NEG) {
      return x;
    }
    var spread = spread(a, this::neg);
    if (spread != null) {
      return spread;
    }
    return nodes.neg(a);
  }

  Node add(Node a, Node b) {
    if (isZero(a)) {
      return b;
    }
    if (isZero(b)) {
      return a;
    }
    if (a.expr() instanceof Expr.Select(var g, var x, var y)
        && b.expr() instanceof Expr.Select(var h, var u, var v)
        && g == h) {
      return select(g, add(x, u), add(y, v));
    }
    if (b.expr() instanceof Expr.Unary(var op, var x) && op == UnaryOp.NEG) {
      return nodes.sub(a, x);
    }
    if (a.expr() instanceof Expr.Unary(var op, var x) && op == UnaryOp.NEG) {
      return nodes.sub(b, x);
    }
    return nodes.binary(BinaryOp.ADD, a, b);
  }

  Node select(Node guard, Node then, Node otherwise) {
    return then == otherwise ? then : nodes.select(guard, then, otherwise);
  }

  /** {@code a} where the guard holds, else 0. */
  Node where(Node guard, Node a) {
    return isZero(a) ? a : select(guard, a, zero());
  }

  /**
   * An adjoint under one more guard. Those that it has stay around the new one, which may read what
   * is there only where they hold.
   */
  Node within(Node a, UnaryOperator<Node> guarded) {
    var spread = spread(a, part -> within(part, guarded));
    return spread != null ? spread : guarded.apply(a);
  }

  Node unary(UnaryOp op, Node x) {
    return nodes.unary(op, x);
  }

  Node real(double value) {
    return nodes.real(value);
  }

  /**
   * {@code f} of the parts of an adjoint that is zero for some values of its guards, so that what f
   * multiplies with is evaluated only where the adjoint is not zero; null for any other.
   */
  private Node spread(Node a, UnaryOperator<Node> f) {
    if (!vanishes(a)) {
      return null;
    }
    return switch (a.expr()) {
      case Expr.Select(var guard, var x, var y) -> select(guard, f.apply(x), f.apply(y));
      case Expr.Binary(var op, var x, var y) when op == BinaryOp.ADD -> add(f.apply(x), f.apply(y));
      case Expr.Binary(_, var x, var y) -> add(f.apply(x), neg(f.apply(y)));
      default -> null;
    };
  }

  private static boolean vanishes(Node a) {
    return switch (a.expr()) {
      case Expr.Real(var value) -> value == 0;
      case Expr.Select(_, var x, var y) -> vanishes(x) || vanishes(y);
      case Expr.Binary(var op, var x, var y) when op == BinaryOp.ADD || op == BinaryOp.SUB ->
          vanishes(x) && vanishes(y);
      case Expr.Unary(var op, var x) when op == UnaryOp.NEG -> vanishes(x);
      default -> false;
    };
  }

  /** The select that a factor is if it is a guarded value, of which one branch is 0; else null. */
  private static Expr.Select guarded(Node node) {
    return node.expr() instanceof Expr.Select select
            && (isZero(select.then()) || isZero(select.otherwise()))
        ? select
        : null;
  }
}
