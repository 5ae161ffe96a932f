package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
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

  /** A recurrence's time loop: one index over the longest of {@code extents}, in order. */
  record Time(Atom.Index index, List<Poly> extents, Direction direction, List<Stage> stages)
      implements Stage {
    public Time {
      extents = List.copyOf(extents);
      stages = List.copyOf(stages);
    }
  }
}
