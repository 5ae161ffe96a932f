package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.List;

/** A part of a loop nest. Stages of one list run one after the other. */
public sealed interface Stage {
  /**
   * Computes an equation for the values that the loops around it have, and for all values of {@code
   * inner}, those of its axes that no loop around it runs over. Where a time loop around it runs
   * further than the equation's own axis, nothing is computed beyond.
   */
  record Compute(Equation equation, List<Axis> inner) implements Stage {
    public Compute {
      inner = List.copyOf(inner);
    }
  }

  /**
   * Computes equations in lanes: several consecutive values of {@code run} at a time, for all
   * values of {@code around} outside of it and of {@code within} inside of it. An equation has the
   * axes of the run, or reduces them; one that reduces {@code within} is added up there. Equations
   * see the values of those before them without a detour through memory.
   *
   * @param run axes that are run through as if they were one
   * @param tail how what is left over of the run is computed
   * @param abreast vectors that are computed at a time where there are as many
   * @param ahead reads along another run of the same length: of those of the next work item a
   *     number for each vector is fetched meanwhile ({@link ReadAhead})
   */
  record Sweep(
      List<Axis> around,
      List<Axis> run,
      List<Axis> within,
      List<Equation> equations,
      Tail tail,
      int abreast,
      List<Node> ahead)
      implements Stage {
    /**
     * Vectors of a sum that are added up at a time, so that additions do not wait for each other.
     */
    private static final int ABREAST = 4;

    /** A sum with more arithmetic has enough to do that does not wait. */
    private static final int MOST_OPERATIONS_ABREAST = 8;

    /** A sweep in the form that suits its size. */
    public Sweep(List<Axis> around, List<Axis> run, List<Axis> within, List<Equation> equations) {
      this(
          around,
          run,
          within,
          equations,
          Tail.of(equations),
          abreast(within, equations),
          List.of());
    }

    private static int abreast(List<Axis> within, List<Equation> equations) {
      long operations = equations.stream().mapToLong(Cost::operations).sum();
      return hasOnlySums(within, equations) && operations <= MOST_OPERATIONS_ABREAST ? ABREAST : 1;
    }

    private static boolean hasOnlySums(List<Axis> within, List<Equation> equations) {
      return !within.isEmpty() || equations.stream().noneMatch(e -> e.reduced().isEmpty());
    }

    public Sweep {
      around = List.copyOf(around);
      run = List.copyOf(run);
      within = List.copyOf(within);
      equations = List.copyOf(equations);
      ahead = List.copyOf(ahead);
    }

    /** The same with twice as many vectors of one sum at a time, if it has several. */
    Sweep wide() {
      int wider = abreast == ABREAST && equations.size() == 1 ? 2 * ABREAST : abreast;
      return new Sweep(around, run, within, equations, tail, wider, ahead);
    }

    /** The same that reads ahead. */
    Sweep reading(List<Node> rows) {
      return new Sweep(around, run, within, equations, tail, abreast, rows);
    }

    /** Whether several vectors may be computed at a time: where all equations are sums. */
    public boolean hasOnlySums() {
      return hasOnlySums(within, equations);
    }

    /** Whether an equation is added up along the run, to one value for all of it. */
    public boolean isAlong(Equation equation) {
      return !equation.reduced().isEmpty() && within.isEmpty();
    }
  }

  /** A recurrence's time loop: one index over the longest of {@code extents}, in order. */
  record Time(Atom.Index index, List<Poly> extents, Direction direction, List<Stage> stages)
      implements Stage {
    public Time {
      extents = List.copyOf(extents);
      stages = List.copyOf(stages);
    }
  }
}
