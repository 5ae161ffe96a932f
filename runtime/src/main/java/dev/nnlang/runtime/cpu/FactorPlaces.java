package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.cpu.ProductShape.Access;
import java.util.Optional;

/**
 * Where the elements of a product's factor lie, once sizes are known: tables of the parts of their
 * places. Nobody changes the arrays.
 */
final class FactorPlaces {
  /** Shorter runs are not worth a loop of their own. */
  static final int LEAST_RUN = 8;

  /** The tensor that it is read from. */
  final int slot;

  final int[] batch;

  /** By row of a left factor or by column of a right one. */
  final int[] side;

  final int[] terms;

  /** Where the tensor started when the tables were made: a window moves. */
  private final int home;

  private FactorPlaces(int home, int slot, int[] batch, int[] side, int[] terms) {
    this.home = home;
    this.slot = slot;
    this.batch = batch;
    this.side = side;
    this.terms = terms;
  }

  /** Empty where it cannot be read in place. */
  static Optional<FactorPlaces> of(
      Step.Factor factor, CompiledProgram program, Frame frame, int batch, int side, int depth) {
    return factor
        .places()
        .map(
            places ->
                new FactorPlaces(
                    frame.offsets[places.slot()],
                    places.slot(),
                    table(places.batch(), program, frame, batch),
                    table(places.side(), program, frame, side),
                    table(places.terms(), program, frame, depth)));
  }

  /** Parts of the places of a factor, for all values of an index. */
  private static int[] table(Step.Code mover, CompiledProgram program, Frame frame, int size) {
    var p = Scratch.mine().panel;
    p.places = new int[size];
    p.at = 0;
    p.x0 = 0;
    p.x1 = size;
    program.mover(mover).move(frame, mover.slots(), p);
    return p.places;
  }

  /** How far the tensor has moved since. */
  int moved(Frame frame) {
    return frame.offsets[slot] - home;
  }

  /**
   * How a left factor is reached.
   *
   * @param isNarrow whether columns are one vector at most: else it does not matter whether it is
   *     read in windows
   */
  static Access left(Optional<FactorPlaces> found, boolean isNarrow) {
    if (found.isEmpty()) {
      return Access.COMPUTED;
    }
    var places = found.get();
    if (isNarrow && Windows.terms(places.side, places.terms) > 1) {
      return Access.WINDOWS;
    }
    if (places.beginsAdjacent()) {
      return Access.NEIGHBOURS;
    }
    return Places.run(places.terms) >= LEAST_RUN ? Access.RUNS : Access.PLACES;
  }

  /**
   * How a right factor is reached.
   *
   * @param lanes of a vector
   */
  static Access right(Optional<FactorPlaces> found, int lanes) {
    if (found.isEmpty()) {
      return Access.COMPUTED;
    }
    var places = found.get();
    if (places.side.length == 0 || places.terms.length == 0 || !places.isInVectors(lanes)) {
      return Access.PLACES;
    }
    // Windows overlap: a copy would have each element many times.
    if (Places.overlap(places.side, places.terms)) {
      return Access.WINDOWS;
    }
    return places.isEven() ? Access.NEIGHBOURS : Access.RUNS;
  }

  /** How many columns from each one on are neighbours. */
  int[] reach() {
    return Places.reach(side);
  }

  /** Whether all columns are neighbours, and terms are as far from each other. */
  boolean isEven() {
    return Places.adjacent(side, 0, side.length) && Places.evenly(terms);
  }

  /** Whether columns lie in whole vectors. */
  private boolean isInVectors(int lanes) {
    int[] reach = reach();
    for (int j = 0; j + lanes <= reach.length; j += lanes) {
      if (reach[j] < lanes) {
        return false;
      }
    }
    return true;
  }

  /** Whether the first two rows or columns are neighbours: then a line of memory is for many. */
  boolean beginsAdjacent() {
    return side.length > 1 && Places.adjacent(side, 0, 2);
  }
}
