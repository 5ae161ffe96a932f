package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.RangeCheck;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Atom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds matrix products by the roles of their indices.
 *
 * <pre>
 * y[n, u] = sum[k](x[n, k] * w[k, u])    rows n, columns u, reduced k
 * y[h, o] = sum[r, c | 0 <= h + r - 1](x[h + r - 1, c] * w[r, c, o])    rows h, columns o
 * </pre>
 *
 * A sum of a product splits into two factors; an index of the result that both have is a batch
 * index, one that only the left has is a row, one that only the right has is a column. A condition
 * belongs to the factors that have all its indices; where it fails they are 0. (So if the other
 * factor is infinite or NaN there, the sum is NaN: the one case in which a condition that fails
 * does not hide what it guards.)
 */
final class Contractions {
  /** Below this many rows, columns or terms a product is not worth packing. */
  private static final long LEAST = 4;

  /** What an open dimension is taken to be when forms are compared. */
  private static final long TYPICAL = 64;

  /** Fewer neighbours than this do not make a window worth reading where it lies. */
  private static final long LEAST_WINDOW = 8;

  /** Columns of one vector where those are longest: the order of terms must not depend on that. */
  private static final long FEW_COLUMNS = 16;

  /** Steps of a window that the runtime's register tiles can add up together. */
  private static final Set<Long> WINDOWS = Set.of(3L, 5L);

  /** More factors than this are not tried in every combination. */
  private static final int MOST_FACTORS = 5;

  private final Equation equation;
  private final Outer outer;
  private final Nodes nodes;

  private Contractions(Equation equation, Outer outer, Nodes nodes) {
    this.equation = equation;
    this.outer = outer;
    this.nodes = nodes;
  }

  /** The equation as a contraction, if it is one and large enough to be worth it. */
  static Optional<Kernel.Contraction> recognise(Equation equation, Nodes nodes) {
    return recognise(equation, Outer.NONE, nodes);
  }

  /** The same of one round of the loops around it. */
  static Optional<Kernel.Contraction> recognise(Equation equation, Outer outer, Nodes nodes) {
    boolean sum =
        equation.reduction().isPresent()
            && equation.reduction().get().kind() == Reduction.Kind.SUM
            && equation.body().type() == Type.REAL;
    return sum ? new Contractions(equation, outer, nodes).split() : Optional.empty();
  }

  private Optional<Kernel.Contraction> split() {
    var factors = new ArrayList<Node>();
    var conditions = new ArrayList<Node>();
    conjuncts(equation.reduction().orElseThrow().guard(), conditions);
    factors(equation.body(), factors, conditions);
    if (factors.size() < 2 || factors.size() > MOST_FACTORS) {
      return Optional.empty();
    }
    Optional<Kernel.Contraction> best = Optional.empty();
    // The last factor is always on the right: the other half of the choices only swaps the sides.
    for (int choice = 1; choice < 1 << (factors.size() - 1); choice++) {
      var left = new ArrayList<Node>();
      var right = new ArrayList<Node>();
      for (int f = 0; f < factors.size(); f++) {
        ((choice >> f & 1) == 1 ? left : right).add(factors.get(f));
      }
      var found = contraction(left, right, conditions);
      if (found.isPresent() && (best.isEmpty() || score(found.get()) > score(best.get()))) {
        best = found;
      }
    }
    return best;
  }

  /** Arithmetic for each element that is packed: the larger, the better. */
  private static double score(Kernel.Contraction c) {
    double rows = size(c.rows());
    double columns = size(c.columns());
    return rows * columns / (rows + columns);
  }

  private Optional<Kernel.Contraction> contraction(
      List<Node> left, List<Node> right, List<Node> conditions) {
    var leftIndices = indices(left);
    var rightIndices = indices(right);
    var leftConditions = new ArrayList<Node>();
    var rightConditions = new ArrayList<Node>();
    for (var condition : conditions) {
      var needs = indices(List.of(condition));
      // Both may need it: each side is packed without looking at the other.
      boolean onLeft = leftIndices.containsAll(needs);
      boolean onRight = rightIndices.containsAll(needs);
      if (!onLeft && !onRight) {
        return Optional.empty();
      }
      if (onLeft) {
        leftConditions.add(condition);
      }
      if (onRight) {
        rightConditions.add(condition);
      }
    }
    var batch = new ArrayList<Axis>();
    var rows = new ArrayList<Axis>();
    var columns = new ArrayList<Axis>();
    var own = outer.free(equation.axes());
    for (var axis : own) {
      boolean onLeft = leftIndices.contains(axis.index());
      boolean onRight = rightIndices.contains(axis.index());
      (onLeft == onRight ? batch : onLeft ? rows : columns).add(axis);
    }
    var reduced = equation.reduced();
    boolean worth =
        size(rows) >= LEAST
            && size(columns) >= LEAST
            && size(reduced) >= LEAST
            && size(rows) * size(columns) * size(reduced) >= 2048;
    if (!worth) {
      return Optional.empty();
    }
    var a = operand(left, leftConditions);
    var b = operand(right, rightConditions);
    var axes = new ArrayList<>(equation.axes());
    axes.addAll(reduced);
    axes.addAll(outer.times());
    // A condition that needs indices of both sides may be what keeps a read of one side inside.
    if (!RangeCheck.standsAlone(a, axes) || !RangeCheck.standsAlone(b, axes)) {
      return Optional.empty();
    }
    boolean turned =
        isWindow(a, rows, reduced) || isWindow(b, columns, reduced)
            ? isWindow(a, rows, reduced)
            : rows.contains(own.getLast()) && size(rows) >= 16;
    var first = turned ? b : a;
    var second = turned ? a : b;
    return Optional.of(
        new Kernel.Contraction(
            equation,
            batch,
            turned ? columns : rows,
            // Columns should lie side by side, in the result or in windows.
            turned ? rows : columns,
            inOrder(reduced, turned ? columns : rows, turned ? rows : columns, first),
            first,
            second,
            List.of(),
            Set.of()));
  }

