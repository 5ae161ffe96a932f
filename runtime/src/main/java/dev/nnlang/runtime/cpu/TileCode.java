package dev.nnlang.runtime.cpu;

/** What the generated class of register tiles implements. */
public interface TileCode {
  /**
   * Adds up one tile of a product.
   *
   * @param form the number of the form in {@link TileForm#ALL}
   */
  void tile(int form, Tile tile);
}
