package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.RangeCheck;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives slow parts of an equation that depend on few of its indices an equation of their own.
 *
 * <pre>
 * y[b, i, c] = (x[b, i, c] - m[c]) * rsqrt(v[c] + eps)
 * becomes    s[c] = rsqrt(v[c] + eps);    y[b, i, c] = (x[b, i, c] - m[c]) * s[c]
 * </pre>
 *
 * Only where the lanes of a vector run along such an index: else it is one value before the loop.
 */
final class Invariants {
  /** How many times fewer values such a part has to have than its equation. */
  private static final long FEWER = 16;

  private final Nodes nodes;
  private final Map<Tensor, Equation> all = new LinkedHashMap<>();

  /** By its expression, over canonical indices. */
  private final Map<Part, Tensor> made = new HashMap<>();

  private record Part(Node body, List<Poly> shape) {}

  private Invariants(Nodes nodes) {
    this.nodes = nodes;
  }

  /** The groups with such parts apart, in an order in which they can run. */
  static List<List<Equation>> apart(
      List<List<Equation>> groups, Collection<Tensor> roots, Nodes nodes) {
    var invariants = new Invariants(nodes);
    for (var group : groups) {
      if (Copies.isRecurrence(group)) {
        group.forEach(e -> invariants.all.put(e.tensor(), e));
      } else {
        invariants.add(group.getFirst());
      }
    }
    return invariants.made.isEmpty() ? groups : Dependences.equations(roots, invariants.all);
  }

  private void add(Equation equation) {
    var last = Space.lastWide(equation.axes());
    boolean slow = Walk.nodes(equation).stream().anyMatch(Invariants::isSlow);
    if (last.isEmpty() || !slow) {
      all.put(equation.tensor(), equation);
      return;
    }
    var parts = new HashMap<Node, Node>();
    find(equation.body(), last.get(), equation, parts);
    var rewrite = Rebuild.upwards(nodes, node -> parts.getOrDefault(node, node));
    all.put(equation.tensor(), parts.isEmpty() ? equation : Signs.with(equation, rewrite));
  }

  /** The largest such parts of an expression. */
  private void find(Node node, Axis last, Equation equation, Map<Node, Node> parts) {
    if (parts.containsKey(node)
        || Walk.nodes(List.of(node)).stream().noneMatch(Invariants::isSlow)) {
      return;
    }
    var axes = axes(node, equation);
    var all = new ArrayList<>(equation.axes());
    all.addAll(equation.reduced());
    boolean apart =
        node.type() == Type.REAL
            && axes.contains(last)
            && Sizes.typical(axes) * FEWER <= Sizes.typical(all)
            && Walk.nodes(List.of(node)).stream().noneMatch(Invariants::isBound)
            && RangeCheck.standsAlone(node, axes);
    if (apart) {
      parts.put(node, nodes.readAt(part(node, axes, equation), axes));
    } else {
      Walk.operands(node.expr()).forEach(x -> find(x, last, equation, parts));
    }
  }

  /** The axes whose indices an expression mentions. */
  private static List<Axis> axes(Node node, Equation equation) {
    var indices = Rebuild.indices(node);
    var axes = new ArrayList<>(equation.axes());
    axes.addAll(equation.reduced());
    axes.removeIf(a -> !indices.contains(a.index()));
    return axes;
  }

  private Tensor part(Node node, List<Axis> axes, Equation equation) {
    var canonical = new ArrayList<Axis>();
    for (int p = 0; p < axes.size(); p++) {
      canonical.add(Axis.of("i" + p, axes.get(p).extent()));
    }
    var places = canonical.stream().map(a -> nodes.index(a)).toList();
    var body = Inline.instantiate(nodes, node, axes, places);
    var shape = axes.stream().map(Axis::extent).toList();
    var known = made.get(new Part(body, shape));
    if (known != null) {
      return known;
    }
    var tensor = new Tensor(nodes.fresh("part_" + equation.tensor()), Type.REAL, shape);
    // A part of a part that has been made is read, not made again.
    var rewrite =
        Rebuild.upwards(
            nodes,
            inner ->
                made.containsKey(new Part(inner, shape))
                    ? nodes.readAt(made.get(new Part(inner, shape)), canonical)
                    : inner);
    var origin = equation.origin().because("a part of " + equation.tensor());
    all.put(tensor, new Equation(tensor, canonical, rewrite.apply(body), origin));
    made.put(new Part(body, shape), tensor);
    return tensor;
  }

  private static boolean isSlow(Node node) {
    return switch (node.expr()) {
      case Expr.Unary(var op, _) ->
          switch (op) {
            case NEG, ABS, SIGN, FLOOR, CEIL, ROUND -> false;
            case SQRT, RSQRT, EXP, EXPM1, LOG, LOG1P, SIN, COS, TAN -> true;
            case TANH, ERF, SIGMOID, SOFTPLUS -> true;
          };
      case Expr.Binary(var op, _, _) ->
          switch (op) {
            case DIV, MOD, POW, ATAN2 -> node.type() == Type.REAL;
            case ADD, SUB, MUL, MIN, MAX -> false;
          };
      default -> false;
    };
  }

  /** What is evaluated only where it is asked for: a draw, and what is read by what was read. */
  private static boolean isBound(Node node) {
    return switch (node.expr()) {
      case Expr.Draw _ -> true;
      case Expr.Read(_, var subscripts) ->
          subscripts.stream().anyMatch(s -> !(s.expr() instanceof Expr.Index));
      default -> false;
    };
  }
}
