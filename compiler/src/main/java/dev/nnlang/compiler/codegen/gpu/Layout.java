package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Sizes;
import dev.nnlang.compiler.schedule.Stage;
import dev.nnlang.compiler.schedule.Walk;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a nest is laid out on work-items: rows that are independent of each other, and the lanes that
 * work on one row together.
 *
 * <p>Where no value needs another but at its own place, every place is a row, and consecutive
 * work-items have consecutive places. Else rows are those of the plan: softmax is computed by a
 * work-group a row, whose lanes meet at barriers. Short rows have one lane, and no barriers. Many
 * places are taken four by four, so that memory is read and written in vectors.
 *
 * @param rows axes that no loop runs over
 * @param lanes of a row: 1, or a power of two that is the width of a work-group
 * @param fours of rows that a work-item takes four of: the axis along which they lie
 */
record Layout(List<Axis> rows, int lanes, Optional<Axis> fours) {
  /** Work-items of a group where each has a row of its own. */
  static final int ROWS_OF_A_GROUP = 128;

  /** A row of fewer values is not worth a group. */
  private static final long SHORTEST = 32;

  private static final int MOST_LANES = 256;

  /** What is computed four times over fits into registers. */
  private static final int MOST_NODES_OF_FOURS = 150;

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
    if (flat && Sizes.typical(rows) >= MANY) {
      return new Layout(rows, 1, fours(nest, rows));
    }
    if (longest < SHORTEST) {
      return new Layout(rows, 1, Optional.empty());
    }
    var whole = new Layout(rows, lanes(longest), Optional.empty());
    boolean inFours = nest.stages().stream().allMatch(s -> whole.isInFours(s, nest.local()));
    return inFours ? new Layout(rows, lanes(longest / Quads.WIDE), Optional.empty()) : whole;
  }

  private static int lanes(long places) {
    return (int) Math.min(MOST_LANES, Long.highestOneBit(places));
  }

  /** Whether lanes that take four places at a time find all of a stage's. */
  private boolean isInFours(Stage stage, Set<Tensor> local) {
    var within = within(stage, rows);
    return switch (stage) {
      case Stage.Time _ -> false;
      case Stage.Compute(var equation, _) ->
          within.isEmpty()
              ? equation.reduction().isEmpty()
              : foursWithin(List.of(equation), within, local).isPresent();
      case Stage.Sweep sweep ->
          !within.isEmpty() && foursWithin(sweep.equations(), within, local).isPresent();
    };
  }

  /** Along which axis four places are one work-item's, where that pays and nothing forbids it. */
  private static Optional<Axis> fours(Kernel.Nest nest, List<Axis> rows) {
    var roots = nest.equations().stream().flatMap(e -> Walk.roots(e).stream()).toList();
    boolean heavy =
        nest.equations().stream().anyMatch(e -> e.reduction().isPresent())
            || Walk.nodes(roots).size() > MOST_NODES_OF_FOURS
            || Walk.nodes(roots).stream().anyMatch(n -> n.expr() instanceof Expr.Draw);
    if (heavy || Sizes.typical(rows) < Quads.WIDE * MANY) {
      return Optional.empty();
    }
    var axes = nest.equations().getFirst().axes();
    return Quads.run(rows)
        .filter(
            run ->
                Quads.reads(roots, axes, run)
                    || nest.equations().stream()
                        .anyMatch(e -> !nest.local().contains(e.tensor()) && Quads.writes(e, run)));
  }

  /** Axes that are gone through within a row in fours, for what is computed in a stage. */
  Optional<Axis> foursWithin(List<Equation> equations, List<Axis> within, Set<Tensor> local) {
    if (lanes == 1 || Sizes.typical(within) < (long) Quads.WIDE * SHORTEST) {
      return Optional.empty();
    }
    var roots = equations.stream().flatMap(e -> Walk.roots(e).stream()).toList();
    boolean heavy =
        Walk.nodes(roots).size() > MOST_NODES_OF_FOURS
            || Walk.nodes(roots).stream().anyMatch(n -> n.expr() instanceof Expr.Draw)
            || equations.stream()
                .anyMatch(e -> !e.reduced().isEmpty() && !within.containsAll(e.reduced()));
    if (heavy) {
      return Optional.empty();
    }
    var axes = axes(rows, within);
    return Quads.run(within)
        .filter(
            run ->
                Quads.reads(roots, axes, run)
                    || equations.stream()
                        .anyMatch(e -> !local.contains(e.tensor()) && Quads.writes(e, run)));
  }

  /** Those of rows, and those within. */
  static List<Axis> axes(List<Axis> rows, List<Axis> within) {
    var axes = new ArrayList<>(rows);
    axes.addAll(within);
    return axes;
  }

  /** Whether every value depends on others of the nest at its own place alone. */
  private static boolean isFlat(Kernel.Nest nest) {
    var axes = nest.equations().getFirst().axes();
    var made = new HashSet<Tensor>();
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

  /** Whether a read is at the place that these axes have. */
  static boolean isOwn(Expr.Read read, List<Axis> axes) {
    for (int p = 0; p < axes.size(); p++) {
      if (!(read.subscripts().get(p).expr() instanceof Expr.Index(var at))
          || !at.equals(Poly.of(axes.get(p).index()))) {
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
