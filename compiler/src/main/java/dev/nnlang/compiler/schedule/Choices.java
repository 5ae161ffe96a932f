package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import java.util.EnumSet;
import java.util.Set;

/**
 * The decisions of the schedule that are a matter of speed alone, as they can be made for it. It
 * makes them itself ({@link #BY_COST}); tests make each of them in every way.
 *
 * @param recompute what is computed again
 * @param loops where the time loop of a recurrence is
 * @param matrices where large matrices are of which only sums are needed
 * @param without what is not done at all
 */
public record Choices(
    Recompute.Choice recompute, Loops loops, Matrices matrices, Set<Part> without) {
  /** As the costs say. */
  public static final Choices BY_COST =
      new Choices(Recompute.Choice.BY_COST, Loops.BY_SIZE, Matrices.BY_SIZE, Set.of(Part.TOGETHER));

  /** As they are for a device, whose lanes compute sooner than they write and read. */
  public static final Choices ON_DEVICE =
      new Choices(
          Recompute.Choice.BY_COST,
          Loops.BY_SIZE,
          Matrices.IN_PIECES,
          Set.of(Part.KEPT_ROWS, Part.READ_AHEAD));

  /** Where the time loop of a recurrence is that multiplies matrices. */
  public enum Loops {
    BY_SIZE,
    /** Around kernels over all examples. */
    OUTSIDE,
    /** In a nest, a loop for each example. */
    INSIDE
  }

  /** Where large matrices are of which only sums along their sides are needed ({@link Strips}). */
  public enum Matrices {
    /** In blocks of rows, if a whole one is larger than the caches nearby. */
    BY_SIZE,
    /** In memory: to scheduling they are tensors like others. */
    WHOLE,
    /** A block of rows is in memory at a time: {@link Kernel.RowBlocks}. */
    IN_ROWS,
    /** Nowhere: {@link Kernel.Strip}, for devices. */
    IN_PIECES
  }

  /** What a program could do without. */
  public enum Part {
    /** {@link Reuse}: a slow function that another equation has computed is read. */
    REUSE,
    /** {@link FirstOfFew}. */
    FIRST_OF_FEW,
    /** {@link Invariants}: slow parts of few values are computed once. */
    INVARIANTS,
    /** {@link Signs}. */
    SIGNS,
    /** {@link Zeros}: a product does not ask where a factor is 0 anyway. */
    ZEROS,
    /** {@link Copies}: borders around what products read, neighbours last for recurrences. */
    COPIES,
    /** {@link Fusion}: without it every equation is a kernel of its own. */
    FUSION,
    /**
     * {@link Fusion}: few values join a kernel with which they have nothing in common, wherever it
     * is. On the processor they join at most the one just before: there a kernel costs next to
     * nothing, and equal layers have equal kernels.
     */
    TOGETHER,
    /** {@link KeptRows}: a slow value that two stages need is computed once. */
    KEPT_ROWS,
    /** {@link ReadAhead}. */
    READ_AHEAD,
    /** {@link Contractions}: without them products are nests. */
    PRODUCTS,
    /** {@link LaneForm}: without it nests compute one value after the other. */
    LANES
  }

  public Choices {
    without = Set.copyOf(without);
  }

  public Choices with(Recompute.Choice other) {
    return new Choices(other, loops, matrices, without);
  }

  public Choices with(Loops other) {
    return new Choices(recompute, other, matrices, without);
  }

  public Choices with(Matrices other) {
    return new Choices(recompute, loops, other, without);
  }

  public Choices without(Part part) {
    var more = EnumSet.of(part);
    more.addAll(without);
    return new Choices(recompute, loops, matrices, more);
  }

  boolean has(Part part) {
    return !without.contains(part);
  }

  /** Whether an equation is computed in lanes, if its loops allow it. */
  boolean takesLanes(Equation equation) {
    return has(Part.LANES) && LaneForm.takes(equation);
  }
}
