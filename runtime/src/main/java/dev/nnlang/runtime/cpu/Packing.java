package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.tensor.ElementType;
import java.util.Optional;

/**
 * How a factor of a product is copied into panels.
 *
 * @param mover evaluates the factor's elements
 * @param turn terms, before it is the next panel's turn
 * @param panels that are copied as one line, and cut then
 */
record Packing(CompiledProgram program, Frame frame, Step.Code mover, int turn, int panels) {
  /** Terms after which the next panel has its turn: more lines than this are not read ahead. */
  private static final int TURN = 32;

  /** Lines of the cache that are cut into panels at a time: a turn of them stays in the first. */
  private static final int LINES = 8;

  /**
   * Where rows or columns are neighbours, a line is for many: it is read before the next one.
   *
   * @param size how many rows or columns there are
   * @param width of a panel
   */
  static Packing of(
      Step.Factor factor,
      CompiledProgram program,
      Frame frame,
      Optional<FactorPlaces> places,
      int size,
      int depth,
      int width) {
    boolean neighbours = places.stream().anyMatch(FactorPlaces::beginsAdjacent);
    int turn = Math.max(1, neighbours ? Math.min(TURN, depth) : depth);
    int lineLength = LINES * Reals.lineLength(program.real());
    int atOnce = neighbours && 4 * width <= lineLength ? lineLength / width : 1;
    int panels = Math.min(atOnce, Math.ceilDiv(size, width));
    return new Packing(program, frame, factor.pack(), turn, panels);
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
    var type = program.real();
    int lanes = type == ElementType.F32 ? Lanes.inFloats() : Lanes.inDoubles();
    int line = Reals.line(type);
    int panelLength = width * (last - first);
    int atOnce = panels * width;
    for (int k = first; k < last; k += turn) {
      int stop = Math.min(last, k + turn);
      for (int j = from; j < end; j += atOnce) {
        int place = at + (j - from) / width * panelLength + (k - first) * width;
        int until = Math.min(end, j + atOnce);
        if (panels == 1) {
          move(program, frame, mover, to, place, width, batch, j, until, k, stop);
          continue;
        }
        int count = Math.ceilDiv(until - j, width);
        int length = Tiling.up(count * width, lanes) + lanes;
        var lines = Scratch.mine().pieces(type).lines(length * (stop - k));
        move(program, frame, mover, lines, line, length, batch, j, until, k, stop);
        Panels.cut(lines, line, length, stop - k, to, place, width, panelLength, count);
      }
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
