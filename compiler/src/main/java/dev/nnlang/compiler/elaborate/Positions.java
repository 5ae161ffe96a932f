package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Polynomials of indices as nodes, also where an index is a number from the data. */
final class Positions {
  private Positions() {}

  /** {@code p} with these nodes for indices: still an affine index where all of them are. */
  static Node of(Nodes nodes, Poly p, Map<Atom.Index, Node> values) {
    var affine = new HashMap<Atom, Poly>();
    values.forEach(
        (index, node) -> {
          if (node.expr() instanceof Expr.Index(var q)) {
            affine.put(index, q);
          }
        });
    if (p.variables().stream().noneMatch(v -> values.containsKey(v) && !affine.containsKey(v))) {
      return nodes.index(p.substitute(affine));
    }
    var rest = Poly.ZERO;
    Node sum = null;
    for (var term : p.terms().entrySet()) {
      if (term.getKey().stream().noneMatch(a -> mentions(a, values, affine))) {
        rest = rest.plus(monomial(term.getKey()).times(term.getValue()));
        continue;
      }
      Node product = term.getValue() == 1 ? null : nodes.integer(term.getValue());
      for (var atom : term.getKey()) {
        var factor = atom(nodes, atom, values);
        product = product == null ? factor : nodes.mul(product, factor);
      }
      sum = sum == null ? product : nodes.add(sum, product);
    }
    return rest.is(0) ? sum : nodes.add(sum, nodes.index(rest.substitute(affine)));
  }

  private static Poly monomial(List<Atom> atoms) {
    return Poly.product(atoms.stream().map(Poly::of).toList());
  }

  private static boolean mentions(Atom atom, Map<Atom.Index, Node> values, Map<Atom, Poly> affine) {
    return Poly.of(atom).variables().stream()
        .anyMatch(v -> values.containsKey(v) && !affine.containsKey(v));
  }

  private static Node atom(Nodes nodes, Atom atom, Map<Atom.Index, Node> values) {
    return switch (atom) {
      case Atom.Dim _ -> nodes.index(Poly.of(atom));
      case Atom.Index index -> values.getOrDefault(index, nodes.index(Poly.of(atom)));
      case Atom.Quotient(var a, var b) ->
          nodes.binary(BinaryOp.DIV, of(nodes, a, values), of(nodes, b, values));
      case Atom.Remainder(var a, var b) ->
          nodes.binary(BinaryOp.MOD, of(nodes, a, values), of(nodes, b, values));
    };
  }

  /** {@code node} with other positions for some of its indices. */
  static Node substitute(Nodes nodes, Node node, Map<Atom.Index, Node> values) {
    if (values.isEmpty()) {
      return node;
    }
    return Rebuild.upwards(
            nodes,
            n ->
                n.expr() instanceof Expr.Index(var p)
                        && p.variables().stream().anyMatch(values::containsKey)
                    ? of(nodes, p, values)
                    : n)
        .apply(node);
  }
}
