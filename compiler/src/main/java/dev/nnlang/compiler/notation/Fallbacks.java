package dev.nnlang.compiler.notation;

import dev.nnlang.compiler.equation.Conditions;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Facts;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.size.Prover;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which reads of an equation are written with {@code ??}. They are all in range under their guards,
 * but a guard with a quotient of indices, {@code (u + 1) / 2 < H}, is a comparison of reals in the
 * language and proves nothing there, and a subscript that is data is in range only by its type.
 */
final class Fallbacks {
  private final Predicate<Node> typed;
  private final Map<Facts, Set<Node>> seen = new HashMap<>();
  private final Map<Facts, Prover> provers = new HashMap<>();
  private final Set<Node> found = new HashSet<>();

  private Fallbacks(Predicate<Node> typed) {
    this.typed = typed;
  }

  /**
   * The reads.
   *
   * @param typed whether a subscript that is data has the type of an index set
   */
  static Set<Node> of(Equation e, Predicate<Node> typed) {
    var fallbacks = new Fallbacks(typed);
    var axes = new ArrayList<>(e.axes());
    axes.addAll(e.reduced());
    var facts = Conditions.ranges(axes);
    var guard = e.reduction().map(Reduction::guard);
    guard.ifPresent(g -> fallbacks.visit(g, facts));
    fallbacks.visit(e.body(), guard.map(g -> known(facts, g, true)).orElse(facts));
    return fallbacks.found;
  }

  private void visit(Node node, Facts facts) {
    if (!seen.computeIfAbsent(facts, _ -> new HashSet<>()).add(node)) {
      return;
    }
    switch (node.expr()) {
      case Expr.Select(var guard, var x, var y) -> {
        visit(guard, facts);
        visit(x, known(facts, guard, true));
        visit(y, known(facts, guard, false));
      }
      case Expr.And(var x, var y) -> {
        visit(x, facts);
        visit(y, known(facts, x, true));
      }
      case Expr.Or(var x, var y) -> {
        visit(x, facts);
        visit(y, known(facts, x, false));
      }
      case Expr.Read(var tensor, var subscripts) -> {
        for (int k = 0; k < subscripts.size(); k++) {
          boolean inside =
              subscripts.get(k).expr() instanceof Expr.Index(var p)
                  ? provers.computeIfAbsent(facts, Prover::new).inRange(p, tensor.shape().get(k))
                  : typed.test(subscripts.get(k));
          if (!inside) {
            found.add(node);
          }
          visit(subscripts.get(k), facts);
        }
      }
      default -> Rebuild.operands(node.expr()).forEach(x -> visit(x, facts));
    }
  }

  private static Facts known(Facts facts, Node guard, boolean holds) {
    return switch (guard.expr()) {
      case Expr.And(var x, var y) when holds -> known(known(facts, x, true), y, true);
      case Expr.Or(var x, var y) when !holds -> known(known(facts, x, false), y, false);
      case Expr.Not(var x) -> known(facts, x, !holds);
      case Expr.Compare(_, var x, var y) when !plain(x) || !plain(y) -> facts;
      default -> holds ? Conditions.assume(facts, guard) : Conditions.deny(facts, guard);
    };
  }

  private static boolean plain(Node node) {
    return !(node.expr() instanceof Expr.Index(var p))
        || p.terms().keySet().stream()
            .flatMap(monomial -> monomial.stream())
            .noneMatch(atom -> divides(atom) && Poly.of(atom).hasIndex());
  }

  static boolean divides(Atom atom) {
    return switch (atom) {
      case Atom.Quotient _, Atom.Remainder _ -> true;
      case Atom.Dim _, Atom.Index _ -> false;
    };
  }
}
