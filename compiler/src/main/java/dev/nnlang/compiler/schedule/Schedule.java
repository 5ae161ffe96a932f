package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.schedule.Choices.Part;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;

/** The way from equations to a plan. */
public final class Schedule {
  private Schedule() {}

  /** A plan for a program without derivatives. */
  public static Plan plan(Program program) {
    return plan(program, Choices.BY_COST);
  }

  /**
   * The plans of a program: one for any number of examples and, where that is another, one for
   * many. What trains has one plan: a step was no faster with the other.
   */
  public static Forms forms(Program program) {
    var many =
        program.updates().isEmpty()
            ? Concatenation.of(program, Choices.BY_COST)
            : Optional.<Concatenation.Result>empty();
    return new Forms(
        plan(program),
        many.map(m -> new Forms.Many(m.examples(), Concatenation.MANY, plan(m.program()))));
  }

  /** The plan of any program as it would be for many examples; for tests. */
  public static Plan forMany(Program program) {
    return plan(
        Concatenation.of(program, Choices.BY_COST)
            .map(Concatenation.Result::program)
            .orElse(program));
  }

  /** A plan for which decisions were made; for tests. */
  public static Plan plan(Program given, Choices choices) {
    var program = Borders.separate(given);
    var nodes = program.nodes();
    var roots = new ArrayList<Tensor>();
    program.outputs().forEach(o -> roots.add(o.tensor()));
    program.updates().forEach(u -> roots.add(u.next()));
    var wanted = new LinkedHashSet<>(roots);
    var products = new Products(choices, nodes);
    var definitions = Definitions.of(program);
    if (choices.has(Part.REUSE)) {
      definitions = Reuse.of(definitions, nodes);
    }
    if (choices.has(Part.FIRST_OF_FEW)) {
      definitions = FirstOfFew.chosen(definitions, wanted, nodes);
    }
    var groups = Dependences.equations(roots, definitions);
    if (choices.has(Part.INVARIANTS)) {
      groups = Invariants.apart(groups, roots, nodes);
    }
    if (choices.has(Part.SIGNS)) {
      groups = Signs.asked(groups, roots, nodes);
    }
    boolean hasStrips = choices.matrices() != Choices.Matrices.WHOLE;
    if (hasStrips) {
      groups = Exchange.sums(groups, roots, products, nodes);
    }
    var strips = hasStrips ? Strips.of(groups, wanted, products, nodes) : Strips.NONE;
    var asked = strips.groups(roots, groups);
    if (choices.has(Part.ZEROS)) {
      asked = Zeros.known(asked, strips, products, nodes);
    }
    var copied = Copies.of(asked, strips, products, nodes);
    var draft = Fusion.kernels(copied.groups(), wanted, strips, products, nodes);
    var decided =
        Recompute.decide(copied, draft, wanted, choices.recompute(), strips, products, nodes);
    var kernels =
        decided.isNothing()
            ? draft
            : Fusion.kernels(decided.groups(), wanted, strips, products, nodes);
    var kept =
        choices.has(Part.KEPT_ROWS)
            ? KeptRows.of(kernels.list(), nodes)
            : new KeptRows.Kept(kernels.list(), Map.of());
    if (choices.has(Part.READ_AHEAD)) {
      kept = new KeptRows.Kept(ReadAhead.of(kept.kernels()), kept.places());
    }
    return InPlace.plan(program, kept, decided.savings());
  }
}
