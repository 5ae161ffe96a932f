package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.size.Poly;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Asks a rectified value for the sign of what it was made of, so that only one of the two has to be
 * kept.
 *
 * <pre>
 * h = if z &gt; 0 then z else 0;  ... if z &gt; 0 then ...    becomes    ... if h &gt; 0 then ...
 * </pre>
 *
 * It is the same for every value: where {@code z} is NaN, both conditions fail.
 */
final class Signs {
  private Signs() {}

  /** The groups as their conditions ask the rectified values, in an order in which they can run. */
  static List<List<Equation>> asked(
      List<List<Equation>> groups, Collection<Tensor> roots, Nodes nodes) {
    var rectified = new HashMap<Tensor, Equation>();
    for (var group : groups) {
      if (!Copies.isRecurrence(group)) {
        argument(group.getFirst()).ifPresent(z -> rectified.putIfAbsent(z, group.getFirst()));
      }
    }
    if (rectified.isEmpty()) {
      return groups;
    }
    var definitions = new LinkedHashMap<Tensor, Equation>();
    for (var group : groups) {
      boolean fixed = Copies.isRecurrence(group) || rectified.containsValue(group.getFirst());
      for (var equation : group) {
        definitions.put(equation.tensor(), fixed ? equation : asked(equation, rectified, nodes));
      }
    }
    return Dependences.equations(roots, definitions);
  }

  /** {@code z}, where an equation is {@code if z > 0 then z else 0} at its own place. */
  private static Optional<Tensor> argument(Equation equation) {
    return equation.reduction().isEmpty()
            && rectified(equation.body()) instanceof Node x
            && x.expr() instanceof Expr.Read(var z, var subscripts)
            && isOwn(subscripts, equation)
            && z.shape().equals(equation.tensor().shape())
        ? Optional.of(z)
        : Optional.empty();
  }

  private static boolean isOwn(List<Node> subscripts, Equation equation) {
    for (int p = 0; p < subscripts.size(); p++) {
      var own = Poly.of(equation.axes().get(p).index());
      if (!(subscripts.get(p).expr() instanceof Expr.Index(var value)) || !value.equals(own)) {
        return false;
      }
    }
    return subscripts.size() == equation.axes().size();
  }

  /** {@code x}, where a node is {@code if x > 0 then x else 0}; else null. */
  private static Node rectified(Node node) {
    return node.expr() instanceof Expr.Select(var guard, var x, var y)
            && Inline.is(y, 0)
            && positive(guard) == x
        ? x
        : null;
  }

  /** {@code x}, where a node is {@code x > 0}; else null. */
  private static Node positive(Node node) {
    return node.expr() instanceof Expr.Compare(var op, var x, var y)
            && op == Comparison.GT
            && Inline.is(y, 0)
        ? x
        : null;
  }

  /** {@code x > 0}, where a node asks whether a rectified {@code x} is above 0; else the node. */
  static Node plain(Node node, Nodes nodes) {
    var asked = positive(node);
    var x = asked == null ? null : rectified(asked);
    return x == null ? node : nodes.compare(Comparison.GT, x, nodes.real(0));
  }

  private static Equation asked(Equation equation, Map<Tensor, Equation> rectified, Nodes nodes) {
    var rewrite =
        Rebuild.upwards(
            nodes,
            node ->
                positive(node) instanceof Node x
                        && x.expr() instanceof Expr.Read(var z, var subscripts)
                        && rectified.containsKey(z)
                    ? nodes.compare(
                        Comparison.GT,
                        nodes.read(rectified.get(z).tensor(), subscripts),
                        nodes.real(0))
                    : node);
    return with(equation, rewrite);
  }

  /** The equation with rewritten expressions. */
  static Equation with(Equation equation, UnaryOperator<Node> rewrite) {
    var reduction =
        equation.reduction().map(r -> new Reduction(r.kind(), r.axes(), rewrite.apply(r.guard())));
    return new Equation(
        equation.tensor(),
        equation.axes(),
        reduction,
        rewrite.apply(equation.body()),
        equation.origin());
  }
}
