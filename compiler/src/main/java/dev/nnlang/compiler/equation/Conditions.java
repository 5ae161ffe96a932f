package dev.nnlang.compiler.equation;

import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Facts;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.size.Prover;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Between boolean nodes and facts about indices: what a guard tells, and what is told already. */
public final class Conditions {
  private Conditions() {}

  /** The ranges of axes as facts. */
  public static Facts ranges(List<Axis> axes) {
    if (axes.isEmpty()) {
      return Facts.NONE;
    }
    var ranges = new LinkedHashMap<Atom.Index, Poly>();
    axes.forEach(axis -> ranges.put(axis.index(), axis.extent()));
    return new Facts(ranges, List.of(), List.of(), List.of());
  }

  /** The conjuncts of a guard, in the order of evaluation; none for {@code true}. */
  public static List<Node> conjuncts(Node guard) {
    var all = new ArrayList<Node>();
    collect(guard, all);
    return all;
  }

  private static void collect(Node guard, List<Node> into) {
    switch (guard.expr()) {
      case Expr.And(var x, var y) -> {
        collect(x, into);
        collect(y, into);
      }
      case Expr.Bool(var value) when value -> {}
      default -> into.add(guard);
    }
  }

  /** {@code facts} and what the guard's truth says about indices; other comparisons say nothing. */
  public static Facts assume(Facts facts, Node guard) {
    return switch (guard.expr()) {
      case Expr.Bool(var value) -> value ? facts : facts.atLeastZero(Poly.of(-1));
      case Expr.And(var x, var y) -> assume(assume(facts, x), y);
      case Expr.Not(var x) -> deny(facts, x);
      case Expr.Compare(
              var op,
              Node(_, Expr.Index(var p), _, _),
              Node(_, Expr.Index(var q), _, _)) ->
          compare(facts, op, p, q);
      default -> facts;
    };
  }

  /** {@code facts} and what follows from the guard being false. */
  public static Facts deny(Facts facts, Node guard) {
    return switch (guard.expr()) {
      case Expr.Bool(var value) -> value ? facts.atLeastZero(Poly.of(-1)) : facts;
      case Expr.Or(var x, var y) -> deny(deny(facts, x), y);
      case Expr.Not(var x) -> assume(facts, x);
      case Expr.Compare(
              var op,
              Node(_, Expr.Index(var p), _, _),
              Node(_, Expr.Index(var q), _, _)) ->
          compare(facts, op.negated(), p, q);
      default -> facts;
    };
  }

  private static Facts compare(Facts facts, Comparison op, Poly p, Poly q) {
    return switch (op) {
      case LT -> facts.less(p, q);
      case LE -> facts.atMost(p, q);
      case GT -> facts.less(q, p);
      case GE -> facts.atMost(q, p);
      case EQ -> facts.equal(p, q);
      case NE -> facts.notZero(p.minus(q));
    };
  }

  /** Whether the guard holds wherever the prover's facts do; a no says nothing. */
  public static boolean always(Prover prover, Node guard) {
    return switch (guard.expr()) {
      case Expr.Bool(var value) -> value;
      case Expr.And(var x, var y) -> always(prover, x) && always(prover, y);
      case Expr.Or(var x, var y) -> always(prover, x) || always(prover, y);
      case Expr.Not(var x) -> never(prover, x);
      case Expr.Compare(
              var op,
              Node(_, Expr.Index(var p), _, _),
              Node(_, Expr.Index(var q), _, _)) ->
          follows(prover, op, p, q);
      default -> false;
    };
  }

  /** Whether the guard is false wherever the prover's facts hold; a no says nothing. */
  public static boolean never(Prover prover, Node guard) {
    return switch (guard.expr()) {
      case Expr.Bool(var value) -> !value;
      case Expr.And(var x, var y) -> never(prover, x) || never(prover, y);
      case Expr.Or(var x, var y) -> never(prover, x) && never(prover, y);
      case Expr.Not(var x) -> always(prover, x);
      case Expr.Compare(
              var op,
              Node(_, Expr.Index(var p), _, _),
              Node(_, Expr.Index(var q), _, _)) ->
          follows(prover, op.negated(), p, q);
      default -> false;
    };
  }

  private static boolean follows(Prover prover, Comparison op, Poly p, Poly q) {
    return switch (op) {
      case LT -> prover.less(p, q);
      case LE -> prover.atMost(p, q);
      case GT -> prover.less(q, p);
      case GE -> prover.atMost(q, p);
      case EQ -> prover.equal(p, q);
      case NE -> prover.less(p, q) || prover.less(q, p);
    };
  }
}
