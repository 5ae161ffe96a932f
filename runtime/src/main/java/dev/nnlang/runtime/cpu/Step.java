package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.program.Extent;

/** One kernel of a program. */
public sealed interface Step {
  /** For messages: the equations it computes. */
  String what();

  /**
   * A loop nest.
   *
   * @param code which of the program's classes holds it
   * @param kernel its number there
   * @param items how many work items it has; they are independent of each other
   * @param nanos about how long an item takes, to size the chunks
   */
  record Nest(int code, int kernel, Extent items, Extent nanos, String what) implements Step {}

  /**
   * A matrix product, for each matrix of a batch; its movers copy the left factor by rows, the
   * right one by columns, and the result.
   */
  record Product(
      int code,
      Left left,
      int right,
      int result,
      Extent batch,
      Extent rows,
      Extent columns,
      Extent depth,
      String what)
      implements Step {}

  /** How a product gets at its left factor. */
  sealed interface Left {
    /** A mover copies its pieces. */
    record Packed(int mover) implements Left {}

    /**
     * It is read where it lies, at sums of three parts; movers write the tables of the parts.
     *
     * @param slot the tensor
     */
    record Direct(int slot, int batch, int rows, int terms) implements Left {}
  }
}
