package dev.nnlang.compiler.equation;

import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Facts;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.size.Prover;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Proves every affine read of one equation in range, under the guards around it: those of selects,
 * the left sides of {@code and} and {@code or}, and the reduction's.
 */
public final class RangeCheck {
  /** Everything known at one place; nodes are looked at once in each. */
  private static final class Place {
    final Prover prover;
    final Set<Node> seen = new HashSet<>();

    Place(Facts facts) {
      prover = new Prover(facts);
    }
  }

  private final String name;
  private final Map<Facts, Place> places = new HashMap<>();
  private final Set<String> faults = new LinkedHashSet<>();

  private RangeCheck(String name) {
    this.name = name;
  }

  static List<String> faults(Equation equation) {
    var axes = new ArrayList<>(equation.axes());
    axes.addAll(equation.reduced());
    var facts = Conditions.ranges(axes);
    var guard = equation.reduction().map(Reduction::guard);
    var check = new RangeCheck(equation.tensor().name());
    guard.ifPresent(g -> check.visit(g, facts));
    check.visit(equation.body(), guard.map(g -> Conditions.assume(facts, g)).orElse(facts));
    return List.copyOf(check.faults);
  }

  /** Whether a part of an equation's body reads in range by its own guards alone. */
  public static boolean standsAlone(Node part, List<Axis> axes) {
    var check = new RangeCheck("");
    check.visit(part, Conditions.ranges(axes));
    return check.faults.isEmpty();
  }

  private void visit(Node node, Facts facts) {
    var place = places.computeIfAbsent(facts, Place::new);
    if (!place.seen.add(node)) {
      return;
    }
    switch (node.expr()) {
      case Expr.Select(var guard, var then, var otherwise) -> {
        visit(guard, facts);
        visit(then, Conditions.assume(facts, guard));
        visit(otherwise, Conditions.deny(facts, guard));
      }
      case Expr.And(var x, var y) -> {
        visit(x, facts);
        visit(y, Conditions.assume(facts, x));
      }
      case Expr.Or(var x, var y) -> {
        visit(x, facts);
        visit(y, Conditions.deny(facts, x));
      }
      case Expr.Read(var tensor, var subscripts) -> {
        for (int at = 0; at < subscripts.size(); at++) {
          if (subscripts.get(at).expr() instanceof Expr.Index(var p)) {
            inRange(node, p, tensor.shape().get(at), place.prover);
          }
          visit(subscripts.get(at), facts);
        }
      }
      case Expr.Index(var p) -> divisors(p, place.prover);
      case Expr.Real _,
          Expr.Bool _,
          Expr.Unary _,
          Expr.Binary _,
          Expr.Compare _,
          Expr.Not _,
          Expr.Cast _,
          Expr.StopGradient _,
          Expr.Draw _ ->
          Rebuild.operands(node.expr()).forEach(x -> visit(x, facts));
    }
  }

  private void inRange(Node read, Poly p, Poly extent, Prover prover) {
    if (!prover.inRange(p, extent) && !prover.impossible()) {
      var below = prover.atLeastZero(p) ? "" : "0 <= " + p;
      var above = prover.less(p, extent) ? "" : p + " < " + extent;
      var claim = below.isEmpty() || above.isEmpty() ? below + above : below + " and " + above;
      fault("the read " + read + " needs " + claim);
    }
  }

  private void divisors(Poly p, Prover prover) {
    for (var monomial : p.terms().keySet()) {
      for (var atom : monomial) {
        switch (atom) {
          case Atom.Quotient(var a, var b) -> divisor(a, b, prover);
          case Atom.Remainder(var a, var b) -> divisor(a, b, prover);
          case Atom.Dim _, Atom.Index _ -> {}
        }
      }
    }
  }

  private void divisor(Poly a, Poly b, Prover prover) {
    if (!prover.positive(b) && !prover.impossible()) {
      fault("the division by " + b + " needs " + b + " >= 1");
    }
    divisors(a, prover);
    divisors(b, prover);
  }

  private void fault(String what) {
    faults.add(name + ": " + what);
  }
}
