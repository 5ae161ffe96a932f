package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;

/** The way from equations to a plan. */
public final class Schedule {
  private Schedule() {}

  /** A plan for a program without derivatives. */
  public static Plan plan(Program program) {
    return plan(program, Recompute.Choice.BY_COST);
  }

  /** A plan in which it was chosen in this way what is computed again; for tests. */
  public static Plan plan(Program given, Recompute.Choice choice) {
    var program = Borders.separate(given);
    var nodes = program.nodes();
    var roots = new ArrayList<Tensor>();
    program.outputs().forEach(o -> roots.add(o.tensor()));
    program.updates().forEach(u -> roots.add(u.next()));
    var wanted = new LinkedHashSet<>(roots);
    var products = new Products(nodes);
    var definitions = Reuse.of(Definitions.of(program), nodes);
    var defined = Dependences.equations(roots, FirstOfFew.chosen(definitions, wanted, nodes));
    var groups = Signs.asked(Invariants.apart(defined, roots, nodes), roots, nodes);
    var copied = Copies.of(groups, products, nodes);
    var draft = Fusion.kernels(copied.groups(), wanted, products, nodes);
    var decided = Recompute.decide(copied, draft, wanted, choice, products, nodes);
    var kernels =
        decided.isNothing() ? draft : Fusion.kernels(decided.groups(), wanted, products, nodes);
    return InPlace.plan(program, kernels.list(), decided.savings());
  }
}
