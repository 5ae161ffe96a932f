package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Puts a border of zeros around what a contraction reads under a guard that only keeps its
 * subscripts inside.
 *
 * <pre>
 * y[h] = sum[r](if 0 &lt;= h + r - 1 &lt; H then x[h + r - 1] else 0) * w[r])
 * becomes    v[u] = if 0 &lt;= u - 1 &lt; H then x[u - 1] else 0;    y[h] = sum[r](v[h + r] * w[r])
 * </pre>
 *
 * The copy is as large as the tensor; the contraction reads each of its elements many times, and
 * now at places that need no test.
 */
final class Padding {
  /** How many times larger than its tensor a copy may be. */
  private static final long MOST_GROWTH = 3;

  private final Outer outer;
  private final Nodes nodes;
  private final Map<String, Tensor> made = new HashMap<>();
  private final List<Equation> copies = new ArrayList<>();
  private final Map<Tensor, Border> borders = new HashMap<>();

  /**
   * A tensor with a border of zeros around it.
   *
   * @param low how far its first element lies inside, in each dimension
   */
  record Border(Tensor copy, List<Long> low) {}

  Padding(Outer outer, Nodes nodes) {
    this.outer = outer;
    this.nodes = nodes;
  }

  /** The copies that were made since the last call. */
  List<Equation> copies() {
    var some = List.copyOf(copies);
    copies.clear();
    return some;
  }

  /** The copies that were made so far, by what they are copies of; the first of each. */
  Map<Tensor, Border> borders() {
    return Map.copyOf(borders);
  }

  /** The equation as it reads copies, if any of its factors has such a guard. */
  Optional<Equation> padded(Kernel.Contraction contraction) {
    var equation = contraction.equation();
    var axes = new ArrayList<>(equation.axes());
    axes.addAll(equation.reduced());
    var left = padded(contraction.left(), axes, equation);
    var right = padded(contraction.right(), axes, equation);
    if (left.isEmpty() && right.isEmpty()) {
      return Optional.empty();
    }
    var body = nodes.mul(left.orElse(contraction.left()), right.orElse(contraction.right()));
    var sum = new Reduction(Reduction.Kind.SUM, equation.reduced(), nodes.bool(true));
    return Optional.of(
        new Equation(
            equation.tensor(), equation.axes(), Optional.of(sum), body, equation.origin()));
  }

  private Optional<Node> padded(Node factor, List<Axis> axes, Equation reader) {
    var conditions = new ArrayList<Node>();
    var inside = factor;
    while (inside.expr() instanceof Expr.Select(var guard, var x, var y)
        && y.expr() instanceof Expr.Real(var zero)
        && zero == 0) {
      Contractions.conjuncts(guard, conditions);
      inside = x;
    }
    if (conditions.isEmpty()
        || !(inside.expr() instanceof Expr.Read read)
        || read.tensor().type() != Type.REAL
        || ofOneRound(read)) {
      return Optional.empty();
    }
    var low = new long[read.subscripts().size()];
    var high = new long[low.length];
    for (var condition : conditions) {
      if (!widen(condition, read, axes, low, high)) {
        return Optional.empty();
      }
    }
    if (growth(read.tensor(), low, high) > MOST_GROWTH) {
      return Optional.empty();
    }
    var subscripts = new ArrayList<Node>();
    for (int p = 0; p < low.length; p++) {
      subscripts.add(nodes.add(read.subscripts().get(p), nodes.integer(low[p])));
    }
    return Optional.of(nodes.read(copy(read.tensor(), low, high, reader), subscripts));
  }

  /** Whether a read is of a part that loops around it choose: a copy would be of all of them. */
  private boolean ofOneRound(Expr.Read read) {
    return read.subscripts().stream()
        .anyMatch(s -> s.expr() instanceof Expr.Index(var at) && outer.isMentioned(at));
  }

