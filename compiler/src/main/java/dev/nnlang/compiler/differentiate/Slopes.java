package dev.nnlang.compiler.differentiate;

import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Expr.Distribution;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import java.util.List;

/**
 * The derivative of every scalar function: {@code a} is the adjoint of the result {@code n}, and
 * each entry is the adjoint of an operand. A result stands in for what would be computed again.
 */
final class Slopes {
  private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

  private final Terms t;
  private final Nodes nodes;

  Slopes(Terms terms) {
    this.t = terms;
    this.nodes = terms.nodes();
  }

  Node unary(UnaryOp op, Node x, Node n, Node a) {
    return switch (op) {
      case NEG -> t.neg(a);
      case ABS -> t.mul(a, nodes.unary(UnaryOp.SIGN, x));
      case SIGN, FLOOR, CEIL, ROUND -> t.zero();
      case EXP -> t.mul(a, n);
      // Not n + 1, of which nothing is left where n is near -1.
      case EXPM1 -> t.mul(a, nodes.unary(UnaryOp.EXP, x));
      case LOG -> t.div(a, x);
      case LOG1P -> t.div(a, nodes.add(t.real(1), x));
      case SQRT -> t.div(t.mul(a, t.real(0.5)), n);
      case RSQRT -> t.mul(t.mul(a, t.real(-0.5)), nodes.mul(n, nodes.mul(n, n)));
      case SIN -> t.mul(a, nodes.unary(UnaryOp.COS, x));
      case COS -> t.neg(t.mul(a, nodes.unary(UnaryOp.SIN, x)));
      case TAN -> t.mul(a, nodes.add(t.real(1), nodes.mul(n, n)));
      case TANH -> t.mul(a, nodes.sub(t.real(1), nodes.mul(n, n)));
      case ERF ->
          t.mul(
              t.mul(a, t.real(TWO_OVER_ROOT_PI)),
              nodes.unary(UnaryOp.EXP, nodes.neg(nodes.mul(x, x))));
      case SIGMOID -> t.mul(a, nodes.mul(n, nodes.sub(t.real(1), n)));
      case SOFTPLUS -> t.mul(a, nodes.unary(UnaryOp.SIGMOID, x));
    };
  }

  /** The adjoint of the left operand. */
  Node left(BinaryOp op, Node x, Node y, Node a) {
    return switch (op) {
      case ADD, SUB, MOD -> a;
      case MUL -> t.mul(a, y);
      case DIV -> t.div(a, y);
      case POW -> t.mul(a, powerByBase(x, y));
      case MIN -> extreme(Comparison.LT, x, y, a);
      case MAX -> extreme(Comparison.GT, x, y, a);
      case ATAN2 -> t.mul(a, nodes.div(y, squares(x, y)));
    };
  }

  /** The adjoint of the right operand. */
  Node right(BinaryOp op, Node x, Node y, Node n, Node a) {
    return switch (op) {
      case ADD -> a;
      case SUB -> t.neg(a);
      case MUL -> t.mul(a, x);
      case DIV -> t.neg(t.div(t.mul(a, n), y));
      // x % y = x - y * floor(x / y), the quotient being locally constant (LR-61).
      case MOD -> t.neg(t.mul(a, nodes.unary(UnaryOp.FLOOR, nodes.div(x, y))));
      case POW -> t.mul(a, powerByExponent(x, n));
      case MIN -> extreme(Comparison.GT, x, y, a);
      case MAX -> extreme(Comparison.LT, x, y, a);
      case ATAN2 -> t.neg(t.mul(a, nodes.div(x, squares(x, y))));
    };
  }

  /** Everything to the operand that wins the comparison, half to each of equals. */
  private Node extreme(Comparison wins, Node x, Node y, Node a) {
    return t.within(
        a,
        part ->
            t.select(
                nodes.compare(wins, x, y),
                part,
                t.where(nodes.compare(Comparison.EQ, x, y), t.mul(part, t.real(0.5)))));
  }

  private Node squares(Node x, Node y) {
    return nodes.add(nodes.mul(x, x), nodes.mul(y, y));
  }

  /** {@code y * x^(y - 1)}, and 0 where y is 0 (LR-60: x^0 is 1 everywhere). */
  private Node powerByBase(Node x, Node y) {
    if (Inline.constant(y).isPresent()) {
      double c = Inline.constant(y).getAsDouble();
      if (c == 0) {
        return t.zero();
      }
      if (c == 1) {
        return t.real(1);
      }
      return nodes.mul(t.real(c), c == 2 ? x : nodes.binary(BinaryOp.POW, x, t.real(c - 1)));
    }
    var slope = nodes.mul(y, nodes.binary(BinaryOp.POW, x, nodes.sub(y, t.real(1))));
    return t.where(nodes.compare(Comparison.NE, y, t.real(0)), slope);
  }

  /** {@code x^y * log(x)}, and 0 at x = 0, where it tends to 0 for y > 0. */
  private Node powerByExponent(Node x, Node n) {
    return t.where(
        nodes.compare(Comparison.NE, x, t.real(0)), nodes.mul(n, nodes.unary(UnaryOp.LOG, x)));
  }

  /**
   * By the i-th argument of a draw. Uniform is {@code low + (high - low) * U}, normal {@code mean +
   * deviation * Z}, with the same U and Z for the same site and key; the others do not depend on
   * their arguments continuously, and block (LR-29).
   */
  Node draw(Expr.Draw draw, int argument, Node a) {
    return switch (draw.distribution()) {
      case UNIFORM ->
          t.mul(a, argument == 0 ? nodes.sub(t.real(1), standard(draw)) : standard(draw));
      case NORMAL -> argument == 0 ? a : t.mul(a, standard(draw));
      case TRUNCATED_NORMAL, BERNOULLI, ORTHOGONAL -> t.zero();
    };
  }

  private Node standard(Expr.Draw draw) {
    return nodes.of(
        new Expr.Draw(draw.site(), draw.distribution(), List.of(t.real(0), t.real(1)), draw.key()));
  }

  /** Whether a gradient flows to the arguments of such a draw. */
  static boolean reparametrised(Distribution distribution) {
    return switch (distribution) {
      case UNIFORM, NORMAL -> true;
      case TRUNCATED_NORMAL, BERNOULLI, ORTHOGONAL -> false;
    };
  }
}
