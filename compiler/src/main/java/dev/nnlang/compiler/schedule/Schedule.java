package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The way from equations to a plan. */
public final class Schedule {
  private Schedule() {}

  /** A plan for a program without derivatives. */
  public static Plan plan(Program given) {
    var program = Borders.separate(given);
    var roots = new ArrayList<Tensor>();
    program.outputs().forEach(o -> roots.add(o.tensor()));
    program.updates().forEach(u -> roots.add(u.next()));
    var groups = Dependences.equations(roots, program.definitions());
    var kernels = new ArrayList<Kernel>();
    for (var group : groups) {
      kernels.add(kernel(group, program.nodes()));
    }
    return InPlace.plan(program, kernels);
  }

  private static Kernel kernel(List<Equation> group, Nodes nodes) {
    var first = group.getFirst();
    if (group.size() > 1 || Walk.tensors(first).contains(first.tensor())) {
      return Recurrence.nest(group, nodes);
    }
    if (first.body().expr() instanceof Expr.Draw draw
        && draw.distribution() == Expr.Distribution.ORTHOGONAL) {
      return new Kernel.Orthogonal(first);
    }
    var renamed = Rename.equation(first, Map.of(), nodes);
    var product = Contractions.recognise(renamed, nodes);
    return product.isPresent() ? product.get() : plain(renamed);
  }

  private static Kernel.Nest plain(Equation equation) {
    var axes = equation.axes();
    int outer = axes.size() == 1 ? 1 : Math.max(0, axes.size() - 1);
    return new Kernel.Nest(
        axes.subList(0, outer),
        axes.size() == 1 ? BLOCK : 1,
        List.of(new Stage.Compute(equation, axes.subList(outer, axes.size()))),
        "");
  }

  /** Enough for a few cache lines, few enough to share out. */
  private static final int BLOCK = 1024;
}
