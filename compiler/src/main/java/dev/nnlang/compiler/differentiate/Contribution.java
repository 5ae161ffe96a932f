package dev.nnlang.compiler.differentiate;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Conditions;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Origin;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.equation.Verifier;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Facts;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.size.Prover;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What one read of a tensor gives to the tensor's adjoint, over the adjoint's own axes: a value, or
 * a value that reads a sum of its own.
 *
 * <pre>
 * y[b, o] = sum[i](x[b, i] * w[i, o])        d_w[i, o] = sum[b](x[b, i] * d_y[b, o])
 * y[t, o] = sum[i](tanh(x[t, i]) * w[i, o])  d_x[t, i] = s[t, i] * (1 - tanh(x[t, i])^2)
 *                                            s[t, i]   = sum[o](d_y[t, o] * w[i, o])
 * </pre>
 */
final class Contribution {
  /**
   * The result.
   *
   * @param value over the target axes
   * @param sums that the value reads
   */
  record Part(Node value, List<Equation> sums) {}

  private final Terms t;
  private final Nodes nodes;
  private final List<Axis> target;
  private final Function<String, Axis> fresh;
  private final Supplier<String> name;
  private final BooleanSupplier recurrent;
  private final Origin origin;

  /**
   * For one read.
   *
   * @param fresh makes axes that nothing else here uses
   * @param name makes names of sums
   * @param recurrent whether the tensor depends on what reads it: then the sum must keep its axes,
   *     along one of which the recurrence runs
   */
  Contribution(
      Terms terms,
      List<Axis> target,
      Function<String, Axis> fresh,
      Supplier<String> name,
      BooleanSupplier recurrent,
      Origin origin) {
    this.t = terms;
    this.nodes = terms.nodes();
    this.target = target;
    this.fresh = fresh;
    this.name = name;
    this.recurrent = recurrent;
    this.origin = origin;
  }

  /**
   * The contribution of a read with these subscripts and this adjoint, in an equation over {@code
   * free}, where the guards hold.
   */
  Part of(List<Axis> free, List<Node> subscripts, Node adjoint, List<Node> guards) {
    var solution = Inversion.of(nodes, free, subscripts, target, fresh);
    var put = Rebuild.substitution(nodes, solution.values());
    // What a gather compares may be in range only where all else holds.
    var gathers = solution.guards().stream().filter(Contribution::reads).toList();
    var conditions = new ArrayList<>(solution.guards());
    conditions.removeAll(gathers);
    guards.forEach(g -> conditions.addAll(Conditions.conjuncts(put.apply(g))));
    var core = put.apply(adjoint);
    while (core.expr() instanceof Expr.Select(var guard, var then, var otherwise)) {
      if (Terms.isZero(otherwise)) {
        conditions.addAll(Conditions.conjuncts(guard));
        core = then;
      } else if (Terms.isZero(then)) {
        conditions.addAll(Conditions.conjuncts(nodes.not(guard)));
        core = otherwise;
      } else {
        break;
      }
    }
    conditions.addAll(gathers);
    var facts = Conditions.ranges(target).and(Conditions.ranges(solution.loops()));
    var kept = new ArrayList<Node>();
    var prover = new Prover(facts);
    for (var condition : conditions) {
      var simple = simplified(prover).apply(condition);
      if (Conditions.never(prover, simple)) {
        return new Part(t.zero(), List.of());
      }
      if (!Conditions.always(prover, simple) && !kept.contains(simple)) {
        kept.add(simple);
        facts = Conditions.assume(facts, simple);
        prover = new Prover(facts);
      }
    }
    core = simplified(prover).apply(core);
    return solution.loops().isEmpty()
        ? new Part(t.where(all(kept), core), List.of())
        : sum(solution.loops(), core, kept);
  }

  private Node all(List<Node> conditions) {
    var guard = nodes.bool(true);
    for (var condition : conditions) {
      guard = nodes.and(guard, condition);
    }
    return guard;
  }

  /** Quotients and remainders resolved where ranges allow. */
  private UnaryOperator<Node> simplified(Prover prover) {
    return Rebuild.upwards(
        nodes, n -> n.expr() instanceof Expr.Index(var p) ? nodes.index(prover.simplify(p)) : n);
  }

  // Sums.

  private Part sum(List<Axis> loops, Node core, List<Node> conditions) {
    var outside = conditions.stream().filter(g -> !speaksOf(g, loops)).toList();
    var inner = new ArrayList<Node>();
    Node outer = t.real(1);
    for (var factor : factors(core)) {
      if (speaksOf(factor, loops) || !standsAlone(factor, outside)) {
        inner.add(factor);
      } else {
        outer = t.mul(outer, factor);
      }
    }
    var body = t.real(1);
    for (var factor : inner) {
      body = t.mul(body, factor);
    }
    var part = phased(loops, body, conditions);
    var value = t.mul(outer, part.value());
    return value == part.value() ? part : new Part(t.where(all(outside), value), part.sums());
  }

  /** Whether what a factor reads is in range where only the conditions without loops hold. */
  private boolean standsAlone(Node factor, List<Node> outside) {
    if (!reads(factor)) {
      return true;
    }
    var extents = target.stream().map(Axis::extent).toList();
    return Verifier.inRange(
        new Equation(
            new Tensor("factor", Type.REAL, extents),
            target,
            t.where(all(outside), factor),
            origin));
  }

  private static boolean reads(Node node) {
    return Rebuild.reachable(node).stream().anyMatch(n -> n.expr() instanceof Expr.Read);
  }

