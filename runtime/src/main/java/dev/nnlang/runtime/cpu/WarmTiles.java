package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.cpu.TileForm.Columns;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Calls of the register tiles that a program uses, over a few numbers of their own. */
final class WarmTiles {
  private static final int TERMS = 24;

  /** Neighbouring terms, so that loops over runs end and begin again. */
  private static final int RUN = 8;

  /** What a call takes when it is compiled, at most. */
  private static final long NANOS = 1_000;

  private WarmTiles() {}

  /**
   * A call of each tile; a term takes it about a nanosecond.
   *
   * @param terms how many terms a run adds up with each form, by its number
   */
  static List<WarmKernels.Call> calls(TileCode tiles, ElementType type, Map<Integer, Long> terms) {
    var calls = new ArrayList<WarmKernels.Call>();
    terms.forEach(
        (number, count) -> {
          var tile = tile(TileForm.ALL.get(number), type);
          Runnable call =
              () -> {
                // Sums begin and go on: neither way should be a surprise later.
                tile.first = !tile.first;
                tiles.tile(number, tile);
              };
          var what = Integer.toString(number);
          calls.add(new WarmKernels.Call(tiles.getClass(), what, call, NANOS, count));
        });
    return calls;
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