  /**
   * Whether a factor is read in windows that overlap and move on with the terms, neighbours of its
   * own side by side: {@code x[b, h + r, i]} where {@code b} and {@code h} are reduced, and many.
   * As columns they are read where they lie; packed as rows each element would be copied for each
   * place in a window.
   */
  private static boolean isWindow(Node factor, List<Axis> own, List<Axis> reduced) {
    if (!(factor.expr() instanceof Expr.Read read) || own.isEmpty()) {
      return false;
    }
    var last = own.getLast();
    var place = Access.place(read.tensor(), read.subscripts());
    boolean moves =
        read.subscripts().stream()
            .map(subscript -> indices(List.of(subscript)))
            .anyMatch(found -> anyOf(own, found) && anyOf(reduced, found));
    return moves
        && size(reduced) > size(own)
        && size(List.of(last)) >= LEAST_WINDOW
        && place.coefficient(last.index()).is(1);
  }

  private static boolean anyOf(List<Axis> axes, Set<Atom> indices) {
    return axes.stream().anyMatch(axis -> indices.contains(axis.index()));
  }

  /**
   * The terms in an order in which the left factor is read from one end to the other.
   *
   * <p>With few columns, as in {@code sum[q, i](x[v + q, i] * w[q, i, o])} of 16 {@code o}, the
   * steps {@code q} of a window come last: {@code x[v + q, i]} is what the next row reads one step
   * earlier, so tiles can read each element once for a few terms, where they would else read more
   * than they compute.
   */
  private static List<Axis> inOrder(
      List<Axis> reduced, List<Axis> rows, List<Axis> columns, Node left) {
    if (!(left.expr() instanceof Expr.Read read)) {
      return reduced;
    }
    var place = Access.place(read.tensor(), read.subscripts());
    var ordered = new ArrayList<>(reduced);
    ordered.sort(
        Comparator.comparingLong(
            a -> -Math.abs(place.coefficient(a.index()).evaluate(_ -> TYPICAL))));
    if (size(columns) <= FEW_COLUMNS && !rows.isEmpty()) {
      var step = place.coefficient(rows.getLast().index());
      for (var axis : reduced) {
        var own = place.coefficient(axis.index());
        if (!step.is(0)
            && (own.equals(step) || own.equals(step.negate()))
            && WINDOWS.contains(size(List.of(axis)))) {
          ordered.remove(axis);
          ordered.addLast(axis);
        }
      }
    }
    return ordered;
  }

  /** The product of the factors where the conditions hold, else 0. */
  private Node operand(List<Node> factors, List<Node> conditions) {
    var product = factors.getFirst();
    for (var factor : factors.subList(1, factors.size())) {
      product = nodes.mul(product, factor);
    }
    var guard = nodes.bool(true);
    for (var condition : conditions) {
      guard = nodes.and(guard, condition);
    }
    return nodes.select(guard, product, nodes.real(0));
  }

  /**
   * A {@code select(g, x, 0)} around the whole product is a condition; one around a factor stays
   * there, since 0 times a NaN of the other factor is not 0.
   */
  private void factors(Node node, List<Node> factors, List<Node> conditions) {
    switch (node.expr()) {
      case Expr.Binary(var op, var x, var y) when op == BinaryOp.MUL -> {
        factors(x, factors, conditions);
        factors(y, factors, conditions);
      }
      case Expr.StopGradient(var x) -> factors(x, factors, conditions);
      case Expr.Select(var guard, var x, var y)
          when node == equation.body() && y.expr() instanceof Expr.Real(var zero) && zero == 0 -> {
        conjuncts(guard, conditions);
        factors(x, factors, conditions);
      }
      default -> factors.add(node);
    }
  }

  /** The conditions that all have to hold. */
  static void conjuncts(Node node, List<Node> into) {
    switch (node.expr()) {
      case Expr.And(var x, var y) -> {
        conjuncts(x, into);
        conjuncts(y, into);
      }
      case Expr.Bool(var value) when value -> {}
      default -> into.add(node);
    }
  }

  private static Set<Atom> indices(List<Node> some) {
    var found = new HashSet<Atom>();
    for (var node : Walk.nodes(some)) {
      if (node.expr() instanceof Expr.Index(var value)) {
        for (var variable : value.variables()) {
          if (variable instanceof Atom.Index) {
            found.add(variable);
          }
        }
      }
    }
    return found;
  }

  private static long size(List<Axis> axes) {
    long size = 1;
    for (var axis : axes) {
      size *= axis.extent().evaluate(_ -> TYPICAL);
    }
    return size;
  }
}