  private static boolean speaksOf(Node node, List<Axis> loops) {
    var indices = Rebuild.indices(node);
    return loops.stream().anyMatch(l -> indices.contains(l.index()));
  }

  /** The factors of a product; of a quotient those above the line, and one below it. */
  private List<Node> factors(Node node) {
    return switch (node.expr()) {
      case Expr.Binary(var op, var x, var y) when op == BinaryOp.MUL -> {
        var all = new ArrayList<>(factors(x));
        all.addAll(factors(y));
        yield all;
      }
      case Expr.Binary(var op, var x, var y) when op == BinaryOp.DIV && !Terms.isReal(x, 1) -> {
        var all = new ArrayList<>(factors(x));
        all.add(nodes.div(t.real(1), y));
        yield all;
      }
      case Expr.Unary(var op, var x) when op == UnaryOp.NEG -> {
        var all = new ArrayList<>(factors(x));
        all.add(t.real(-1));
        yield all;
      }
      default -> List.of(node);
    };
  }

  /**
   * The sum, computed for each phase of a strided read on its own: where subscripts speak of {@code
   * u / 2} and {@code u % 2}, the sum is made over {@code u = 2*q + p}, in which they are affine,
   * and then read at {@code [u / 2, u % 2]}.
   */
  private Part phased(List<Axis> loops, Node body, List<Node> conditions) {
    var axes = new ArrayList<>(target);
    var places = new ArrayList<Poly>();
    target.forEach(a -> places.add(Poly.of(a.index())));
    var guards = new ArrayList<>(conditions);
    var integrand = body;
    var whole = new ArrayList<>(target);
    while (!whole.isEmpty()) {
      var split = split(whole, integrand, guards, Digits.prover(axes, loops));
      if (split.isEmpty() || recurrent.getAsBoolean()) {
        break;
      }
      var s = split.get();
      if (s.values().size() != 1 || s.made().size() != 2) {
        break;
      }
      var replaced = s.values().keySet().iterator().next();
      int at = 0;
      while (!axes.get(at).index().equals(replaced)) {
        at++;
      }
      var old = axes.get(at);
      whole.remove(old);
      var inverse = s.inverse();
      axes.remove(at);
      axes.addAll(at, s.made());
      places.remove(at);
      places.addAll(at, inverse);
      var known = Digits.prover(axes, loops);
      UnaryOperator<Node> put =
          Rebuild.upwards(
              nodes,
              n ->
                  n.expr() instanceof Expr.Index(var p)
                      ? nodes.index(known.simplify(s.apply(p)))
                      : n);
      integrand = put.apply(integrand);
      guards.replaceAll(put);
      var value = known.simplify(s.values().get(replaced));
      if (!known.inRange(value, old.extent())) {
        guards.addFirst(
            nodes.compare(Expr.Comparison.LT, nodes.index(value), nodes.index(old.extent())));
        guards.addFirst(nodes.atLeastZero(value));
      }
    }
    var phases = equation(axes, loops, integrand, guards);
    // What was simplified under guards on u may be in range for no reason that is left of them.
    boolean kept = axes.equals(target) || Verifier.inRange(phases);
    var sum = kept ? phases : equation(target, loops, body, conditions);
    var subscripts = kept ? places : target.stream().map(axis -> Poly.of(axis.index())).toList();
    return new Part(
        nodes.read(sum.tensor(), subscripts.stream().map(nodes::index).toList()), List.of(sum));
  }

  private Equation equation(List<Axis> axes, List<Axis> loops, Node body, List<Node> guards) {
    var facts = Conditions.ranges(axes).and(Conditions.ranges(loops));
    var tensor = new Tensor(name.get(), Type.REAL, axes.stream().map(Axis::extent).toList());
    var reduction = new Reduction(Reduction.Kind.SUM, loops, all(needed(facts, guards)));
    return new Equation(tensor, axes, Optional.of(reduction), body, origin);
  }

  private static List<Node> needed(Facts facts, List<Node> guards) {
    var kept = new ArrayList<Node>();
    var known = facts;
    var prover = new Prover(known);
    for (var guard : guards) {
      if (!Conditions.always(prover, guard)) {
        kept.add(guard);
        known = Conditions.assume(known, guard);
        prover = new Prover(known);
      }
    }
    return kept;
  }

  /** The phases of {@code (u + k) / 2} depend on the loop k: they are not those of the sum. */
  private static boolean speaksOnlyOf(Atom atom, List<Axis> axes) {
    return Poly.of(atom).variables().stream()
        .noneMatch(
            v -> v instanceof Atom.Index i && axes.stream().noneMatch(a -> a.index().equals(i)));
  }

  private Optional<Digits.Split> split(
      List<Axis> axes, Node body, List<Node> guards, Prover prover) {
    var polys = new ArrayList<Poly>();
    Set<Node> seen = new HashSet<>(Rebuild.reachable(body));
    guards.forEach(g -> seen.addAll(Rebuild.reachable(g)));
    for (var node : seen.stream().sorted((a, b) -> a.id() - b.id()).toList()) {
      if (node.expr() instanceof Expr.Index(var p)) {
        polys.add(p);
      }
    }
    for (var p : polys) {
      var atom = Digits.innermost(p, axes);
      if (atom.isPresent() && speaksOnlyOf(atom.get(), axes)) {
        var split = Digits.split(atom.get(), axes, fresh, prover);
        if (split.isPresent()) {
          return split;
        }
      }
    }
    return Optional.empty();
  }
}
