package dev.nnlang.compiler.simplify;

import dev.nnlang.compiler.equation.Conditions;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.size.Prover;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Readers of a copy read the original, and readers of a constant have it.
 *
 * <pre>
 * y[i, j] = x[j, i]                        z[i] = sum[k](x[k, i] * w[k])
 * z[i] = sum[k](y[i, k] * w[k])      =&gt;
 * </pre>
 *
 * A copy whose subscripts have quotients (a reshape) is read through only where they vanish, for a
 * reader that stays affine is worth more than a copy saved.
 */
final class Copies {
  private final Nodes nodes;
  private final Map<Tensor, Equation> copies = new HashMap<>();

  private Copies(Nodes nodes) {
    this.nodes = nodes;
  }

  static List<Equation> readThrough(Nodes nodes, List<Equation> equations) {
    var copies = new Copies(nodes);
    for (var equation : equations) {
      if (equation.reduction().isEmpty() && isCheap(equation)) {
        copies.copies.put(equation.tensor(), equation);
      }
    }
    return copies.copies.isEmpty() ? equations : equations.stream().map(copies::rewrite).toList();
  }

  private static boolean isCheap(Equation equation) {
    return switch (equation.body().expr()) {
      case Expr.Real _, Expr.Bool _, Expr.Index _ -> true;
      case Expr.Cast(_, Node(_, Expr.Index _, _, _)) -> true;
      case Expr.Read(var tensor, var subscripts) ->
          !tensor.equals(equation.tensor())
              && subscripts.stream().allMatch(s -> s.expr() instanceof Expr.Index);
      default -> false;
    };
  }

  private Equation rewrite(Equation equation) {
    // Asks the many for each of the few.
    if (Collections.disjoint(copies.keySet(), Rebuild.tensors(equation))) {
      return equation;
    }
    var ranges = Conditions.ranges(equation.axes()).and(Conditions.ranges(equation.reduced()));
    var guard = equation.reduction().map(Reduction::guard).orElse(nodes.bool(true));
    var prover = new Prover(ranges);
    var rule = Rebuild.upwards(nodes, node -> through(node, prover));
    var body = rule.apply(equation.body());
    var condition = rule.apply(guard);
    if (body == equation.body() && condition == guard) {
      return equation;
    }
    return new Equation(
        equation.tensor(),
        equation.axes(),
        equation.reduction().map(r -> new Reduction(r.kind(), r.axes(), condition)),
        body,
        equation.origin());
  }

  private Node through(Node node, Prover prover) {
    var current = node;
    // A chain of copies is as long as the program at most.
    for (int i = 0; i <= copies.size(); i++) {
      if (!(current.expr() instanceof Expr.Read(var tensor, var subscripts))) {
        return current;
      }
      var copy = copies.get(tensor);
      if (copy == null) {
        return current;
      }
      var inlined =
          Rebuild.upwards(
                  nodes,
                  n -> n.expr() instanceof Expr.Index(var p) ? nodes.index(prover.simplify(p)) : n)
              .apply(Inline.at(nodes, copy, subscripts));
      if (quotients(inlined) > quotients(current)) {
        return current;
      }
      current = inlined;
    }
    return current;
  }

  /** How many quotients and remainders of indices, or arithmetic for them, the subscripts have. */
  private static long quotients(Node read) {
    return Rebuild.reachable(read).stream()
        .filter(
            n ->
                n.expr() instanceof Expr.Index(var p) && hasQuotient(p)
                    || n.expr() instanceof Expr.Binary)
        .count();
  }

  private static boolean hasQuotient(Poly p) {
    return p.terms().keySet().stream()
        .flatMap(List::stream)
        .anyMatch(
            atom ->
                switch (atom) {
                  case Atom.Dim _, Atom.Index _ -> false;
                  case Atom.Quotient(var a, _) -> a.hasIndex();
                  case Atom.Remainder(var a, _) -> a.hasIndex();
                });
  }
}
