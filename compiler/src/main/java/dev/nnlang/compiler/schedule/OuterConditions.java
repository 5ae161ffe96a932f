package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.RangeCheck;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes conditions out of a sum that speak of no summed index, where what is left is a product.
 *
 * <pre>
 * d[i, p, c] = sum[r, o | 2i + p &gt;= 1 and p + 2r &lt; 3](z[i - r, o] * w[p + 2r, c, o])
 * becomes      s[i, p, c] = sum[r, o | i - r &gt;= 0 and p + 2r &lt; 3](z[i - r, o] * w[p + 2r, c, o]);
 *              d[i, p, c] = if 2i + p &gt;= 1 then s[i, p, c] else 0
 * </pre>
 *
 * A condition that belongs to both factors keeps a sum from being a product; the adjoint of a
 * strided convolution has such. What it kept inside of its tensor gets a condition of its own: it
 * holds where the value counts, and where it does not the value is thrown away.
 *
 * @param inner the product, without indices that only the conditions had
 * @param outer the equation that was given, in terms of the product
 */
record OuterConditions(Equation inner, Equation outer) {

  static Optional<OuterConditions> of(Equation equation, Nodes nodes) {
    var reduction = equation.reduction().orElseThrow();
    var outside = new ArrayList<Node>();
    var inside = new ArrayList<Node>();
    var conditions = new ArrayList<Node>();
    Contractions.conjuncts(reduction.guard(), conditions);
    for (var condition : conditions) {
      (Access.mentions(condition, reduction.axes()) ? inside : outside).add(condition);
    }
    if (outside.isEmpty() || Contractions.recognise(equation, nodes).isPresent()) {
      return Optional.empty();
    }
    var all = new ArrayList<>(equation.axes());
    all.addAll(reduction.axes());
    inside.addAll(needed(equation.body(), all(inside, nodes), all, nodes));
    var guard = all(inside, nodes);
    var indices = Rebuild.indices(equation.body(), guard);
    var axes = equation.axes().stream().filter(a -> indices.contains(a.index())).toList();
    var inner =
        inner(equation, axes, new Reduction(reduction.kind(), reduction.axes(), guard), nodes);
    boolean stands =
        RangeCheck.standsAlone(nodes.select(guard, equation.body(), nodes.real(0)), all);
    if (!stands || Contractions.recognise(inner, nodes).isEmpty()) {
      return Optional.empty();
    }
    var value =
        nodes.select(all(outside, nodes), nodes.readAt(inner.tensor(), axes), nodes.real(0));
    return Optional.of(
        new OuterConditions(
            inner, new Equation(equation.tensor(), equation.axes(), value, equation.origin())));
  }

  private static Equation inner(
      Equation equation, List<Axis> axes, Reduction reduction, Nodes nodes) {
    var tensor =
        new Tensor(
            nodes.fresh("all_" + equation.tensor().name()),
            equation.tensor().type(),
            axes.stream().map(Axis::extent).toList());
    var origin = equation.origin().because(equation.tensor() + " where no condition is asked");
    return new Equation(tensor, axes, Optional.of(reduction), equation.body(), origin);
  }

  /** Conditions that keep reads inside which the guard does not. */
  private static List<Node> needed(Node body, Node guard, List<Axis> axes, Nodes nodes) {
    var needed = new ArrayList<Node>();
    for (var node : Walk.nodes(List.of(body))) {
      if (node.expr() instanceof Expr.Read(var tensor, var subscripts)
          && node.type() == Type.REAL
          && !RangeCheck.standsAlone(nodes.select(guard, node, nodes.real(0)), axes)) {
        for (int p = 0; p < subscripts.size(); p++) {
          if (subscripts.get(p).expr() instanceof Expr.Index(var at) && at.terms().size() > 1) {
            needed.add(nodes.atLeastZero(at));
            needed.add(nodes.atLeastZero(tensor.shape().get(p).minus(1).minus(at)));
          }
        }
      }
    }
    return needed;
  }

  private static Node all(List<Node> conditions, Nodes nodes) {
    var all = nodes.bool(true);
    for (var condition : conditions) {
      all = nodes.and(all, condition);
    }
    return all;
  }
}
