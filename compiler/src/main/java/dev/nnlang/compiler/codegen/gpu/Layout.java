package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Sizes;
import dev.nnlang.compiler.schedule.Stage;
import dev.nnlang.compiler.schedule.Walk;
import dev.nnlang.compiler.size.Atom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * How a nest is laid out on work-items: rows that are independent of each other, and the lanes that
 * work on one row together.
 *
 * <p>Where no value needs another but at its own place, every place is a row, and consecutive
 * work-items have consecutive places. Else rows are those of the plan: softmax is computed by a
 * work-group a row, whose lanes meet at barriers. Short rows have one lane, and no barriers.
 *
 * @param rows axes that no loop runs over
 * @param lanes of a row: 1, or a power of two that is the width of a work-group
 */
record Layout(List<Axis> rows, int lanes) {
  /** Work-items of a group where each has a row of its own. */
  static final int ROWS_OF_A_GROUP = 128;

  /** A row of fewer values is not worth a group. */
  private static final long SHORTEST = 32;

  private static final int MOST_LANES = 256;

  /** Rows that keep a device busy by themselves, each with its own sum. */
  private static final long MANY = 4096;

  /**
   * @param times indices of the loops around the nest, which choose no row
   */
  static Layout of(Kernel.Nest nest, List<Atom.Index> times) {
    var flat = isFlat(nest);
    var rows =
        flat
            ? nest.equations().getFirst().axes().stream()
                .filter(a -> !times.contains(a.index()))
                .toList()
            : nest.parallel();
    long longest = longest(nest.stages(), rows);
    if (longest < SHORTEST || flat && Sizes.typical(rows) >= MANY) {
      return new Layout(rows, 1);
    }
    return new Layout(rows, (int) Math.min(MOST_LANES, Long.highestOneBit(longest)));
  }

  /** Whether every value depends on others of the nest at its own place alone. */
  private static boolean isFlat(Kernel.Nest nest) {
    var axes = nest.equations().getFirst().axes();
    var made = new HashSet<dev.nnlang.compiler.equation.Tensor>();
    for (var stage : nest.stages()) {
      if (stage instanceof Stage.Time
          || stage instanceof Stage.Sweep sweep
              && sweep.equations().stream().anyMatch(sweep::isAlong)) {
        return false;
      }
    }
    nest.equations().forEach(e -> made.add(e.tensor()));
    return nest.equations().stream()
        .allMatch(
            e ->
                e.axes().equals(axes)
                    && Walk.reads(e).stream()
                        .allMatch(r -> !made.contains(r.tensor()) || isOwn(r, axes)));
  }

  private static boolean isOwn(dev.nnlang.compiler.equation.Expr.Read read, List<Axis> axes) {
    for (int p = 0; p < axes.size(); p++) {
      if (!(read.subscripts().get(p).expr()
              instanceof dev.nnlang.compiler.equation.Expr.Index(var at))
          || !at.equals(dev.nnlang.compiler.size.Poly.of(axes.get(p).index()))) {
        return false;
      }
    }
    return true;
  }

  /** The axes that are gone through within a row, for a stage's values. */
  static List<Axis> within(Stage stage, List<Axis> rows) {
    var axes = new ArrayList<Axis>();
    switch (stage) {
      case Stage.Compute(_, var inner) -> axes.addAll(inner);
      case Stage.Sweep sweep -> {
        axes.addAll(sweep.around());
        axes.addAll(sweep.run());
      }
      case Stage.Time _ -> {}
    }
    axes.removeAll(rows);
    return axes;
  }

  /** Values of a row, or terms of a sum if the row is one value, that lanes can share. */
  private static long longest(List<Stage> stages, List<Axis> rows) {
    long longest = 1;
    for (var stage : stages) {
      longest =
          Math.max(
              longest,
              switch (stage) {
                case Stage.Time time -> longest(time.stages(), rows);
                case Stage.Compute(var equation, _) -> shared(stage, List.of(equation), rows);
                case Stage.Sweep sweep -> shared(stage, sweep.equations(), rows);
              });
    }
    return longest;
  }

  private static long shared(Stage stage, List<Equation> equations, List<Axis> rows) {
    var within = within(stage, rows);
    if (!within.isEmpty()) {
      return Sizes.typical(within);
    }
    return equations.stream().mapToLong(e -> Sizes.typical(e.reduced())).max().orElse(1);
  }
}
