package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.size.Poly;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Time loops in which no example has to do with another: a thread can go through all rounds with
 * examples of its own, and waits for nobody meanwhile. All that the loop writes has the examples as
 * its first axis, and what a round reads of it is of the same example.
 */
public final class ApartRounds {
  private ApartRounds() {}

  /** How many examples a loop takes apart from each other; empty, if it does not. */
  public static Optional<Poly> of(Kernel.Recurrence loop) {
    var own = new HashSet<Tensor>();
    loop.equations().forEach(e -> own.add(e.tensor()));
    var firsts = loop.kernels().stream().map(ApartRounds::first).distinct().toList();
    if (firsts.isEmpty() || firsts.stream().anyMatch(Optional::isEmpty)) {
      return Optional.empty();
    }
    var extent = firsts.getFirst().orElseThrow().extent();
    boolean isApart =
        firsts.stream().allMatch(f -> f.orElseThrow().extent().equals(extent))
            && loop.kernels().stream().allMatch(k -> isApart(k, own));
    return isApart ? Optional.of(extent) : Optional.empty();
  }

  /** The axis that is the outermost of what a kernel does, if that can be cut. */
  private static Optional<Axis> first(Kernel kernel) {
    return switch (kernel) {
      case Kernel.Nest nest when nest.block() == 1 -> nest.parallel().stream().findFirst();
      case Kernel.Contraction product ->
          (product.batch().isEmpty() ? product.rows() : product.batch()).stream().findFirst();
      case Kernel.Nest _,
          Kernel.Recurrence _,
          Kernel.RowBlocks _,
          Kernel.Strip _,
          Kernel.Orthogonal _ ->
          Optional.empty();
    };
  }

  private static boolean isApart(Kernel kernel, Set<Tensor> own) {
    var axis = first(kernel).orElseThrow();
    return kernel.equations().stream().allMatch(e -> isApart(e, axis, own));
  }

  private static boolean isApart(Equation equation, Axis axis, Set<Tensor> own) {
    return isFirst(equation.axes(), axis)
        && Walk.reads(equation).stream()
            .filter(read -> own.contains(read.tensor()))
            .allMatch(read -> isSame(read, axis));
  }

  private static boolean isFirst(List<Axis> axes, Axis axis) {
    return !axes.isEmpty() && axes.getFirst().equals(axis);
  }

  private static boolean isSame(Expr.Read read, Axis axis) {
    return !read.subscripts().isEmpty()
        && read.subscripts().getFirst().expr() instanceof Expr.Index(var value)
        && value.equals(Poly.of(axis.index()));
  }
}