  /** Makes the border wide enough that this condition need not be asked; false if it cannot. */
  private boolean widen(Node condition, Expr.Read read, List<Axis> axes, long[] low, long[] high) {
    var positive = positive(condition);
    if (positive.isEmpty()) {
      return false;
    }
    for (int p = 0; p < low.length; p++) {
      if (!(read.subscripts().get(p).expr() instanceof Expr.Index(var at))) {
        continue;
      }
      var last = read.tensor().shape().get(p).minus(1);
      if (positive.get().equals(at)) {
        var least = least(at, axes);
        low[p] = Math.max(low[p], -Math.min(0, least.orElse(0)));
        return least.isPresent();
      }
      if (positive.get().equals(last.minus(at))) {
        var least = least(last.minus(at), axes);
        high[p] = Math.max(high[p], -Math.min(0, least.orElse(0)));
        return least.isPresent();
      }
    }
    return false;
  }

  /** What a condition says is at least 0. */
  private static Optional<Poly> positive(Node condition) {
    if (!(condition.expr() instanceof Expr.Compare(var op, var x, var y))
        || !(x.expr() instanceof Expr.Index(var a))
        || !(y.expr() instanceof Expr.Index(var b))) {
      return Optional.empty();
    }
    return switch (op) {
      case GE -> Optional.of(a.minus(b));
      case GT -> Optional.of(a.minus(b).minus(1));
      case LE -> Optional.of(b.minus(a));
      case LT -> Optional.of(b.minus(a).minus(1));
      case EQ, NE -> Optional.empty();
    };
  }

  /** The least value of a sum of indices whose ranges are numbers. */
  private static OptionalLong least(Poly value, List<Axis> axes) {
    long least = 0;
    for (var term : value.terms().entrySet()) {
      if (term.getKey().isEmpty()) {
        least += term.getValue();
        continue;
      }
      if (term.getKey().size() > 1 || !(term.getKey().getFirst() instanceof Atom.Index index)) {
        return OptionalLong.empty();
      }
      var extent =
          axes.stream().filter(a -> a.index().equals(index)).findFirst().orElseThrow().extent();
      if (!extent.isConstant()) {
        return OptionalLong.empty();
      }
      least += Math.min(0, term.getValue() * (extent.constantTerm() - 1));
    }
    return OptionalLong.of(least);
  }

  private static long growth(Tensor tensor, long[] low, long[] high) {
    double growth = 1;
    for (int p = 0; p < low.length; p++) {
      long extent = tensor.shape().get(p).constant().orElse(Long.MAX_VALUE / 4);
      growth *= (double) (extent + low[p] + high[p]) / extent;
    }
    return (long) Math.ceil(growth);
  }

  private Tensor copy(Tensor of, long[] low, long[] high, Equation reader) {
    var key = of.name() + List.of(box(low), box(high));
    var known = made.get(key);
    if (known != null) {
      return known;
    }
    var shape = new ArrayList<Poly>();
    for (int p = 0; p < low.length; p++) {
      shape.add(of.shape().get(p).plus(low[p] + high[p]));
    }
    var copy = new Tensor(nodes.fresh("padded_" + of.name()), of.type(), shape);
    var axes = shape.stream().map(extent -> Axis.of(nodes.fresh("i"), extent)).toList();
    var subscripts = new ArrayList<Node>();
    var guard = nodes.bool(true);
    for (int p = 0; p < low.length; p++) {
      var at = Poly.of(axes.get(p).index()).minus(low[p]);
      subscripts.add(nodes.index(at));
      if (low[p] > 0) {
        guard = nodes.and(guard, nodes.atLeastZero(at));
      }
      if (high[p] > 0) {
        guard = nodes.and(guard, nodes.atLeastZero(of.shape().get(p).minus(1).minus(at)));
      }
    }
    copies.add(
        new Equation(
            copy,
            axes,
            nodes.select(guard, nodes.read(of, subscripts), nodes.real(0)),
            reader.origin().because(of + " with a border of zeros for " + reader.tensor())));
    made.put(key, copy);
    borders.putIfAbsent(of, new Border(copy, box(low)));
    return copy;
  }

  private static List<Long> box(long[] values) {
    return java.util.Arrays.stream(values).boxed().toList();
  }
}
