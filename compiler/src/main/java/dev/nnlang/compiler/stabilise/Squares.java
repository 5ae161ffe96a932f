package dev.nnlang.compiler.stabilise;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Squares: the variance in two passes, and norms at zero.
 *
 * <pre>
 * sum[k](x[k]^2) / n - (sum[k](x[k]) / n)^2    sum[k]((x[k] - mean)^2) / n
 * sqrt(q), q a sum of squares                  if q &gt; 0 then sqrt(q) else q, flat
 * </pre>
 *
 * The first is an identity for n terms; its left side loses all digits where the mean is large
 * against the deviation (Chan, Golub, LeVeque 1983). The second has the same value, as q is 0, NaN
 * or positive; its slope at 0 is 0, the middle of all slopes that the norm has there, where the
 * chain rule would give 0 / 0.
 */
final class Squares {
  private final Scene scene;
  private final Nodes nodes;

  Squares(Scene scene) {
    this.scene = scene;
    this.nodes = scene.nodes();
  }

  /** A better node equal to {@code node}, or null where no rule applies. */
  Node rewrite(Node node) {
    return switch (node.expr()) {
      case Expr.Binary(var op, var x, var y) when op == BinaryOp.SUB -> variance(x, y);
      default -> null;
    };
  }

  /**
   * The root of a sum of squares, everywhere in a body. The rule leaves a root behind, so it is not
   * one of those that are applied until nothing changes; a root behind its guard stays.
   */
  Node roots(Node body) {
    var guarded = new ArrayList<Node>();
    for (var node : Rebuild.reachable(body)) {
      if (node.expr() instanceof Expr.Select(_, var then, _) && Elementary.is(then, UnaryOp.SQRT)) {
        guarded.add(then);
      }
    }
    return Rebuild.upwards(
            nodes,
            n -> {
              if (!Elementary.is(n, UnaryOp.SQRT) || guarded.contains(n)) {
                return n;
              }
              var q = Elementary.operand(n);
              return isSquares(q)
                  ? nodes.select(
                      nodes.compare(Comparison.GT, q, nodes.real(0)),
                      n,
                      nodes.of(new Expr.StopGradient(q)))
                  : n;
            })
        .apply(body);
  }

  /** Whether a node is at least 0 by its form, and 0 only where its squares are. */
  private boolean isSquares(Node node) {
    var reduced = scene.reduced(node);
    if (reduced.isPresent()) {
      var equation = reduced.get().equation();
      return equation.reduction().get().kind() == Reduction.Kind.SUM && isSquares(equation.body());
    }
    var seen = scene.see(node);
    return switch (seen.expr()) {
      case Expr.Binary(var op, var x, var y) ->
          switch (op) {
            case MUL -> x == y || isPositive(x) && isSquares(y) || isPositive(y) && isSquares(x);
            case POW -> Inline.is(y, 2);
            case ADD -> isSquares(x) && isSquares(y);
            case DIV -> isSquares(x) && isPositive(y);
            case SUB, MOD, MIN, MAX, ATAN2 -> false;
          };
      case Expr.Select(_, var x, var y) -> isSquares(x) && (isSquares(y) || Inline.is(y, 0));
      default -> false;
    };
  }

  /** A positive number, or a count. */
  private static boolean isPositive(Node node) {
    var constant = Inline.constant(node);
    return constant.isPresent()
        ? constant.getAsDouble() > 0
        : node.expr() instanceof Expr.Cast(_, Node(_, Expr.Index(var p), _, _)) && !p.hasIndex();
  }

  /** What is squared, or null. */
  private Node root(Node node) {
    return switch (scene.see(node).expr()) {
      case Expr.Binary(var op, var x, var y) when op == BinaryOp.MUL && x == y -> x;
      case Expr.Binary(var op, var x, var y) when op == BinaryOp.POW && Inline.is(y, 2) -> x;
      default -> null;
    };
  }

  private record Mean(Scene.Reduced sum, Node count) {}

  /** A sum divided by a number that is the same everywhere. */
  private Optional<Mean> mean(Node node) {
    if (scene.see(node).expr() instanceof Expr.Binary(var op, var x, var n)
        && op == BinaryOp.DIV
        && Rebuild.indices(n).isEmpty()
        && scene.reduced(x).isPresent()) {
      var sum = scene.reduced(x).get();
      if (sum.equation().reduction().get().kind() == Reduction.Kind.SUM) {
        return Optional.of(new Mean(sum, n));
      }
    }
    return Optional.empty();
  }

  private Node variance(Node x, Node y) {
    var center = root(y);
    var squares = mean(x);
    if (center == null || squares.isEmpty()) {
      return null;
    }
    var plain = mean(center);
    if (plain.isEmpty()
        || plain.get().count() != squares.get().count()
        || !plain.get().sum().subscripts().equals(squares.get().sum().subscripts())) {
      return null;
    }
    var equation = squares.get().sum().equation();
    var other = plain.get().sum().equation();
    var reduction = equation.reduction().get();
    var squared = root(equation.body());
    if (squared == null || !sameTerms(equation, squared, other)) {
      return null;
    }
    var mean = nodes.div(nodes.readAt(other.tensor(), equation.axes()), squares.get().count());
    var deviation = nodes.sub(squared, mean);
    var tensor = scene.fresh("centred_" + equation.tensor().name(), equation.tensor());
    scene.put(
        new Equation(
            tensor,
            equation.axes(),
            Optional.of(reduction),
            nodes.mul(deviation, deviation),
            equation.origin().because("variance in two passes")));
    return nodes.div(nodes.read(tensor, squares.get().sum().subscripts()), squares.get().count());
  }

  /** Whether {@code other} sums exactly {@code squared} over the terms of {@code equation}. */
  private boolean sameTerms(Equation equation, Node squared, Equation other) {
    var from = new ArrayList<>(other.axes());
    from.addAll(other.reduced());
    var to = new ArrayList<>(equation.axes());
    to.addAll(equation.reduced());
    if (from.size() != to.size()) {
      return false;
    }
    List<Node> values = new ArrayList<>();
    for (int j = 0; j < from.size(); j++) {
      if (!from.get(j).extent().equals(to.get(j).extent())) {
        return false;
      }
      values.add(nodes.index(to.get(j)));
    }
    var guard = other.reduction().get().guard();
    return Inline.instantiate(nodes, other.body(), from, values) == squared
        && Inline.instantiate(nodes, guard, from, values) == equation.reduction().get().guard();
  }
}
