package dev.nnlang.compiler.stabilise;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sums of exponentials relative to their largest term.
 *
 * <pre>
 * s = sum[k](exp(x[k]))                m  = max[k](x[k])
 * p[c] = exp(x[c]) / s           =&gt;    s' = sum[k](exp(x[k] - m))
 *                                      p[c] = exp(x[c] - m) / s'
 * </pre>
 *
 * Numerator and denominator have the common factor exp(-m), whatever m is; so the quotient does not
 * depend on m, and no gradient needs to flow through it. No term of s' is above 1, and one is 1.
 */
final class Exponentials {
  /** A sum of exponentials as {@code exp(top) * rest}; there is no top where rest is the sum. */
  record Scaled(Optional<Node> top, Node rest) {}

  private record Shift(Tensor top, Tensor rest) {}

  private final Scene scene;
  private final Nodes nodes;
  private final Map<Tensor, Shift> shifts = new HashMap<>();

  Exponentials(Scene scene) {
    this.scene = scene;
    this.nodes = scene.nodes();
  }

  /** A better node equal to {@code node}, or null where no rule applies. */
  Node rewrite(Node node) {
    if (!(node.expr() instanceof Expr.Binary(var op, var x, var y)) || op != BinaryOp.DIV) {
      return null;
    }
    var scaled = scaled(y);
    if (scaled.isEmpty() || scaled.get().top().isEmpty()) {
      return null;
    }
    var numerator = shifted(scene.see(x), scaled.get().top().get());
    return numerator == null ? null : nodes.div(numerator, scaled.get().rest());
  }

  /** A product that has an exponential, times {@code exp(-top)}; null for any other node. */
  private Node shifted(Node product, Node top) {
    return switch (product.expr()) {
      case Expr.Unary(var op, var x) when op == UnaryOp.EXP ->
          nodes.unary(UnaryOp.EXP, nodes.sub(x, top));
      case Expr.Binary(var op, var x, var y) when op == BinaryOp.MUL -> {
        var left = shifted(scene.see(x), top);
        if (left != null) {
          yield nodes.mul(left, y);
        }
        var right = shifted(scene.see(y), top);
        yield right == null ? null : nodes.mul(x, right);
      }
      case Expr.Select(var guard, var x, var y) when Inline.is(y, 0) -> {
        var then = shifted(scene.see(x), top);
        yield then == null ? null : nodes.select(guard, then, y);
      }
      default -> null;
    };
  }

  /** What a node is if it reads a sum of exponentials. */
  Optional<Scaled> scaled(Node node) {
    var reduced = scene.reduced(node);
    if (reduced.isEmpty()) {
      return Optional.empty();
    }
    var equation = reduced.get().equation();
    var reduction = equation.reduction().get();
    var body = scene.see(equation.body());
    if (reduction.kind() != Reduction.Kind.SUM || !Elementary.is(body, UnaryOp.EXP)) {
      return Optional.empty();
    }
    var exponent = Elementary.operand(body);
    var subscripts = reduced.get().subscripts();
    if (isShifted(reduction, exponent)) {
      return Optional.of(new Scaled(Optional.empty(), nodes.read(equation.tensor(), subscripts)));
    }
    var shift = shifts.get(equation.tensor());
    if (shift == null) {
      shift = shift(equation, reduction, exponent);
      shifts.put(equation.tensor(), shift);
    }
    return Optional.of(
        new Scaled(
            Optional.of(constant(nodes.read(shift.top(), subscripts))),
            nodes.read(shift.rest(), subscripts)));
  }

  private Node constant(Node node) {
    return nodes.of(new Expr.StopGradient(node));
  }

  private Shift shift(Equation equation, Reduction reduction, Node exponent) {
    var tensor = equation.tensor();
    var top = scene.fresh("max_" + tensor.name(), tensor);
    var rest = scene.fresh("shifted_" + tensor.name(), tensor);
    scene.put(
        new Equation(
            top,
            equation.axes(),
            Optional.of(new Reduction(Reduction.Kind.MAX, reduction.axes(), reduction.guard())),
            exponent,
            equation.origin().because("the largest exponent of " + tensor.name())));
    scene.put(
        new Equation(
            rest,
            equation.axes(),
            Optional.of(reduction),
            nodes.unary(
                UnaryOp.EXP, nodes.sub(exponent, constant(nodes.readAt(top, equation.axes())))),
            equation.origin().because(tensor.name() + ", relative to its largest term")));
    return new Shift(top, rest);
  }

  /** Whether the exponent is {@code x - max(x)} over the same terms, by our hand or the user's. */
  private boolean isShifted(Reduction reduction, Node exponent) {
    if (!(exponent.expr() instanceof Expr.Binary(var op, var x, var y)) || op != BinaryOp.SUB) {
      return false;
    }
    var subtracted = y.expr() instanceof Expr.StopGradient(var inner) ? inner : y;
    var top = scene.reduced(subtracted);
    if (top.isEmpty()) {
      return false;
    }
    var max = top.get().equation().reduction().get();
    if (max.kind() != Reduction.Kind.MAX || max.axes().size() != reduction.axes().size()) {
      return false;
    }
    var axes = new ArrayList<>(top.get().equation().axes());
    axes.addAll(max.axes());
    List<Node> values = new ArrayList<>(top.get().subscripts());
    for (int j = 0; j < max.axes().size(); j++) {
      if (!max.axes().get(j).extent().equals(reduction.axes().get(j).extent())) {
        return false;
      }
      values.add(nodes.index(reduction.axes().get(j)));
    }
    return Inline.instantiate(nodes, top.get().equation().body(), axes, values) == x
        && Inline.instantiate(nodes, max.guard(), axes, values) == reduction.guard();
  }
}
