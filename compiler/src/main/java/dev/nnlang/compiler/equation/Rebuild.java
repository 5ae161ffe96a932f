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

  /** The same expression over other operands; the same node where they are what they were. */
  public static Node with(Nodes nodes, Node node, UnaryOperator<Node> f) {
    return switch (node.expr()) {
      case Expr.Real _, Expr.Bool _, Expr.Index _ -> node;
      case Expr.Read(var tensor, var subscripts) -> {
        var moved = each(subscripts, f);
        yield moved == subscripts ? node : nodes.read(tensor, moved);
      }
      case Expr.Unary(var op, var x) -> {
        var a = f.apply(x);
        yield a == x ? node : nodes.unary(op, a);
      }
      case Expr.Binary(var op, var x, var y) -> {
        var a = f.apply(x);
        var b = f.apply(y);
        yield a == x && b == y ? node : nodes.binary(op, a, b);
      }
      case Expr.Compare(var op, var x, var y) -> {
        var a = f.apply(x);
        var b = f.apply(y);
        yield a == x && b == y ? node : nodes.compare(op, a, b);
      }
      case Expr.Not(var x) -> {
        var a = f.apply(x);
        yield a == x ? node : nodes.not(a);
      }
      case Expr.And(var x, var y) -> {
        var a = f.apply(x);
        var b = f.apply(y);
        yield a == x && b == y ? node : nodes.and(a, b);
      }
      case Expr.Or(var x, var y) -> {
        var a = f.apply(x);
        var b = f.apply(y);
        yield a == x && b == y ? node : nodes.or(a, b);
      }
      case Expr.Select(var guard, var x, var y) -> {
        var g = f.apply(guard);
        var a = f.apply(x);
        var b = f.apply(y);
        yield g == guard && a == x && b == y ? node : nodes.select(g, a, b);
      }
      case Expr.Cast(var to, var x) -> {
        var a = f.apply(x);
        yield a == x ? node : nodes.cast(to, a);
      }
      case Expr.StopGradient(var x) -> {
        var a = f.apply(x);
        yield a == x ? node : nodes.of(new Expr.StopGradient(a));
      }
      case Expr.Draw(var site, var distribution, var arguments, var key) ->
          nodes.of(
              new Expr.Draw(
                  site,
                  distribution,
                  each(arguments, f),
                  new Expr.Key(
                      f.apply(key.seed()),
                      f.apply(key.step()),
                      f.apply(key.example()),
                      f.apply(key.element()))));
    };
  }

  /** The same list where nothing in it changes. */
  private static List<Node> each(List<Node> some, UnaryOperator<Node> f) {
    ArrayList<Node> changed = null;
    for (int i = 0; i < some.size(); i++) {
      var before = some.get(i);
      var after = f.apply(before);
      if (after != before && changed == null) {
        changed = new ArrayList<>(some);
      }
      if (changed != null) {
        changed.set(i, after);
      }
    }
    return changed == null ? some : changed;
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

  /** All reads of an equation, in its body and in its guard. */
  public static List<Expr.Read> reads(Equation equation) {
    var body = equation.body();
    var guard = guard(equation);
    if (guard == null) {
      return body.reads();
    }
    var reads = new ArrayList<Expr.Read>();
    for (var node : reachable(body, guard)) {
      if (node.expr() instanceof Expr.Read read) {
        reads.add(read);
      }
    }
    return reads;
  }

  /** The tensors that an equation reads, in a fixed order. */
  public static Set<Tensor> tensors(Equation equation) {
    if (guard(equation) == null) {
      return equation.body().tensors();
    }
    var found = new LinkedHashSet<Tensor>();
    reads(equation).forEach(r -> found.add(r.tensor()));
    return found;
  }

  /** The guard of an equation that has one with reads in it; most have not. */
  private static Node guard(Equation equation) {
    return equation.reduction().isPresent() && !equation.reduction().get().guard().reads().isEmpty()
        ? equation.reduction().get().guard()
        : null;
  }
}
