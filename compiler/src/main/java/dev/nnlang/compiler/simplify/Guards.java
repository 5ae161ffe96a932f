package dev.nnlang.compiler.simplify;

import dev.nnlang.compiler.equation.Conditions;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.size.Facts;
import dev.nnlang.compiler.size.Prover;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Guards that always hold, or never do, under the ranges and the guards around them; and quotients
 * of indices that ranges resolve.
 *
 * <pre>
 * y[i: 4] = if i + 1 &lt; 5 then x[i + 1] else 0.0        y[i: 4] = x[i + 1]
 * y[i: 4] = sum[k: 3 | k &lt;= i + 2](x[(3*i + k) / 3])   y[i: 4] = sum[k: 3](x[i])
 * </pre>
 */
final class Guards {
  private final Nodes nodes;
  private final Map<Facts, Map<Node, Node>> done = new HashMap<>();
  private final Map<Facts, Prover> provers = new HashMap<>();

  private Guards(Nodes nodes) {
    this.nodes = nodes;
  }

  static Equation simplify(Nodes nodes, Equation equation) {
    var roots = new ArrayList<Node>();
    roots.add(equation.body());
    equation.reduction().ifPresent(r -> roots.add(r.guard()));
    for (var node : Rebuild.reachable(roots)) {
      if (worthwhile(node)) {
        return new Guards(nodes).apply(equation);
      }
    }
    return equation;
  }

  private static boolean worthwhile(Node node) {
    return switch (node.expr()) {
      case Expr.Compare(_, var x, var y) ->
          x.expr() instanceof Expr.Index && y.expr() instanceof Expr.Index;
      case Expr.Index(var p) -> p.hasQuotient();
      default -> false;
    };
  }

  private Equation apply(Equation equation) {
    var facts = Conditions.ranges(equation.axes()).and(Conditions.ranges(equation.reduced()));
    Optional<Reduction> reduction = Optional.empty();
    if (equation.reduction().isPresent()) {
      var r = equation.reduction().get();
      var guard = rewrite(r.guard(), facts);
      reduction = Optional.of(new Reduction(r.kind(), r.axes(), guard));
      facts = Conditions.assume(facts, guard);
    }
    var body = rewrite(equation.body(), facts);
    return body == equation.body() && reduction.equals(equation.reduction())
        ? equation
        : new Equation(equation.tensor(), equation.axes(), reduction, body, equation.origin());
  }

  private Prover prover(Facts facts) {
    return provers.computeIfAbsent(facts, Prover::new);
  }

  private Node rewrite(Node node, Facts facts) {
    var known = done.computeIfAbsent(facts, _ -> new HashMap<>());
    var earlier = known.get(node);
    if (earlier != null) {
      return earlier;
    }
    var result = rewritten(node, facts);
    known.put(node, result);
    return result;
  }

  private Node rewritten(Node node, Facts facts) {
    return switch (node.expr()) {
      case Expr.Index(var p) -> nodes.index(prover(facts).simplify(p));
      case Expr.Compare _ -> {
        var simple = Rebuild.with(nodes, node, x -> rewrite(x, facts));
        yield Conditions.always(prover(facts), simple)
            ? nodes.bool(true)
            : Conditions.never(prover(facts), simple) ? nodes.bool(false) : simple;
      }
      case Expr.And(var x, var y) -> {
        var left = rewrite(x, facts);
        yield isFalse(left)
            ? left
            : falseIf(nodes.and(left, rewrite(y, Conditions.assume(facts, left))));
      }
      case Expr.Or(var x, var y) -> {
        var left = rewrite(x, facts);
        yield nodes.or(left, rewrite(y, Conditions.deny(facts, left)));
      }
      case Expr.Select(var guard, var x, var y) -> {
        var g = rewrite(guard, facts);
        if (g.expr() instanceof Expr.Bool(var value)) {
          yield rewrite(value ? x : y, facts);
        }
        yield nodes.select(
            g, rewrite(x, Conditions.assume(facts, g)), rewrite(y, Conditions.deny(facts, g)));
      }
      case Expr.Real _, Expr.Bool _, Expr.Read _, Expr.Unary _, Expr.Binary _, Expr.Not _ ->
          Rebuild.with(nodes, node, x -> rewrite(x, facts));
      case Expr.Cast _, Expr.StopGradient _, Expr.Draw _ ->
          Rebuild.with(nodes, node, x -> rewrite(x, facts));
    };
  }

  /** {@code x and false} is false where x cannot fail, and nothing here can. */
  private Node falseIf(Node node) {
    return node.expr() instanceof Expr.And(_, var y) && isFalse(y) ? y : node;
  }

  private static boolean isFalse(Node node) {
    return node.expr() instanceof Expr.Bool(var value) && !value;
  }
}
