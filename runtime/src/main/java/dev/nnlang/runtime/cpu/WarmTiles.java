package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.cpu.TileForm.Columns;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Calls of the register tiles that a program uses much, over a few numbers of their own. */
final class WarmTiles {
  /** Terms that a tile adds up in one run, so that calling it first pays. */
  private static final long WORTH_IT = 16_000;

  /** Whole windows of each form. */
  private static final int TERMS = 30;

  /** What a call takes beside its products. */
  private static final long CALL_NANOS = 100;

  /** Vectors that compiled code multiplies and adds in a nanosecond at least. */
  private static final int SLOW = 2;

  /** Neighbouring terms, so that loops over runs end and begin again. */
  private static final int RUN = 8;

  private WarmTiles() {}

  /**
   * A call of each.
   *
   * @param terms how many terms a run adds up with each form, by its number
   */
  static List<WarmUp.Part> parts(TileCode tiles, ElementType type, Map<Integer, Long> terms) {
    var parts = new ArrayList<WarmUp.Part>();
    terms.forEach(
        (number, count) -> {
          if (count >= WORTH_IT) {
            var form = TileForm.ALL.get(number);
            var tile = tile(form, type);
            long nanos = CALL_NANOS + (long) form.rows() * form.vectors() * TERMS / SLOW;
            WarmUp.Call call =
                () -> {
                  // Sums begin and go on: neither way should be a surprise later.
                  tile.first = !tile.first;
                  tiles.tile(number, tile);
                  return nanos;
                };
            parts.add(new WarmUp.Part(tiles.getClass(), Integer.toString(number), call));
          }
        });
    return parts;
  }

  /** A tile over a few numbers of its own. */
  private static Tile tile(TileForm form, ElementType type) {
    int lanes = type == ElementType.F32 ? Lanes.inFloats() : Lanes.inDoubles();
    int panel = form.vectors() * lanes;
    var left = Reals.of(type, form.rows() * (TERMS + 1));
    var right = Reals.of(type, TERMS * panel);
    var result = Reals.of(type, form.rows() * panel);
    var tile = new Tile();
    tile.leftFloats = left.floats();
    tile.leftDoubles = left.doubles();
    tile.rowPlaces = new int[form.rows()];
    tile.terms = new int[TERMS];
    Arrays.setAll(tile.terms, k -> k);
    tile.run = RUN;
    tile.distance = 1;
    tile.rightFloats = right.floats();
    tile.rightDoubles = right.doubles();
    tile.rightStride = form.columns() == Columns.PLACES ? 0 : panel;
    tile.rightTerms = new int[TERMS];
    Arrays.setAll(tile.rightTerms, k -> k * panel);
    tile.depth = TERMS;
    tile.resultFloats = result.floats();
    tile.resultDoubles = result.doubles();
    tile.resultStride = panel;
    return tile;
  }
}
