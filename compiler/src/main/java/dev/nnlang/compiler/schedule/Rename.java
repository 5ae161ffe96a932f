package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts other subscripts for indices, so that equations can share a loop. */
final class Rename {
  private Rename() {}

  /** An equation whose indices have new names; what is not in the map gets a fresh one. */
  static Equation equation(Equation equation, Map<Atom.Index, Axis> names, Nodes nodes) {
    var to = new HashMap<Atom, Poly>();
    var axes = equation.axes().stream().map(a -> rename(a, names, to, nodes)).toList();
    if (equation.reduction().isEmpty()) {
      var body = nodes(List.of(equation.body()), to, nodes).get(equation.body());
      return new Equation(equation.tensor(), axes, body, equation.origin());
    }
    var reduction = equation.reduction().get();
    var reduced = reduction.axes().stream().map(a -> rename(a, names, to, nodes)).toList();
    var made = nodes(Walk.roots(equation), to, nodes);
    return new Equation(
        equation.tensor(),
        axes,
        java.util.Optional.of(
            new Reduction(reduction.kind(), reduced, made.get(reduction.guard()))),
        made.get(equation.body()),
        equation.origin());
  }

  private static Axis rename(
      Axis axis, Map<Atom.Index, Axis> names, Map<Atom, Poly> to, Nodes nodes) {
    var given = names.get(axis.index());
    var renamed =
        given == null
            ? Axis.of(nodes.fresh(axis.name()), axis.extent())
            : new Axis(given.index(), axis.extent());
    to.put(axis.index(), Poly.of(renamed.index()));
    return renamed;
  }

  /** Every node below the roots with polynomials in place of indices. */
  static Map<Node, Node> nodes(Collection<Node> roots, Map<Atom, Poly> to, Nodes nodes) {
    var made = new HashMap<Node, Node>();
    for (var node : Walk.nodes(roots)) {
      made.put(node, node(node, made, to, nodes));
    }
    return made;
  }

  private static List<Node> each(List<Node> some, Map<Node, Node> made) {
    var all = new ArrayList<Node>(some.size());
    for (var node : some) {
      all.add(made.get(node));
    }
    return all;
  }

  private static Node node(Node node, Map<Node, Node> made, Map<Atom, Poly> to, Nodes nodes) {
    return switch (node.expr()) {
      case Expr.Real _, Expr.Bool _ -> node;
      case Expr.Index(var value) -> nodes.index(value.substitute(to));
      case Expr.Read(var tensor, var subscripts) -> nodes.read(tensor, each(subscripts, made));
      case Expr.Unary(var op, var x) -> nodes.unary(op, made.get(x));
      case Expr.Binary(var op, var x, var y) -> nodes.binary(op, made.get(x), made.get(y));
      case Expr.Compare(var op, var x, var y) -> nodes.compare(op, made.get(x), made.get(y));
      case Expr.Not(var x) -> nodes.not(made.get(x));
      case Expr.And(var x, var y) -> nodes.and(made.get(x), made.get(y));
      case Expr.Or(var x, var y) -> nodes.or(made.get(x), made.get(y));
      case Expr.Select(var g, var x, var y) -> nodes.select(made.get(g), made.get(x), made.get(y));
      case Expr.Cast(var type, var x) -> nodes.cast(type, made.get(x));
      case Expr.StopGradient(var x) -> nodes.of(new Expr.StopGradient(made.get(x)));
      case Expr.Draw(var site, var distribution, var arguments, var key) ->
          nodes.of(
              new Expr.Draw(
                  site,
                  distribution,
                  arguments.stream().map(made::get).toList(),
                  new Expr.Key(
                      made.get(key.seed()),
                      made.get(key.step()),
                      made.get(key.example()),
                      made.get(key.element()))));
    };
  }
}
