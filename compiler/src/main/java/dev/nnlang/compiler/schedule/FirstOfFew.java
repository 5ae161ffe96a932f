package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Poly;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Writes the place of the first extreme of few values as choices between them, where it is only
 * compared with numbers, and keeps it as a real: both sides then run in lanes.
 *
 * <pre>
 * p[i] = argmax[k: 2](x[2i + k]);       dx[u] = if p[u / 2] == u % 2 then ...
 * becomes
 * p[i] = if not x[2i + 1] &lt;= x[2i] and x[2i] == x[2i] then 1.0 else 0.0;    ... p[u / 2] == real(u % 2)
 * </pre>
 *
 * The conditions are those of a plain search: the first NaN wins. A place among so few is a small
 * number, which a real of either precision holds.
 */
final class FirstOfFew {
  private final Nodes nodes;
  private final Map<Tensor, Equation> definitions;

  private FirstOfFew(Map<Tensor, Equation> definitions, Nodes nodes) {
    this.definitions = definitions;
    this.nodes = nodes;
  }

  /**
   * The definitions with such places as reals.
   *
   * @param wanted what must be as it is at the end
   */
  static Map<Tensor, Equation> chosen(
      Map<Tensor, Equation> definitions, Set<Tensor> wanted, Nodes nodes) {
    return new FirstOfFew(definitions, nodes).chosen(wanted);
  }

  private Map<Tensor, Equation> chosen(Set<Tensor> wanted) {
    var choices = new HashMap<Tensor, Equation>();
    for (var equation : definitions.values()) {
      if (isPlace(equation) && !wanted.contains(equation.tensor())) {
        var choice = choice(equation);
        if (!LaneForm.isLarge(choice)) {
          choices.put(equation.tensor(), choice);
        }
      }
    }
    if (!choices.isEmpty()) {
      definitions.values().forEach(e -> choices.keySet().removeAll(readOtherwise(e)));
    }
    if (choices.isEmpty()) {
      return definitions;
    }
    var all = new LinkedHashMap<Tensor, Equation>();
    for (var equation : definitions.values()) {
      var now = choices.get(equation.tensor());
      if (now == null) {
        now = Signs.with(equation, Rebuild.upwards(nodes, node -> compared(node, choices)));
      }
      all.put(now.tensor(), now);
    }
    return all;
  }

  private static boolean isPlace(Equation equation) {
    return equation.reduction().isPresent()
        && (equation.reduction().get().kind() == Reduction.Kind.ARGMAX
            || equation.reduction().get().kind() == Reduction.Kind.ARGMIN)
        && equation.reduction().get().guard().expr() instanceof Expr.Bool(var always)
        && always
        && equation.body().type() == Type.REAL
        && equation.reduced().getFirst().extent().isConstant()
        && equation.reduced().getFirst().extent().constantTerm() > 0
        && !Walk.tensors(equation).contains(equation.tensor())
        && LaneForm.weight(equation) * equation.reduced().getFirst().extent().constantTerm()
            <= LaneForm.MOST_WEIGHT;
  }

  private Equation choice(Equation equation) {
    var reduction = equation.reduction().orElseThrow();
    var axis = reduction.axes().getFirst();
    var unordered = reduction.kind() == Reduction.Kind.ARGMAX ? Comparison.LE : Comparison.GE;
    var best = at(equation, 0);
    var place = nodes.real(0);
    for (long k = 1; k < axis.extent().constantTerm(); k++) {
      var next = at(equation, k);
      var better =
          nodes.and(
              nodes.not(nodes.compare(unordered, next, best)),
              nodes.compare(Comparison.EQ, best, best));
      place = nodes.select(better, nodes.real(k), place);
      best = nodes.select(better, next, best);
    }
    var tensor =
        new Tensor(
            nodes.fresh("place_" + equation.tensor().name()), Type.REAL, equation.tensor().shape());
    return new Equation(tensor, equation.axes(), place, equation.origin());
  }

  private Node at(Equation equation, long k) {
    var index = equation.reduced().getFirst().index();
    return Rebuild.substitution(nodes, Map.of(index, Poly.of(k))).apply(equation.body());
  }

  /** What an equation reads other than to compare it with an index. */
  private static Set<Tensor> readOtherwise(Equation equation) {
    var other = new HashSet<Node>();
    for (var node : Walk.nodes(equation)) {
      boolean compares =
          node.expr() instanceof Expr.Compare(var op, _, var y)
              && (op == Comparison.EQ || op == Comparison.NE)
              && y.expr() instanceof Expr.Index;
      if (!compares) {
        other.addAll(Walk.operands(node.expr()));
      }
    }
    other.addAll(Walk.roots(equation));
    var tensors = new HashSet<Tensor>();
    for (var node : other) {
      if (node.expr() instanceof Expr.Read(var tensor, _)) {
        tensors.add(tensor);
      }
    }
    return tensors;
  }

  private Node compared(Node node, Map<Tensor, Equation> choices) {
    return node.expr() instanceof Expr.Compare(var op, var x, var y)
            && x.expr() instanceof Expr.Read(var tensor, var subscripts)
            && choices.containsKey(tensor)
        ? nodes.compare(
            op, nodes.read(choices.get(tensor).tensor(), subscripts), nodes.cast(Type.REAL, y))
        : node;
  }
}
