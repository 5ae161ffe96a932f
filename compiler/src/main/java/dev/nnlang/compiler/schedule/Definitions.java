package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The equations of a program in forms that run well: a logarithm of a sum of exponentials is its
 * three parts, and a long sum to few values is a sum of sums, so that its parts are independent of
 * each other and no sum is so long that it loses digits.
 */
final class Definitions {
  /** Terms from which on a sum is cut. */
  private static final long LONG = 1 << 12;

  /** Values to which a sum is not cut, since there are enough work items. */
  private static final long MANY = 1 << 12;

  /** Parts that a sum should have. */
  private static final long PARTS = 16;

  private final Nodes nodes;
  private final Map<Tensor, Equation> made = new LinkedHashMap<>();

  private Definitions(Nodes nodes) {
    this.nodes = nodes;
  }

  static Map<Tensor, Equation> of(Program program) {
    var definitions = new Definitions(program.nodes());
    program.equations().forEach(definitions::add);
    return definitions.made;
  }

  private void add(Equation equation) {
    var kind = equation.reduction().map(Reduction::kind);
    boolean selfReading = Walk.tensors(equation).contains(equation.tensor());
    if (kind.isPresent() && kind.get() == Reduction.Kind.LOGSUMEXP && !selfReading) {
      logSumExp(equation);
    } else if (kind.isPresent() && kind.get() == Reduction.Kind.SUM && !selfReading) {
      sum(equation);
    } else {
      made.put(equation.tensor(), equation);
    }
  }

  // log(sum(exp(x))) = m + log(sum(exp(x - m))), m = max(x), or m where that is infinite.

  private void logSumExp(Equation equation) {
    var reduction = equation.reduction().orElseThrow();
    var max = part(equation, "max", equation.axes());
    var sum = part(equation, "sum", equation.axes());
    define(equation, max, equation.axes(), reduced(Reduction.Kind.MAX, reduction), equation.body());
    var most = nodes.readAt(max, equation.axes());
    define(
        equation,
        sum,
        equation.axes(),
        reduced(Reduction.Kind.SUM, reduction),
        nodes.unary(UnaryOp.EXP, nodes.sub(equation.body(), most)));
    var infinite =
        nodes.compare(
            Comparison.EQ, nodes.unary(UnaryOp.ABS, most), nodes.real(Double.POSITIVE_INFINITY));
    var log = nodes.unary(UnaryOp.LOG, nodes.readAt(sum, equation.axes()));
    define(
        equation,
        equation.tensor(),
        equation.axes(),
        Optional.empty(),
        nodes.select(infinite, most, nodes.add(most, log)));
  }

  private static Optional<Reduction> reduced(Reduction.Kind kind, Reduction like) {
    return Optional.of(new Reduction(kind, like.axes(), like.guard()));
  }

  // Sums of sums.

  private void sum(Equation equation) {
    var apart = OuterConditions.of(equation, nodes);
    if (apart.isPresent()) {
      made.put(apart.get().inner().tensor(), apart.get().inner());
      made.put(equation.tensor(), apart.get().outer());
      return;
    }
    var reduced = equation.reduced();
    boolean cut =
        equation.body().type() == Type.REAL
            && reduced.size() > 1
            && Sizes.typical(reduced) >= LONG
            && Sizes.typical(equation.axes()) <= MANY
            && Contractions.recognise(equation, nodes).isEmpty();
    if (!cut) {
      made.put(equation.tensor(), equation);
      return;
    }
    int front = 1;
    while (front < reduced.size() - 1 && Sizes.typical(reduced.subList(0, front)) < PARTS) {
      front++;
    }
    var outer = new ArrayList<>(reduced.subList(0, front));
    outer.addAll(equation.axes());
    var parts = part(equation, "part", outer);
    var guard = equation.reduction().orElseThrow().guard();
    define(
        equation,
        parts,
        outer,
        Optional.of(
            new Reduction(Reduction.Kind.SUM, reduced.subList(front, reduced.size()), guard)),
        equation.body());
    define(
        equation,
        equation.tensor(),
        equation.axes(),
        Optional.of(new Reduction(Reduction.Kind.SUM, reduced.subList(0, front), nodes.bool(true))),
        nodes.readAt(parts, outer));
  }

  private Tensor part(Equation equation, String which, List<Axis> axes) {
    return new Tensor(
        nodes.fresh(which + "_" + equation.tensor().name()),
        Type.REAL,
        axes.stream().map(Axis::extent).toList());
  }

  private void define(
      Equation from, Tensor tensor, List<Axis> axes, Optional<Reduction> reduction, Node body) {
    made.put(tensor, new Equation(tensor, axes, reduction, body, from.origin()));
  }
}
