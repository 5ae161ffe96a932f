package dev.nnlang.compiler.equation;

import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The right side of an equation at given subscripts, which may be gathers. */
public final class Inline {
  private Inline() {}

  /** The body of an equation with {@code subscripts} for its axes. */
  public static Node at(Nodes nodes, Equation equation, List<Node> subscripts) {
    return instantiate(nodes, equation.body(), equation.axes(), subscripts);
  }

  /** {@code node} with these values for these axes. */
  public static Node instantiate(Nodes nodes, Node node, List<Axis> axes, List<Node> values) {
    var affine = new HashMap<Atom, Poly>();
    var gathers = new HashMap<Atom, Node>();
    for (int j = 0; j < axes.size(); j++) {
      if (values.get(j).expr() instanceof Expr.Index(var p)) {
        affine.put(axes.get(j).index(), p);
      } else {
        gathers.put(axes.get(j).index(), values.get(j));
      }
    }
    return Rebuild.upwards(
            nodes,
            n -> n.expr() instanceof Expr.Index(var p) ? arithmetic(nodes, p, affine, gathers) : n)
        .apply(node);
  }

  private static Node arithmetic(
      Nodes nodes, Poly p, Map<Atom, Poly> affine, Map<Atom, Node> gathers) {
    if (gathers.isEmpty() || p.variables().stream().noneMatch(gathers::containsKey)) {
      return nodes.index(p.substitute(affine));
    }
    Node sum = null;
    for (var term : p.terms().entrySet()) {
      Node product = nodes.integer(term.getValue());
      for (var atom : term.getKey()) {
        var factor = atom(nodes, atom, affine, gathers);
        product =
            product.expr() instanceof Expr.Index(var one) && one.is(1)
                ? factor
                : nodes.mul(product, factor);
      }
      sum = sum == null ? product : nodes.add(sum, product);
    }
    return sum == null ? nodes.integer(0) : sum;
  }

  private static Node atom(
      Nodes nodes, Atom atom, Map<Atom, Poly> affine, Map<Atom, Node> gathers) {
    return switch (atom) {
      case Atom.Dim _ -> nodes.index(Poly.of(atom));
      case Atom.Index _ ->
          gathers.containsKey(atom)
              ? gathers.get(atom)
              : nodes.index(affine.getOrDefault(atom, Poly.of(atom)));
      case Atom.Quotient(var a, var b) ->
          nodes.binary(
              BinaryOp.DIV,
              arithmetic(nodes, a, affine, gathers),
              arithmetic(nodes, b, affine, gathers));
      case Atom.Remainder(var a, var b) ->
          nodes.binary(
              BinaryOp.MOD,
              arithmetic(nodes, a, affine, gathers),
              arithmetic(nodes, b, affine, gathers));
    };
  }

  /** The number that a node is, if it is one: a real constant, or an integer made real. */
  public static OptionalDouble constant(Node node) {
    return switch (node.expr()) {
      case Expr.Real(var value) -> OptionalDouble.of(value);
      case Expr.Cast(var to, Node(_, Expr.Index(var p), _, _))
          when to == Type.REAL && p.isConstant() ->
          OptionalDouble.of(p.constantTerm());
      default -> OptionalDouble.empty();
    };
  }

  /** Whether a node is this number. */
  public static boolean is(Node node, double value) {
    var constant = constant(node);
    return constant.isPresent() && constant.getAsDouble() == value;
  }
}
