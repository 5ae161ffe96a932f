package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.tensor.ElementType;

/**
 * All that the speed of a product depends on besides the machine: two products of one shape are
 * best computed in one form.
 *
 * @param batch how many matrices
 * @param rows of each matrix of the result
 * @param columns of each matrix of the result
 * @param depth terms of each sum
 * @param left how the left factor's rows and terms lie
 * @param right how the right factor's columns and terms lie
 * @param kept how long the right factor is the same: packing it for longer costs a run nothing
 * @param isPlain whether sums can be stored where the result is, as they are
 * @param real how reals are stored
 * @param threads of the session
 */
public record ProductShape(
    int batch,
    int rows,
    int columns,
    int depth,
    Access left,
    Access right,
    Step.Kept kept,
    boolean isPlain,
    ElementType real,
    int threads) {

  /** How the elements of a factor are reached. */
  public enum Access {
    /** They are computed while they are packed: there is no place to read them from. */
    COMPUTED,
    /** Each at the sum of its two places. */
    PLACES,
    /** As before; terms of a left factor are neighbours for a while, columns of a right one. */
    RUNS,
    /**
     * Of a right factor: as before, and most elements are read for several terms. Of a left one, if
     * columns are one vector at most: a few terms after each other are as far from each other as
     * rows, so that an element can be read once for all of them.
     */
    WINDOWS,
    /**
     * Of a left factor: its rows are neighbours, at least the first. Of a right one: all columns
     * are, and its terms are evenly spaced.
     */
    NEIGHBOURS
  }

  /** Numbers in a vector. */
  int lanes() {
    return real == ElementType.F32 ? Lanes.inFloats() : Lanes.inDoubles();
  }

  /** Whether the right factor can be read where it lies: in whole vectors, at least one. */
  boolean canReadRight() {
    boolean isInVectors =
        switch (right) {
          case COMPUTED, PLACES -> false;
          case RUNS, WINDOWS, NEIGHBOURS -> true;
        };
    return isInVectors && columns >= lanes() && depth > 0;
  }

  /**
   * {@code 32 x 64 x 784}: rows, columns, depth; with {@code 8 of} in front where it is a batch.
   */
  @Override
  public String toString() {
    return (batch == 1 ? "" : batch + " of ") + rows + " x " + columns + " x " + depth;
  }
}
