package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Access.Along;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Has nests read ahead what their next work item begins with.
 *
 * <pre>
 * m[r] = mean[i](x[r, i]);   v[r] = mean[i]((x[r, i] - m[r])^2);   y[r, i] = (x[r, i] - m[r]) * rsqrt(v[r])
 * </pre>
 *
 * The first sweep over a row waits for memory. The others find it in the first cache, and meanwhile
 * nothing is fetched. So the last one also reads a number of each vector of the next row: 4096 rows
 * of 1024 numbers are normalised in two thirds of the time, and rows that are near take 0 to 6 %
 * longer (BENCHMARKS.md).
 */
public final class ReadAhead {
  /**
   * While a shorter run is computed, a processor already begins with the next by itself: with rows
   * of 256 one thread gained nothing, and two lost a sixth.
   */
  private static final long LEAST = 512;

  private ReadAhead() {}

  static List<Kernel> of(List<Kernel> kernels) {
    return kernels.stream()
        .map(kernel -> kernel instanceof Kernel.Nest nest ? of(nest, LEAST) : kernel)
        .toList();
  }

  /**
   * A nest that reads ahead if it sweeps over a run several times.
   *
   * @param least the shortest run for which it does; one of unknown length is short
   */
  public static Kernel.Nest of(Kernel.Nest nest, long least) {
    var sweeps = new ArrayList<Stage.Sweep>();
    for (var stage : nest.stages()) {
      if (stage instanceof Stage.Sweep sweep && isAlone(sweep)) {
        sweeps.add(sweep);
      }
    }
    if (nest.block() > 1 || nest.parallel().isEmpty() || sweeps.size() < 2) {
      return nest;
    }
    var first = sweeps.getFirst();
    var last = sweeps.getLast();
    var length = length(first);
    if (!length.equals(length(last)) || length.constant().orElse(0) < least) {
      return nest;
    }
    var stages = new ArrayList<>(nest.stages());
    stages.set(stages.lastIndexOf(last), last.reading(rows(nest, first)));
    return new Kernel.Nest(nest.parallel(), nest.block(), stages, nest.local(), nest.remark());
  }

  private static boolean isAlone(Stage.Sweep sweep) {
    return sweep.around().isEmpty() && sweep.within().isEmpty();
  }

  private static Poly length(Stage.Sweep sweep) {
    return Poly.product(sweep.run().stream().map(Axis::extent).toList());
  }

  /** What a sweep reads along its run, of which each work item has another row. */
  private static List<Node> rows(Kernel.Nest nest, Stage.Sweep sweep) {
    var written =
        nest.equations().stream().map(Equation::tensor).collect(Collectors.toUnmodifiableSet());
    var axes = new ArrayList<>(nest.parallel());
    axes.addAll(sweep.run());
    var rows = new LinkedHashSet<Node>();
    for (var equation : sweep.equations()) {
      for (var node : Walk.nodes(equation)) {
        if (node.expr() instanceof Expr.Read read
            && isRow(read, sweep.run(), axes, written)
            && moves(read, nest.parallel().getLast())) {
          rows.add(node);
        }
      }
    }
    return List.copyOf(rows);
  }

  /** Whether neighbours are read of what is there before the nest, at places that exist. */
  private static boolean isRow(
      Expr.Read read, List<Axis> run, List<Axis> axes, Set<Tensor> written) {
    return read.tensor().type() == Type.REAL
        && !written.contains(read.tensor())
        && Access.along(read, run) == Along.NEIGHBOURS
        && Access.isWhole(read, axes);
  }

  private static boolean moves(Expr.Read read, Axis axis) {
    return !Access.place(read.tensor(), read.subscripts()).coefficient(axis.index()).is(0);
  }
}
