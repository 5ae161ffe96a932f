package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Tensor;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What stands in an expression. Nothing here recurses: expressions can be very deep. */
public final class Walk {
  private Walk() {}

  /** The nodes that an expression is made of directly. */
  public static List<Node> operands(Expr expr) {
    return Rebuild.operands(expr);
  }

  /** All nodes below and including the roots, operands before users. */
  public static List<Node> nodes(Collection<Node> roots) {
    return Rebuild.reachable(List.copyOf(roots));
  }

  /** The expressions of an equation: its body and, if it reduces, its guard. */
  public static List<Node> roots(Equation equation) {
    return equation.reduction().isPresent()
        ? List.of(equation.body(), equation.reduction().get().guard())
        : List.of(equation.body());
  }

  public static List<Node> nodes(Equation equation) {
    return nodes(roots(equation));
  }

  /** All reads of an equation. */
  public static List<Expr.Read> reads(Equation equation) {
    return Rebuild.reads(equation);
  }

  /** The tensors that an equation reads, in a fixed order. */
  public static Set<Tensor> tensors(Equation equation) {
    return Rebuild.tensors(equation);
  }
}
