package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Tensor;
import java.util.ArrayList;
import java.util.HashSet;

/** The way from equations to a plan. */
public final class Schedule {
  private Schedule() {}

  /** A plan for a program without derivatives. */
  public static Plan plan(Program given) {
    var program = Borders.separate(given);
    var roots = new ArrayList<Tensor>();
    program.outputs().forEach(o -> roots.add(o.tensor()));
    program.updates().forEach(u -> roots.add(u.next()));
    var groups = Dependences.equations(roots, Definitions.of(program));
    var kernels = Fusion.kernels(groups, new HashSet<>(roots), program.nodes());
    return InPlace.plan(program, kernels);
  }
}
