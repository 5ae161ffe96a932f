package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.schedule.Kernel.Strip;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds blocks of a strip that add nothing, since a condition on the row and the column excludes
 * all of their elements: half of them under a causal mask.
 *
 * <p>A comparison of sums of indices holds somewhere in a block if it does at one of its corners.
 */
final class MaskedBlocks {
  private final Scope scope;
  private final Strip strip;
  private final int side;

  MaskedBlocks(Scope scope, Strip strip, int side) {
    this.scope = scope;
    this.strip = strip;
    this.side = side;
  }

  /**
   * Whether the block at {@code r0} and {@code c0} adds nothing, as an expression that all
   * work-items of a group answer alike; empty if every block may add something.
   */
  Optional<String> skipped() {
    if (strip.rows().size() != 1 || strip.columns().size() != 1) {
      return Optional.empty();
    }
    if (strip.most().isPresent()) {
      // The first block leaves behind what a row without any column ends with.
      return added(strip.most().get(), Double.NEGATIVE_INFINITY)
          .map(held -> "c0 > 0 && !(" + held + ")");
    }
    var all = new LinkedHashSet<String>();
    for (var sum : strip.sums()) {
      var held =
          switch (sum) {
            case Strip.Sum.Fold(var equation, _) -> added(equation, 0);
            case Strip.Sum.Times times -> somewhere(times.left(), 0);
          };
      if (held.isEmpty()) {
        return Optional.empty();
      }
      all.add(held.get());
    }
    return Optional.of("!(" + String.join(" || ", all) + ")");
  }

  /** Where a term is looked at and is not the value that changes nothing. */
  private Optional<String> added(Equation equation, double neutral) {
    var guarded = holds(equation.reduction().orElseThrow().guard());
    var own =
        switch (equation.reduction().get().kind()) {
          case SUM -> neutral == 0;
          case MAX -> neutral == Double.NEGATIVE_INFINITY;
          case MIN, PROD, ANY, ALL, ARGMAX, ARGMIN, LOGSUMEXP -> false;
        };
    return own ? both(guarded, somewhere(equation.body(), neutral)) : guarded;
  }

  /** Where a value is not the given one, as far as a condition says so. */
  private Optional<String> somewhere(Node node, double neutral) {
    return node.expr() instanceof Expr.Select(var guard, var then, var otherwise)
            && Inline.is(otherwise, neutral)
        ? both(holds(guard), somewhere(then, neutral))
        : Optional.empty();
  }

  /** Whether a condition holds somewhere in the block; empty where that is not known. */
  private Optional<String> holds(Node guard) {
    return switch (guard.expr()) {
      case Expr.And(var x, var y) -> both(holds(x), holds(y));
      case Expr.Compare(var op, Node x, Node y)
          when x.expr() instanceof Expr.Index(var p) && y.expr() instanceof Expr.Index(var q) ->
          switch (op) {
            case LE -> reaches(q.minus(p), 0);
            case LT -> reaches(q.minus(p), 1);
            case GE -> reaches(p.minus(q), 0);
            case GT -> reaches(p.minus(q), 1);
            case EQ, NE -> Optional.empty();
          };
      default -> Optional.empty();
    };
  }

  private static Optional<String> both(Optional<String> some, Optional<String> others) {
    return some.isPresent() && others.isPresent() && !some.equals(others)
        ? Optional.of("(%s && %s)".formatted(some.get(), others.get()))
        : some.or(() -> others);
  }

  /** Whether a sum of indices is so large at the corner where it is largest. */
  private Optional<String> reaches(Poly sum, long least) {
    var terms = new ArrayList<String>();
    var rest = sum;
    for (var each :
        List.of(
            new Corner(strip.rows().getFirst(), "r0", "m", side),
            new Corner(strip.columns().getFirst(), "c0", "n", side))) {
      var factor = sum.coefficient(each.axis.index()).constant();
      if (factor.isEmpty()) {
        return Optional.empty();
      }
      rest = rest.substitute(Map.of(each.axis.index(), Poly.ZERO));
      if (factor.getAsLong() != 0) {
        var where = each.where(factor.getAsLong() > 0);
        terms.add(factor.getAsLong() == 1 ? where : factor.getAsLong() + " * " + where);
      }
    }
    boolean known =
        !terms.isEmpty()
            && Formulas.isSmall(sum)
            && rest.variables().stream().noneMatch(Atom.Index.class::isInstance);
    if (!known) {
      return Optional.empty();
    }
    if (!rest.is(0)) {
      terms.add(Formulas.ints(scope, rest));
    }
    return Optional.of("(%s >= %d)".formatted(String.join(" + ", terms), least));
  }

  /** A side of a block, which begins at {@code first} and ends before {@code end} at the latest. */
  private record Corner(Axis axis, String first, String end, int side) {
    String where(boolean last) {
      return last
          ? "(%s + %d < %s ? %s + %d : %s - 1)"
              .formatted(first, side - 1, end, first, side - 1, end)
          : first;
    }
  }
}
