package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.cpu.TileForm.Columns;

/**
 * Where the elements of a product's right factor are. Nobody changes the arrays.
 *
 * @param slot its tensor, or -1 if it is packed
 * @param columns the places of columns
 * @param reach how many columns from each one are neighbours
 * @param terms the parts of terms, if they are not evenly spaced
 * @param stride from one term to the next, if they are
 */
record RightFactor(int slot, int[] batch, int[] columns, int[] reach, int[] terms, int stride) {
  boolean isPacked() {
    return slot < 0;
  }

  Columns reading() {
    return isPacked() ? Columns.PANEL : terms.length == 0 ? Columns.EVEN : Columns.PLACES;
  }

  /**
   * Packed by panels, terms from one to another.
   *
   * @param panel columns of one
   */
  static RightFactor packed(int panel) {
    int[] none = {};
    return new RightFactor(-1, none, none, none, none, panel);
  }

  static RightFactor inPlace(FactorPlaces places) {
    boolean isEven = places.isEven();
    return new RightFactor(
        places.slot,
        places.batch,
        places.side,
        places.reach(),
        isEven ? new int[0] : places.terms,
        isEven ? Places.stride(places.terms) : 0);
  }
}
