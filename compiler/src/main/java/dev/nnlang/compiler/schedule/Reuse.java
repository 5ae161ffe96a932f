package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the values of a slow function where another equation has computed them.
 *
 * <pre>
 * s[t, j] = sigmoid(z[t, 3, j]);   ... sigmoid(z[t, 3, j]) * (1 - sigmoid(z[t, 3, j])) ...
 * becomes                          ... s[t, j] * (1 - s[t, j]) ...
 * </pre>
 *
 * Derivatives are full of such parts. What they then no longer read need not be kept for them.
 */
final class Reuse {
  /** Instructions from which on a function is slower than a read. */
  private static final int SLOW = 20;

  private final Nodes nodes;
  private final Map<Function, List<Equation>> computed = new HashMap<>();

  /** A function of the elements of a tensor. */
  private record Function(Expr.UnaryOp op, Tensor of) {}

  private Reuse(Nodes nodes) {
    this.nodes = nodes;
  }

  /** The definitions as they read each other. */
  static Map<Tensor, Equation> of(Map<Tensor, Equation> definitions, Nodes nodes) {
    var reuse = new Reuse(nodes);
    definitions.values().forEach(reuse::note);
    if (reuse.computed.isEmpty()) {
      return definitions;
    }
    var rewritten = new LinkedHashMap<Tensor, Equation>();
    var noted = new HashSet<Tensor>();
    reuse.computed.values().forEach(some -> some.forEach(e -> noted.add(e.tensor())));
    definitions.forEach(
        (tensor, equation) ->
            rewritten.put(tensor, noted.contains(tensor) ? equation : reuse.reading(equation)));
    return rewritten;
  }

  /** Takes note of an equation that is such a function, of every element it is of just once. */
  private void note(Equation equation) {
    if (equation.reduction().isPresent()
        || !(equation.body().expr() instanceof Expr.Unary(var op, var x))
        || LaneForm.weight(List.of(equation.body())) - LaneForm.weight(List.of(x)) < SLOW
        || !(x.expr() instanceof Expr.Read read)) {
      return;
    }
    int own = 0;
    for (int p = 0; p < read.subscripts().size(); p++) {
      var subscript = read.subscripts().get(p);
      boolean inOrder =
          own < equation.axes().size()
              && subscript == nodes.index(equation.axes().get(own))
              && equation.axes().get(own).extent().equals(read.tensor().shape().get(p));
      if (inOrder) {
        own++;
      } else if (fixed(subscript).isEmpty()) {
        return;
      }
    }
    if (own == equation.axes().size()) {
      computed
          .computeIfAbsent(new Function(op, read.tensor()), _ -> new ArrayList<>())
          .add(equation);
    }
  }

  /** A subscript that is the same for all elements. */
  private static Optional<Poly> fixed(Node subscript) {
    return subscript.expr() instanceof Expr.Index(var value) && value.isConstant()
        ? Optional.of(value)
        : Optional.empty();
  }

  private Equation reading(Equation equation) {
    return Signs.with(
        equation,
        Rebuild.upwards(
            nodes,
            node ->
                node.expr() instanceof Expr.Unary(var op, var x)
                        && x.expr() instanceof Expr.Read read
                    ? found(new Function(op, read.tensor()), read).orElse(node)
                    : node));
  }

  private Optional<Node> found(Function function, Expr.Read at) {
    for (var writer : computed.getOrDefault(function, List.of())) {
      var read = read(writer, at);
      if (read.isPresent()) {
        return read;
      }
    }
    return Optional.empty();
  }

  /** The element that was computed of the one that is read, if there is one. */
  private Optional<Node> read(Equation writer, Expr.Read at) {
    var pattern = (Expr.Read) ((Expr.Unary) writer.body().expr()).x().expr();
    var subscripts = new ArrayList<Node>();
    for (int p = 0; p < at.subscripts().size(); p++) {
      var fixed = fixed(pattern.subscripts().get(p));
      if (fixed.isEmpty()) {
        subscripts.add(at.subscripts().get(p));
      } else if (!fixed.equals(fixed(at.subscripts().get(p)))) {
        return Optional.empty();
      }
    }
    return Optional.of(nodes.read(writer.tensor(), subscripts));
  }
}
