package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Copies of what a recurrence reads across its rows, with the axis in which the recurrence has its
 * neighbours last.
 *
 * <pre>
 * dh[t, j] = sum[k](dz[t+1, k] * w[j, k])    becomes    v[k, j] = w[j, k];  ... dz[t+1, k] * v[k, j]
 * </pre>
 *
 * A copy is made once; the loop through time then reads it many times, a vector at a time.
 */
final class Turned {
  private final Nodes nodes;
  private final LinkedHashSet<Equation> copies = new LinkedHashSet<>();
  private final Map<String, Tensor> made = new HashMap<>();

  Turned(Nodes nodes) {
    this.nodes = nodes;
  }

  /** The equations that make the copies. */
  List<Equation> copies() {
    return List.copyOf(copies);
  }

  /** The equations of a recurrence as they read the copies. */
  List<Equation> group(List<Equation> group) {
    var members = group.stream().map(Equation::tensor).toList();
    var turned = new ArrayList<Equation>();
    for (var equation : group) {
      turned.add(isSum(equation) ? turned(equation, members) : equation);
    }
    return turned;
  }

  private static boolean isSum(Equation equation) {
    return equation.body().type() == Type.REAL
        && equation.reduction().map(r -> r.kind() == Reduction.Kind.SUM).orElse(false);
  }

  private Equation turned(Equation equation, List<Tensor> members) {
    var last = Space.lastWide(equation.axes());
    if (last.isEmpty()) {
      return equation;
    }
    var body =
        Rebuild.upwards(
                nodes,
                node ->
                    node.expr() instanceof Expr.Read read && !members.contains(read.tensor())
                        ? turned(read, last.get(), equation).orElse(node)
                        : node)
            .apply(equation.body());
    return new Equation(
        equation.tensor(), equation.axes(), equation.reduction(), body, equation.origin());
  }

  /** A read of a whole tensor whose last subscript is not the index that should be last. */
  private Optional<Node> turned(Expr.Read read, Axis last, Equation reader) {
    var axes = new ArrayList<>(reader.axes());
    axes.addAll(reader.reduced());
    int position = -1;
    for (int p = 0; p < read.subscripts().size(); p++) {
      var extent = read.tensor().shape().get(p);
      int at = p;
      var axis =
          axes.stream()
              .filter(
                  a ->
                      read.subscripts().get(at).expr() instanceof Expr.Index(var value)
                          && value.equals(Poly.of(a.index()))
                          && a.extent().equals(extent))
              .findFirst();
      if (axis.isEmpty()) {
        return Optional.empty();
      }
      position = axis.get().equals(last) ? p : position;
    }
    if (read.tensor().type() != Type.REAL
        || position < 0
        || Access.along(read, List.of(last)) != Access.Along.APART) {
      return Optional.empty();
    }
    var subscripts = new ArrayList<>(read.subscripts());
    subscripts.add(subscripts.remove(position));
    return Optional.of(nodes.read(copy(read.tensor(), position, reader), subscripts));
  }

  private Tensor copy(Tensor of, int position, Equation reader) {
    var key = of.name() + " " + position;
    if (!made.containsKey(key)) {
      var shape = new ArrayList<>(of.shape());
      shape.add(shape.remove(position));
      var copy = new Tensor(nodes.fresh("turned_" + of.name()), of.type(), shape);
      var axes = shape.stream().map(extent -> Axis.of(nodes.fresh("i"), extent)).toList();
      var places = new ArrayList<>(axes);
      places.add(position, places.removeLast());
      copies.add(
          new Equation(
              copy,
              axes,
              nodes.readAt(of, places),
              reader.origin().because(of + " with its neighbours for " + reader.tensor())));
      made.put(key, copy);
    }
    return made.get(key);
  }
}
