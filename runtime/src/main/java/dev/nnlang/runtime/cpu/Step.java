package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.program.Extent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One kernel of a program. */
public sealed interface Step {
  /** For messages: the equations it computes. */
  String what();

  /** About how many operations on reals it takes at these open dimensions. */
  double operations(Map<String, Long> dims);

  /**
   * Generated code and what it works on.
   *
   * @param number of the program's class of a kernel or mover
   * @param slots where the indices of the loops around it are, and its tensors, as {@link
   *     KernelCode} takes them; nobody changes the array
   */
  record Code(int number, int[] slots) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Code(var otherNumber, var otherSlots)
          && number == otherNumber
          && Arrays.equals(slots, otherSlots);
    }

    @Override
    public int hashCode() {
      return 31 * number + Arrays.hashCode(slots);
    }

    @Override
    public String toString() {
      return number + Arrays.toString(slots);
    }
  }

  /**
   * A loop nest.
   *
   * @param code a kernel
   * @param items how many work items it has; they are independent of each other
   * @param nanos about how long an item takes, to size the chunks
   */
  record Nest(Code code, Extent items, Extent nanos, String what) implements Step {
    /** Operations that a plain loop does in a nanosecond, as {@link #nanos} is told. */
    public static final int OPERATIONS_PER_NANO = 2;

    @Override
    public double operations(Map<String, Long> dims) {
      return OPERATIONS_PER_NANO
          * (double) items.evaluate(dims)
          * Math.max(1, nanos.evaluate(dims));
    }
  }

  /** How long a factor is the same. */
  enum Kept {
    /** Until the product is computed again. */
    NOT,
    /** In all rounds of the loops around the product. */
    IN_LOOP,
    /** Until a parameter is bound or changed. */
    FIXED
  }

  /**
   * A step whose results depend on nothing but parameters that no run updates: they are there until
   * one is bound or changed.
   */
  record Fixed(Step step) implements Step {
    @Override
    public String what() {
      return step.what();
    }

    @Override
    public double operations(Map<String, Long> dims) {
      return step.operations(dims);
    }
  }

  /**
   * A matrix product, for each matrix of a batch.
   *
   * @param left by rows
   * @param right by columns
   * @param kept how long the right factor stays as it is, so that it is packed once, if at all
   * @param result the mover that takes sums to the result's tensor
   * @param direct the result's tensor, if sums lie in it as they are, row after row
   */
  record Product(
      Factor left,
      Factor right,
      Kept kept,
      Code result,
      OptionalInt direct,
      Extent batch,
      Extent rows,
      Extent columns,
      Extent depth,
      String what)
      implements Step {
    @Override
    public double operations(Map<String, Long> dims) {
      double results = (double) batch.evaluate(dims) * rows.evaluate(dims) * columns.evaluate(dims);
      return 2 * results * depth.evaluate(dims);
    }
  }

  /**
   * Steps that run once for each value of an index.
   *
   * @param number of the loop: {@link Frame#dims} has the value behind the open dimensions
   * @param rounds how many values there are
   * @param backwards whether the last value comes first
   * @param examples how many examples the steps take apart from each other, if they do: the
   *     outermost of a nest's items, and of a product's matrices or, where it has one, of its rows
   */
  record Loop(
      int number, Extent rounds, boolean backwards, Optional<Extent> examples, List<Step> body)
      implements Step {
    public Loop {
      body = List.copyOf(body);
    }

    @Override
    public String what() {
      return body.stream().map(Step::what).collect(Collectors.joining(", "));
    }

    @Override
    public double operations(Map<String, Long> dims) {
      return rounds.evaluate(dims) * body.stream().mapToDouble(s -> s.operations(dims)).sum();
    }
  }

  /**
   * Steps that run for a block of rows after the other. Large matrices between them are in memory
   * for these rows only, in windows that each thread has for itself.
   *
   * @param scores products over rows and columns, whose results are windows
   * @param nest whose items are rows, those of all matrices of the batch one after the other
   * @param sums products along the columns, whose left factors are windows
   * @param held which columns matter
   * @param windows slots of tensors over batch, rows and columns, in this order
   */
  record RowBlocks(
      List<Product> scores,
      Optional<Nest> nest,
      List<Product> sums,
      Held held,
      List<Integer> windows,
      Extent batch,
      Extent rows,
      Extent columns)
      implements Step {
    public RowBlocks {
      scores = List.copyOf(scores);
      sums = List.copyOf(sums);
      windows = List.copyOf(windows);
    }

    private Stream<Step> steps() {
      return Stream.of(scores.stream(), nest.stream(), sums.stream()).flatMap(s -> s);
    }

    @Override
    public String what() {
      return steps().map(Step::what).collect(Collectors.joining(", "));
    }

    @Override
    public double operations(Map<String, Long> dims) {
      return steps().mapToDouble(s -> s.operations(dims)).sum();
    }
  }

  /**
   * Which columns of a matrix matter in a row: those that meet all conditions of one of these
   * lists; all, if there is no list.
   *
   * @param first of the index that has the first column that matters in a block of rows, numbered
   *     as loops are
   * @param end of the one that has the end of all
   */
  record Held(int first, int end, List<List<Condition>> any) {
    public Held {
      any = any.stream().map(List::copyOf).toList();
    }
  }

  /** {@code row * i + column * j + rest >= 0} in row i and column j. */
  record Condition(long row, long column, Extent rest) {}

  /**
   * How a product gets at a factor.
   *
   * @param pack the mover that copies its pieces
   * @param places where it can be read without
   */
  record Factor(Code pack, Optional<InPlace> places) {}

  /**
   * A factor that can be read where it lies, at sums of three parts; movers write the tables of the
   * parts.
   *
   * @param slot the tensor
   * @param batch the parts of the matrices
   * @param side the parts of the rows of a left factor or the columns of a right one; the place of
   *     the first element is in them
   * @param terms the parts of the terms
   */
  record InPlace(int slot, Code batch, Code side, Code terms) {}
}
