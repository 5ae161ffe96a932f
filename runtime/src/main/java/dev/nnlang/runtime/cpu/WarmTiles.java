package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.cpu.TileForm.Columns;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * Has HotSpot compile the register tiles that a program is about to use much. Before its second
 * compiler has seen a tile, each vector is an object, and a multiply-add takes a thousand times as
 * long; and since a program comes to one tile after the other, they would be compiled one after the
 * other, each time with everybody waiting. Here all are called in turn, with few terms, until they
 * are fast.
 */
final class WarmTiles {
  /**
   * Terms that a tile adds up in one run, so that calling it first pays: about as many as HotSpot
   * wants to see.
   */
  private static final long WORTH_IT = 16_000;

  private static final int TERMS = 24;

  /** Neighbouring terms, so that loops over runs end and begin again. */
  private static final int RUN = 8;

  private static final int CALLS = 50;

  /** What a call takes when it is compiled, at most; before, it is ten times that. */
  private static final long FAST_NANOS = 3_000;

  /** Where nothing gets fast, such as with no second compiler, this is enough. */
  private static final long MOST_NANOS = 1_500_000_000;

  /** The tiles of a class that have been warmed. */
  private static final ClassValue<BitSet> DONE =
      new ClassValue<>() {
        @Override
        protected BitSet computeValue(Class<?> type) {
          return new BitSet();
        }
      };

  private WarmTiles() {}

  /**
   * Returns when the tiles are compiled that are used much, and have not been before.
   *
   * @param terms how many terms a run adds up with each form, by its number
   */
  static void warm(TileCode tiles, ElementType type, Map<Integer, Long> terms) {
    if (!Lanes.areVectors()) {
      // Plain Java is fast enough at once.
      return;
    }
    var wanted = new ArrayList<Integer>();
    var done = DONE.get(tiles.getClass());
    synchronized (done) {
      terms.forEach(
          (number, count) -> {
            if (count >= WORTH_IT && !done.get(number)) {
              done.set(number);
              wanted.add(number);
            }
          });
    }
    if (!wanted.isEmpty()) {
      call(tiles, type, wanted);
    }
  }

  private static void call(TileCode tiles, ElementType type, List<Integer> wanted) {
    long end = System.nanoTime() + MOST_NANOS;
    var slow = new ArrayList<>(wanted);
    while (!slow.isEmpty() && System.nanoTime() < end) {
      slow.removeIf(
          number -> {
            var tile = tile(TileForm.ALL.get(number), type);
            long start = System.nanoTime();
            for (int call = 0; call < CALLS; call++) {
              // Sums begin and go on: neither way should be a surprise later.
              tile.first = call % 2 == 0;
              tiles.tile(number, tile);
            }
            return System.nanoTime() - start < CALLS * FAST_NANOS;
          });
    }
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
