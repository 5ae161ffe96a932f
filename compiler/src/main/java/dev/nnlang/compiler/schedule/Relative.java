package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Tensor;
import java.util.Optional;
import java.util.Set;

/**
 * What is added up relative to a largest value: {@code exp(s - m) * term / divisor}, where {@code
 * m} is the largest {@code s} of the row, the term does not hold {@code m}, and the divisor is the
 * same for all of the row. Then the sum need not wait for {@code m}: relative to {@code m - d} it
 * is {@code exp(d)} times as large.
 *
 * @param term with the exponential
 */
record Relative(Node term, Optional<Node> divisor) {

  /**
   * A term as that, if it is one.
   *
   * @param most the equation of the largest value
   * @param own tensors that are not there before the row's end
   */
  static Optional<Relative> of(
      Node node, StripSum sum, Equation most, Set<Tensor> own, Nodes nodes) {
    return new Search(sum, most, own, nodes).of(node);
  }

  private record Search(StripSum sum, Equation most, Set<Tensor> own, Nodes nodes) {
    Optional<Relative> of(Node node) {
      return switch (node.expr()) {
        case Expr.Unary(var op, var x) when op == UnaryOp.EXP -> exponential(node, x);
        case Expr.Binary(var op, var x, var y) when op == BinaryOp.MUL ->
            waits(y)
                ? of(y).filter(_ -> !waits(x)).map(r -> r.with(nodes.mul(x, r.term)))
                : of(x).map(r -> r.with(nodes.mul(r.term, y)));
        case Expr.Binary(var op, var x, var y) when op == BinaryOp.DIV -> divided(x, y);
        case Expr.Select(var guard, var x, var y) when Inline.is(y, 0) && !waits(guard) ->
            of(x).map(r -> r.with(nodes.select(guard, r.term, y)));
        case Expr.StopGradient(var x) -> of(x);
        default -> Optional.empty();
      };
    }

    /** Relative to the largest value, or to what the row has in common. */
    private Optional<Relative> exponential(Node node, Node x) {
      if (!(x.expr() instanceof Expr.Binary(var op, var s, var y))
          || op != BinaryOp.SUB
          || s != most.body()) {
        return Optional.empty();
      }
      if (y == largest()) {
        return Optional.of(new Relative(node, Optional.empty()));
      }
      return isOfRow(y)
          ? Optional.of(
              new Relative(
                  nodes.unary(UnaryOp.EXP, nodes.sub(s, largest())), Optional.of(above(y))))
          : Optional.empty();
    }

    private Node largest() {
      return nodes.readAt(most.tensor(), most.axes());
    }

    /** {@code exp(y - m)}; what is {@code m + log(z)} is {@code z} times as large. */
    private Node above(Node y) {
      if (y == largest()) {
        return nodes.real(1);
      }
      return switch (y.expr()) {
        case Expr.Select(var guard, var x, var z) -> nodes.select(guard, above(x), above(z));
        case Expr.Binary(var op, var x, Node log)
            when op == BinaryOp.ADD
                && x == largest()
                && log.expr() instanceof Expr.Unary(var of, var z)
                && of == UnaryOp.LOG ->
            z;
        default -> nodes.unary(UnaryOp.EXP, nodes.sub(y, largest()));
      };
    }

    private boolean isOfRow(Node y) {
      return !Access.mentions(y, sum.columns())
          && sum.factors().stream().noneMatch(f -> Access.mentions(y, f.own()));
    }

    private Optional<Relative> divided(Node x, Node y) {
      if (!waits(y)) {
        return of(x).map(r -> r.with(nodes.div(r.term, y)));
      }
      return isOfRow(y)
          ? of(x)
              .map(
                  r ->
                      new Relative(
                          r.term, Optional.of(r.divisor.map(d -> nodes.mul(d, y)).orElse(y))))
          : Optional.empty();
    }

    /** Whether it needs what is not there before the row's end. */
    private boolean waits(Node node) {
      return node.tensors().stream().anyMatch(own::contains);
    }
  }

  private Relative with(Node other) {
    return new Relative(other, divisor);
  }
}
