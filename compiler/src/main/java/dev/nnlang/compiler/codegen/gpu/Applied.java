package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Access;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.size.Poly;
import java.util.List;
import java.util.Optional;

/**
 * What is applied to a product's sums, of that which a library applies as it stores them.
 *
 * @param bias a vector that is added to every row
 * @param atLeastZero whether what is below 0 then becomes 0
 */
record Applied(Optional<Tensor> bias, boolean atLeastZero) {
  /** Empty where the last of the product's equations is made of its sums in another way. */
  static Optional<Applied> of(Kernel.Contraction product, List<Axis> columns) {
    var last = product.equations().getLast();
    return made(last.body(), last, product, columns);
  }

  /**
   * How a value is made of the product's sums, by this and the equations before.
   *
   * @param equation whose body the value is a part of
   */
  private static Optional<Applied> made(
      Node value, Equation equation, Kernel.Contraction product, List<Axis> columns) {
    if (equation == product.equation()) {
      return Optional.of(new Applied(Optional.empty(), false));
    }
    var before = product.equations().stream().filter(e -> isValueOf(value, e)).findFirst();
    if (before.isPresent()) {
      return made(before.get().body(), before.get(), product, columns);
    }
    if (value.expr() instanceof Expr.Binary(var op, var x, var y) && op == Expr.BinaryOp.ADD) {
      return plus(x, y, equation, product, columns)
          .or(() -> plus(y, x, equation, product, columns));
    }
    return positive(value)
        .flatMap(x -> made(x, equation, product, columns))
        .filter(a -> !a.atLeastZero())
        .map(a -> new Applied(a.bias(), true));
  }

  /** With a vector that is added to every row alike. */
  private static Optional<Applied> plus(
      Node x, Node y, Equation equation, Kernel.Contraction product, List<Axis> columns) {
    if (!(y.expr() instanceof Expr.Read(var tensor, var subscripts))
        || tensor.type() != Type.REAL
        || product.equations().stream().anyMatch(e -> e.tensor().equals(tensor))
        || subscripts.stream().anyMatch(s -> !(s.expr() instanceof Expr.Index))
        || !PlainProduct.withoutSingles(Access.place(tensor, subscripts), List.of(columns))
            .equals(PlainProduct.part(columns, Poly.ONE))) {
      return Optional.empty();
    }
    return made(x, equation, product, columns)
        .filter(a -> a.bias().isEmpty() && !a.atLeastZero())
        .map(_ -> new Applied(Optional.of(tensor), false));
  }

  private static boolean isValueOf(Node node, Equation equation) {
    return node.expr() instanceof Expr.Read read
        && read.tensor().equals(equation.tensor())
        && Layout.isOwn(read, equation.axes());
  }

  /** Of {@code max(0, x)}, or a choice of x where it is above 0: x. */
  private static Optional<Node> positive(Node value) {
    return switch (value.expr()) {
      case Expr.Binary(var op, var x, var y) when op == Expr.BinaryOp.MAX ->
          isZero(y) ? Optional.of(x) : isZero(x) ? Optional.of(y) : Optional.empty();
      case Expr.Select(var guard, var then, var otherwise)
          when guard.expr() instanceof Expr.Compare(var op, var x, var y)
              && (op == Expr.Comparison.GT || op == Expr.Comparison.GE)
              && x == then
              && isZero(y)
              && isZero(otherwise) ->
          Optional.of(x);
      default -> Optional.empty();
    };
  }

  private static boolean isZero(Node node) {
    return node.expr() instanceof Expr.Real(var value) && value == 0;
  }
}
