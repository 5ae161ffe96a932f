package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.tensor.ElementType;
import java.util.Optional;

/**
 * How a factor of a product is copied into panels.
 *
 * @param mover evaluates the factor's elements
 * @param lines where rows or columns that are neighbours lie: those are copied without the mover,
 *     by code that all products share, so that HotSpot compiles it once
 */
record Packing(CompiledProgram program, Frame frame, Step.Code mover, Optional<Lines> lines) {
  /** Terms after which the next panel has its turn: what panels share of a line stays near. */
  private static final int TURN = 32;

  /**
   * A factor of which each term is a line of memory, or a few.
   *
   * @param reach how many rows or columns from each one on are neighbours
   */
  record Lines(FactorPlaces places, int[] reach) {}

  static Packing of(
      Step.Factor factor, CompiledProgram program, Frame frame, Optional<FactorPlaces> places) {
    var lines = places.filter(FactorPlaces::beginsAdjacent).map(p -> new Lines(p, p.reach()));
    return new Packing(program, frame, factor.pack(), lines);
  }

  /**
   * Copies terms from the factor's tensor to panels.
   *
   * @param at the place of the first panel
   * @param width of a panel
   * @param from the first row or column; {@code end} the end of all
   * @param first the first term; {@code last} the end of all
   */
  void pack(Reals to, int at, int width, int batch, int from, int end, int first, int last) {
    int panelLength = width * (last - first);
    int turn = lines.isPresent() ? TURN : Math.max(1, last - first);
    for (int k = first; k < last; k += turn) {
      int stop = Math.min(last, k + turn);
      for (int j = from; j < end; j += width) {
        int place = at + (j - from) / width * panelLength + (k - first) * width;
        int until = Math.min(end, j + width);
        if (lines.isPresent()) {
          copy(lines.get(), to, place, width, batch, j, until, k, stop - k);
        } else {
          move(program, frame, mover, to, place, width, batch, j, until, k, stop);
        }
      }
    }
  }

  /** A few terms of a panel, or of as much of it as there is. */
  private void copy(
      Lines from, Reals to, int at, int width, int batch, int j, int end, int k, int terms) {
    var places = from.places();
    while (j < end) {
      int near = Math.min(from.reach()[j], end - j);
      int start = places.batch[batch] + places.side[j] + places.moved(frame);
      if (program.real() == ElementType.F32) {
        var tensor = frame.floats[places.slot];
        Panels.copy(tensor, start, places.terms, k, terms, to.floats(), at, width, near);
      } else {
        var tensor = frame.doubles[places.slot];
        Panels.copy(tensor, start, places.terms, k, terms, to.doubles(), at, width, near);
      }
      at += near;
      j += near;
    }
  }

  /**
   * Has a mover read or write a rectangle.
   *
   * @param at the place of its first element in {@code memory}
   * @param stride from one line there to the next
   * @param x0 the first row or column; {@code x1} the end of all
   * @param y0 the first term, or row; {@code y1} the end of all
   */
  static void move(
      CompiledProgram program,
      Frame frame,
      Step.Code mover,
      Reals memory,
      int at,
      int stride,
      int batch,
      int x0,
      int x1,
      int y0,
      int y1) {
    var p = Scratch.mine().panel;
    p.floats = memory.floats();
    p.doubles = memory.doubles();
    p.at = at;
    p.stride = stride;
    p.batch = batch;
    p.x0 = x0;
    p.x1 = x1;
    p.y0 = y0;
    p.y1 = y1;
    program.mover(mover).move(frame, mover.slots(), p);
  }
}
