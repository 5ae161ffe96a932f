package dev.nnlang.compiler.equation;

import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Taking nodes apart and putting them together again: what every rewrite does. */
public final class Rebuild {
  private Rebuild() {}

  /** The operands of an expression, in order; those of a read are its subscripts. */
  public static List<Node> operands(Expr expr) {
    return switch (expr) {
      case Expr.Real _, Expr.Bool _, Expr.Index _ -> List.of();
      case Expr.Read(_, var subscripts) -> subscripts;
      case Expr.Unary(_, var x) -> List.of(x);
      case Expr.Binary(_, var x, var y) -> List.of(x, y);
      case Expr.Compare(_, var x, var y) -> List.of(x, y);
      case Expr.Not(var x) -> List.of(x);
      case Expr.And(var x, var y) -> List.of(x, y);
      case Expr.Or(var x, var y) -> List.of(x, y);
      case Expr.Select(var guard, var x, var y) -> List.of(guard, x, y);
      case Expr.Cast(_, var x) -> List.of(x);
      case Expr.StopGradient(var x) -> List.of(x);
      case Expr.Draw(
              _,
              _,
              var arguments,
              Expr.Key(var seed, var step, var example, var element)) -> {
        var all = new ArrayList<>(arguments);
        all.addAll(List.of(seed, step, example, element));
        yield all;
      }
    };
  }

  /** The same expression over other operands; a leaf is given back as it is. */
  public static Node with(Nodes nodes, Node node, UnaryOperator<Node> f) {
    return switch (node.expr()) {
      case Expr.Real _, Expr.Bool _, Expr.Index _ -> node;
      case Expr.Read(var tensor, var subscripts) ->
          nodes.read(tensor, subscripts.stream().map(f).toList());
      case Expr.Unary(var op, var x) -> nodes.unary(op, f.apply(x));
      case Expr.Binary(var op, var x, var y) -> nodes.binary(op, f.apply(x), f.apply(y));
      case Expr.Compare(var op, var x, var y) -> nodes.compare(op, f.apply(x), f.apply(y));
      case Expr.Not(var x) -> nodes.not(f.apply(x));
      case Expr.And(var x, var y) -> nodes.and(f.apply(x), f.apply(y));
      case Expr.Or(var x, var y) -> nodes.or(f.apply(x), f.apply(y));
      case Expr.Select(var guard, var x, var y) ->
          nodes.select(f.apply(guard), f.apply(x), f.apply(y));
      case Expr.Cast(var to, var x) -> nodes.cast(to, f.apply(x));
      case Expr.StopGradient(var x) -> nodes.of(new Expr.StopGradient(f.apply(x)));
      case Expr.Draw(var site, var distribution, var arguments, var key) ->
          nodes.of(
              new Expr.Draw(
                  site,
                  distribution,
                  arguments.stream().map(f).toList(),
                  new Expr.Key(
                      f.apply(key.seed()),
                      f.apply(key.step()),
                      f.apply(key.example()),
                      f.apply(key.element()))));
    };
  }

  /** Rewrites from the leaves up; {@code rule} sees a node whose operands are already rewritten. */
  public static UnaryOperator<Node> upwards(Nodes nodes, Function<Node, Node> rule) {
    var done = new HashMap<Node, Node>();
    return new UnaryOperator<>() {
      @Override
      public Node apply(Node node) {
        var known = done.get(node);
        if (known == null) {
          known = rule.apply(with(nodes, node, this));
          done.put(node, known);
        }
        return known;
      }
    };
  }

  /** Puts polynomials in for indices and dimensions, everywhere in a node. */
  public static UnaryOperator<Node> substitution(Nodes nodes, Map<? extends Atom, Poly> values) {
    return values.isEmpty()
        ? UnaryOperator.identity()
        : upwards(
            nodes,
            node ->
                node.expr() instanceof Expr.Index(var p)
                    ? nodes.index(p.substitute(values))
                    : node);
  }

  /** All nodes below and including the given ones, by id: operands before their users. */
  public static List<Node> reachable(Node... roots) {
    return reachable(List.of(roots));
  }

  /** The same. */
  public static List<Node> reachable(List<Node> roots) {
    return switch (roots.size()) {
      case 1 -> roots.getFirst().reachable();
      case 2 -> merged(roots.getFirst().reachable(), roots.getLast().reachable());
      default -> Node.reachable(roots);
    };
  }

  private static List<Node> merged(List<Node> a, List<Node> b) {
    var all = new ArrayList<Node>(a.size() + b.size());
    int j = 0;
    for (var node : a) {
      while (j < b.size() && b.get(j).id() < node.id()) {
        all.add(b.get(j++));
      }
      if (j < b.size() && b.get(j) == node) {
        j++;
      }
      all.add(node);
    }
    all.addAll(b.subList(j, b.size()));
    return all;
  }

  /** The indices that a node speaks of, in the order of first mention by id. */
  public static Set<Atom.Index> indices(Node... roots) {
    var found = new LinkedHashSet<Atom.Index>();
    for (var node : reachable(roots)) {
      if (node.expr() instanceof Expr.Index(var p)) {
        for (var variable : p.variables()) {
          if (variable instanceof Atom.Index index) {
            found.add(index);
          }
        }
      }
    }
    return found;
  }

  /** The tensors that an equation reads, in its body and in its guard. */
  public static Set<Tensor> tensors(Equation equation) {
    var found = new LinkedHashSet<Tensor>();
    var roots = new ArrayList<Node>();
    roots.add(equation.body());
    equation.reduction().ifPresent(r -> roots.add(r.guard()));
    for (var node : reachable(roots.toArray(Node[]::new))) {
      if (node.expr() instanceof Expr.Read(var tensor, _)) {
        found.add(tensor);
      }
    }
    return found;
  }
}
