package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes a condition out of a product whose factor is 0 wherever it fails, as the adjoint of a mask
 * is.
 *
 * <pre>
 * g[t, s] = if s &lt;= t then ... else 0
 * d[s, e] = sum[t | s &lt;= t](g[t, s] * q[t, e])    becomes    sum[t](g[t, s] * q[t, e])
 * </pre>
 *
 * A product puts 0 in place of a factor where a condition fails ({@link Contractions}), so these
 * are the same numbers; but what is no condition's any more is a tensor that can be read where it
 * lies.
 */
final class Zeros {
  private final Map<Tensor, Equation> guarded = new HashMap<>();
  private final Strips strips;
  private final Products products;
  private final Nodes nodes;

  private Zeros(Strips strips, Products products, Nodes nodes) {
    this.strips = strips;
    this.products = products;
    this.nodes = nodes;
  }

  /** The groups with such products as they are without the conditions. */
  static List<List<Equation>> known(
      List<List<Equation>> groups, Strips strips, Products products, Nodes nodes) {
    var zeros = new Zeros(strips, products, nodes);
    groups.forEach(g -> g.forEach(zeros::define));
    return zeros.guarded.isEmpty()
        ? groups
        : groups.stream().map(g -> g.stream().map(zeros::asked).toList()).toList();
  }

  private void define(Equation equation) {
    if (equation.reduction().isEmpty()
        && equation.body().expr() instanceof Expr.Select(_, _, var otherwise)
        && Inline.is(otherwise, 0)) {
      guarded.put(equation.tensor(), equation);
    }
  }

  private Equation asked(Equation equation) {
    boolean asks =
        equation.reduction().isPresent()
            && equation.reduction().get().guard() != nodes.bool(true)
            && strips.of(equation).isEmpty()
            && products.of(equation).isPresent();
    var found = equation;
    if (asks) {
      for (var condition : conditions(equation.body())) {
        found = without(condition, found);
      }
    }
    return found;
  }

  /** The product without a condition, if that changes nothing but the factor that is 0. */
  private Equation without(Node condition, Equation equation) {
    var reduction = equation.reduction().orElseThrow();
    var left = new ArrayList<Node>();
    Contractions.conjuncts(reduction.guard(), left);
    if (!left.remove(condition)) {
      return equation;
    }
    var guard = nodes.bool(true);
    for (var other : left) {
      guard = nodes.and(guard, other);
    }
    var found =
        new Equation(
            equation.tensor(),
            equation.axes(),
            Optional.of(new Reduction(reduction.kind(), reduction.axes(), guard)),
            equation.body(),
            equation.origin());
    var before = products.of(equation).orElseThrow();
    // A condition may be what keeps another factor's read inside of its tensor, or makes it 0, too.
    boolean isSame =
        products
            .of(found)
            .filter(
                after ->
                    !Collections.disjoint(
                        List.of(before.left(), before.right()),
                        List.of(after.left(), after.right())))
            .isPresent();
    return isSame ? found : equation;
  }

  /** Conditions such that a factor is 0 where one of them fails. */
  private Set<Node> conditions(Node product) {
    var found = new LinkedHashSet<Node>();
    switch (product.expr()) {
      case Expr.Binary(var op, var x, var y) when op == Expr.BinaryOp.MUL -> {
        found.addAll(conditions(x));
        found.addAll(conditions(y));
      }
      case Expr.Read(var tensor, var subscripts) when guarded.containsKey(tensor) -> {
        var value = Inline.at(nodes, guarded.get(tensor), subscripts);
        if (value.expr() instanceof Expr.Select(var guard, _, _)) {
          var all = new ArrayList<Node>();
          Contractions.conjuncts(guard, all);
          found.addAll(all);
        }
      }
      default -> {}
    }
    return found;
  }
}
