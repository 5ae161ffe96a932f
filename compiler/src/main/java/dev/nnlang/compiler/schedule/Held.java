package dev.nnlang.compiler.schedule;

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
import java.util.Set;

/**
 * Which columns of a strip add something, as far as conditions on row and column say so: those that
 * meet all of one of these lists. Half of them under a causal mask; all, if there is no list.
 *
 * <p>A row without any column ends with what one column leaves behind that adds nothing: whoever
 * leaves columns out looks at one at least.
 */
public record Held(List<List<Condition>> any) {
  static final Held ALL = new Held(List.of());

  /**
   * {@code row * i + column * j + rest >= 0} in row i and column j.
   *
   * @param rest without indices
   */
  public record Condition(long row, long column, Poly rest) {}

  public Held {
    any = any.stream().map(List::copyOf).toList();
  }

  public boolean isAll() {
    return any.isEmpty();
  }

  static Held of(Strip strip) {
    if (strip.rows().size() != 1 || strip.columns().size() != 1) {
      return ALL;
    }
    var finder = new Finder(strip);
    if (strip.most().isPresent()) {
      // Where nothing is larger than -inf, all that is relative to it is 0.
      var held = finder.added(strip.most().get(), Double.NEGATIVE_INFINITY);
      return held.isEmpty() ? ALL : new Held(List.of(List.copyOf(held)));
    }
    var all = new LinkedHashSet<List<Condition>>();
    for (var sum : strip.sums()) {
      var held =
          switch (sum) {
            case Strip.Sum.Fold(var equation, _) -> finder.added(equation, 0);
            case Strip.Sum.Times times -> finder.somewhere(times.left(), 0);
          };
      if (held.isEmpty()) {
        return ALL;
      }
      all.add(List.copyOf(held));
    }
    return new Held(List.copyOf(all));
  }

  private record Finder(Strip strip) {
    /** Where a term is looked at and is not the value that changes nothing. */
    Set<Condition> added(Equation equation, double neutral) {
      var held = new LinkedHashSet<Condition>();
      holds(equation.reduction().orElseThrow().guard(), held);
      boolean own =
          switch (equation.reduction().get().kind()) {
            case SUM -> neutral == 0;
            case MAX -> neutral == Double.NEGATIVE_INFINITY;
            case MIN, PROD, ANY, ALL, ARGMAX, ARGMIN, LOGSUMEXP -> false;
          };
      if (own) {
        held.addAll(somewhere(equation.body(), neutral));
      }
      return held;
    }

    /** Where a value is not the given one, as far as conditions say so. */
    Set<Condition> somewhere(Node node, double neutral) {
      var held = new LinkedHashSet<Condition>();
      var at = node;
      while (at.expr() instanceof Expr.Select(var guard, var then, var otherwise)
          && Inline.is(otherwise, neutral)) {
        holds(guard, held);
        at = then;
      }
      return held;
    }

    private void holds(Node guard, Set<Condition> into) {
      var all = new ArrayList<Node>();
      Contractions.conjuncts(guard, all);
      for (var each : all) {
        if (each.expr() instanceof Expr.Compare(var op, Node x, Node y)
            && x.expr() instanceof Expr.Index(var p)
            && y.expr() instanceof Expr.Index(var q)) {
          switch (op) {
            case LE -> reaches(q.minus(p), 0, into);
            case LT -> reaches(q.minus(p), 1, into);
            case GE -> reaches(p.minus(q), 0, into);
            case GT -> reaches(p.minus(q), 1, into);
            case EQ, NE -> {}
          }
        }
      }
    }

    private void reaches(Poly sum, long least, Set<Condition> into) {
      var row = strip.rows().getFirst().index();
      var column = strip.columns().getFirst().index();
      var ofRow = sum.coefficient(row).constant();
      var ofColumn = sum.coefficient(column).constant();
      var rest = sum.substitute(Map.of(row, Poly.ZERO, column, Poly.ZERO)).minus(least);
      boolean known =
          ofRow.isPresent()
              && ofColumn.isPresent()
              && ofColumn.getAsLong() != 0
              && rest.variables().stream().allMatch(Atom.Dim.class::isInstance);
      if (known) {
        into.add(new Condition(ofRow.getAsLong(), ofColumn.getAsLong(), rest));
      }
    }
  }
}
