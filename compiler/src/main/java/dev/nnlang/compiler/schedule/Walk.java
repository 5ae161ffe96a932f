package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What stands in an expression. Nothing here recurses: expressions can be very deep. */
public final class Walk {
  private Walk() {}

  /** The nodes that an expression is made of directly. */
  public static List<Node> operands(Expr expr) {
    return switch (expr) {
      case Expr.Real _, Expr.Bool _, Expr.Index _ -> List.of();
      case Expr.Read(_, var subscripts) -> subscripts;
      case Expr.Unary(_, var x) -> List.of(x);
      case Expr.Binary(_, var x, var y) -> List.of(x, y);
      case Expr.Compare(_, var x, var y) -> List.of(x, y);
      case Expr.Not(var x) -> List.of(x);
      case Expr.And(var x, var y) -> List.of(x, y);
      case Expr.Or(var x, var y) -> List.of(x, y);
      case Expr.Select(var g, var x, var y) -> List.of(g, x, y);
      case Expr.Cast(_, var x) -> List.of(x);
      case Expr.StopGradient(var x) -> List.of(x);
      case Expr.Draw(_, _, var arguments, var key) -> {
        var all = new ArrayList<>(arguments);
        all.addAll(List.of(key.seed(), key.step(), key.example(), key.element()));
        yield all;
      }
    };
  }

  /** All nodes below and including the roots, operands before users. */
  public static List<Node> nodes(Collection<Node> roots) {
    var seen = new HashSet<Node>();
    var work = new ArrayList<>(roots);
    while (!work.isEmpty()) {
      var node = work.removeLast();
      if (seen.add(node)) {
        work.addAll(operands(node.expr()));
      }
    }
    var sorted = new ArrayList<>(seen);
    sorted.sort((a, b) -> Integer.compare(a.id(), b.id()));
    return sorted;
  }

  /** The expressions of an equation: its body and, if it reduces, its guard. */
  public static List<Node> roots(Equation equation) {
    return equation
        .reduction()
        .map(r -> List.of(equation.body(), r.guard()))
        .orElse(List.of(equation.body()));
  }

  public static List<Node> nodes(Equation equation) {
    return nodes(roots(equation));
  }

  /** All reads of an equation. */
  public static List<Expr.Read> reads(Equation equation) {
    var reads = new ArrayList<Expr.Read>();
    for (var node : nodes(equation)) {
      if (node.expr() instanceof Expr.Read read) {
        reads.add(read);
      }
    }
    return reads;
  }

  /** The tensors that an equation reads, in a fixed order. */
  public static Set<Tensor> tensors(Equation equation) {
    var tensors = new LinkedHashSet<Tensor>();
    reads(equation).forEach(r -> tensors.add(r.tensor()));
    return tensors;
  }
}
