package dev.nnlang.compiler.differentiate;

import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One body, backwards: from the adjoint of its value to the adjoint of every read in it, by a sweep
 * in descending id order. Guards stay around what they guarded.
 */
final class Backward {
  private Backward() {}

  /** The operands through which a gradient flows. */
  static List<Node> differentiable(Node node) {
    if (node.type() != Type.REAL) {
      return List.of();
    }
    return switch (node.expr()) {
      case Expr.Real _, Expr.Bool _, Expr.Index _, Expr.Read _, Expr.Compare _ -> List.of();
      case Expr.Not _, Expr.And _, Expr.Or _, Expr.StopGradient _ -> List.of();
      case Expr.Unary(var op, var x) -> flat(op) ? List.of() : List.of(x);
      case Expr.Binary(_, var x, var y) -> List.of(x, y);
      case Expr.Select(_, var x, var y) -> List.of(x, y);
      case Expr.Cast(_, var x) -> x.type() == Type.REAL ? List.of(x) : List.of();
      case Expr.Draw(_, var distribution, var arguments, _) ->
          Slopes.reparametrised(distribution) ? arguments : List.of();
    };
  }

  private static boolean flat(UnaryOp op) {
    return switch (op) {
      case SIGN, FLOOR, CEIL, ROUND -> true;
      case NEG, ABS, EXP, EXPM1, LOG, LOG1P, SQRT, RSQRT, SIN, COS, TAN, TANH, ERF -> false;
      case SIGMOID, SOFTPLUS -> false;
    };
  }

  /** The reads that the value of a body depends on differentiably, by ascending id. */
  static List<Node> reads(Node body) {
    var found = new ArrayList<Node>();
    var seen = new HashSet<Node>();
    var open = new ArrayList<>(List.of(body));
    while (!open.isEmpty()) {
      var node = open.removeLast();
      if (seen.add(node)) {
        if (node.expr() instanceof Expr.Read && node.type() == Type.REAL) {
          found.add(node);
        }
        open.addAll(differentiable(node));
      }
    }
    found.sort((a, b) -> Integer.compare(a.id(), b.id()));
    return found;
  }

  /**
   * The adjoint of each read in {@code body} that satisfies {@code wanted}.
   *
   * @param value reads what {@code body} computes, or is the body where nothing holds its value
   * @param adjoint of the value of the body
   */
  static Map<Node, Node> sweep(
      Terms terms, Node body, Node value, Node adjoint, Predicate<Node> wanted) {
    var slopes = new Slopes(terms);
    var active = active(body, wanted);
    var adjoints = new HashMap<Node, Node>();
    adjoints.put(body, adjoint);
    var result = new LinkedHashMap<Node, Node>();
    for (var node : Rebuild.reachable(body).reversed()) {
      var a = adjoints.get(node);
      if (a == null || Terms.isZero(a) || !active.contains(node)) {
        continue;
      }
      var known = node == body ? value : node;
      var shares = shares(terms, slopes, node, known, a);
      var operands = differentiable(node);
      var exponent = node == body && value != body ? exponent(body) : null;
      for (int i = 0; i < operands.size(); i++) {
        var operand = operands.get(i);
        if (exponent != null && operand.expr().equals(new Expr.Unary(UnaryOp.EXP, exponent))) {
          adjoints.merge(exponent, terms.mul(a, value), terms::add);
        } else if (active.contains(operand)) {
          adjoints.merge(operand, shares.get(i), terms::add);
        }
      }
      if (node.expr() instanceof Expr.Read && wanted.test(node)) {
        result.put(node, a);
      }
    }
    return result;
  }

  private static Set<Node> active(Node body, Predicate<Node> wanted) {
    var active = new HashSet<Node>();
    for (var node : Rebuild.reachable(body)) {
      if (node.expr() instanceof Expr.Read && wanted.test(node)
          || differentiable(node).stream().anyMatch(active::contains)) {
        active.add(node);
      }
    }
    return active;
  }

  /** The adjoints of {@link #differentiable} operands. */
  private static List<Node> shares(Terms t, Slopes slopes, Node node, Node value, Node a) {
    return switch (node.expr()) {
      case Expr.Real _, Expr.Bool _, Expr.Index _, Expr.Read _, Expr.Compare _ -> List.of();
      case Expr.Not _, Expr.And _, Expr.Or _, Expr.StopGradient _ -> List.of();
      case Expr.Unary(var op, var x) -> List.of(slopes.unary(op, x, value, a));
      case Expr.Binary(var op, var x, var y) ->
          List.of(slopes.left(op, x, y, a), slopes.right(op, x, y, value, a));
      case Expr.Select(var guard, var x, var y) ->
          List.of(
              t.within(a, part -> t.where(guard, part)),
              t.within(a, part -> t.select(guard, t.zero(), part)));
      case Expr.Cast _ -> List.of(a);
      case Expr.Draw draw -> {
        var shares = new ArrayList<Node>();
        for (int i = 0; i < draw.arguments().size(); i++) {
          shares.add(slopes.draw(draw, i, a));
        }
        yield shares;
      }
    };
  }

  /**
   * The x of a body {@code exp(x) * c}, {@code c * exp(x)} or {@code exp(x) / c}: its adjoint is
   * the body's times the body's value, which is held already, so that no exponential is computed
   * twice.
   */
  private static Node exponent(Node body) {
    return switch (body.expr()) {
      case Expr.Binary(var op, Node(_, Expr.Unary(var f, var x), _, _), _)
          when f == UnaryOp.EXP && (op == BinaryOp.DIV || op == BinaryOp.MUL) ->
          x;
      case Expr.Binary(var op, _, Node(_, Expr.Unary(var f, var x), _, _))
          when f == UnaryOp.EXP && op == BinaryOp.MUL ->
          x;
      default -> null;
    };
  }
}
