package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.cpu.TileForm.Columns;
import dev.nnlang.runtime.cpu.TileForm.Reading;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.Arrays;
import java.util.Optional;

/**
 * A matrix product with its sizes: cut into pieces, each computed by register tiles.
 *
 * <p>How elements lie is seen from the tables of places, once the sizes are known. With that the
 * product has its {@link ProductShape}, and somebody chooses its {@link ProductForm}: which tiles,
 * and which factors are packed. A right factor that stays the same for many runs is packed once for
 * all of them.
 */
final class Product {
  private static final int FEW = TileForm.FEW;

  /** Multiplications that are not worth another thread. */
  private static final long SERIAL = 1 << 15;

  /** Panels that are packed together, so that whole lines are read where columns are neighbours. */
  private static final int PANELS = 8;

  /** Terms after which the next panel has its turn: more lines than this are not read ahead. */
  private static final int TURN = 32;

  /** Lines of the cache that are cut into panels at a time: a turn of them stays in the first. */
  private static final int LINES = 8;

  /** Reals of a packed left factor that stay in the second cache beside everything else. */
  private static final int MOST_LEFT = 1 << 17;

  private final Step.Product step;
  private final CompiledProgram program;
  private final TileCode tiles;
  private final Frame frame;
  private final ElementType type;
  private final int lanes;

  /** Where a line of the cache begins in scratch memory. */
  private final int line;

  private final ProductShape shape;
  private final ProductForm form;
  private final Tiling tiling;

  /** Columns of a packed panel. */
  private final int panel;

  /** Rows of a tile: few, if the result has no more. */
  private final int tileRows;

  /** Rows of the last tile, if fewer are left. */
  private final int restRows;

  /** Terms that are added up in registers at a time. */
  private final int terms;

  private final Left left;
  private final Right right;

  /** Whether tiles write to the result's tensor: all of them are whole. */
  private final boolean isDirect;

  /** The places of terms in the last columns of a right factor that is read in place else. */
  private final int[] restTerms;

  private final Packing packsLeft;
  private final Packing packsRight;

  /** The numbers of tiles, by reading and vectors of columns. */
  private final int[][] tileNumbers = new int[Reading.values().length][FEW + 1];

  /** The numbers of tiles of the last rows, by vectors of columns. */
  private final int[] restNumbers = new int[FEW + 1];

  // Made once: a run allocates nothing.
  private final Workers.Job packs = this::packShared;
  private final Workers.Job pieces = this::piece;
  private final Optional<Reals> kept;
  private Reals shared;

  /**
   * Where the left factor's elements are.
   *
   * @param slot its tensor, or -1 if it is packed
   * @param run as {@link Tile#run}
   * @param adjacent whether the rows of a tile are neighbours, by tile
   */
  private record Left(int slot, int[] batch, int[] rows, int[] terms, int run, boolean[] adjacent) {
    boolean isPacked() {
      return slot < 0;
    }
  }

  /**
   * Where the right factor's elements are.
   *
   * @param slot its tensor, or -1 if it is packed
   * @param columns the places of columns
   * @param reach how many columns from each one are neighbours
   * @param terms the parts of terms, if they are not evenly spaced
   * @param stride from one term to the next, if they are
   */
  private record Right(int slot, int[] batch, int[] columns, int[] reach, int[] terms, int stride) {
    boolean isPacked() {
      return slot < 0;
    }

    Columns reading() {
      return isPacked() ? Columns.PANEL : terms.length == 0 ? Columns.EVEN : Columns.PLACES;
    }
  }

  /**
   * How a factor is copied.
   *
   * @param turn terms, before it is the next panel's turn
   * @param panels that are copied as one line, and cut then
   */
  private record Packing(Step.Code mover, int turn, int panels) {}

  Product(
      Step.Product step,
      CompiledProgram program,
      Frame frame,
      ProductForms forms,
      int threads,
      int batch,
      int rows,
      int columns,
      int depth) {
    this.step = step;
    this.program = program;
    this.tiles = program.tiles();
    this.frame = frame;
    this.type = program.real();
    this.lanes = type == ElementType.F32 ? Lanes.inFloats() : Lanes.inDoubles();
    var leftPlaces = FactorPlaces.of(step.left(), program, frame, batch, rows, depth);
    var rightPlaces = FactorPlaces.of(step.right(), program, frame, batch, columns, depth);
    this.shape =
        new ProductShape(
            batch,
            rows,
            columns,
            depth,
            FactorPlaces.left(leftPlaces),
            FactorPlaces.right(rightPlaces, lanes),
            step.kept(),
            step.direct().isPresent(),
            type,
            threads);
    var wanted = forms.of(shape);
    this.form = wanted.fits(shape) ? wanted : ProductCost.best(shape);
    this.tileRows = form.tileRows();
    this.restRows = form.restRows(rows);
    this.panel = lanes * form.panelVectors();
    this.right = form.packsRight() ? packedRight() : rightInPlace(rightPlaces.orElseThrow());
    this.line = Reals.line(type);
    this.tiling =
        right.isPacked()
            ? Tiling.rowsFirst(threads, batch, rows, columns, depth, tileRows, panel)
            : Tiling.columnsFirst(threads, batch, rows, columns, depth, tileRows, FEW * lanes);
    this.left =
        form.packsLeft() ? packedLeft(batch, depth) : leftInPlace(leftPlaces.orElseThrow(), rows);
    this.terms = tiling.terms();
    this.isDirect =
        step.direct().isPresent()
            && (rows % tileRows == 0 || rows % tileRows == restRows)
            && columns % (right.isPacked() ? panel : lanes) == 0
            && depth > 0;
    this.restTerms = new int[right.terms().length];
    Arrays.setAll(restTerms, k -> k * lanes);
    this.packsLeft = packing(step.left(), leftPlaces, rows, depth, tileRows);
    this.packsRight = packing(step.right(), rightPlaces, columns, depth, panel);
    this.kept =
        step.kept() != Step.Kept.NOT && right.isPacked()
            ? Optional.of(Reals.of(type, line + packedLength()))
            : Optional.empty();
    for (var tile : TileForm.ALL) {
      if (tile.columns() != right.reading()) {
        continue;
      }
      if (tile.rows() == tileRows) {
        tileNumbers[tile.reading().ordinal()][tile.vectors()] = tile.number();
      }
      if (tile.rows() == restRows && tile.reading() == Reading.PLACES) {
        restNumbers[tile.vectors()] = tile.number();
      }
    }
  }

  ProductShape shape() {
    return shape;
  }

  ProductForm form() {
    return form;
  }

  private Left packedLeft(int batch, int depth) {
    int[] rows = new int[tileRows];
    Arrays.setAll(rows, r -> r);
    int[] terms = new int[depth];
    Arrays.setAll(terms, k -> k * tileRows);
    return new Left(-1, new int[batch], rows, terms, 1, new boolean[0]);
  }

  private Left leftInPlace(FactorPlaces places, int rows) {
    // The last tile may have fewer rows: it computes the last one again and throws it away.
    int padded = Tiling.up(rows, tileRows);
    int[] table = Arrays.copyOf(places.side, padded);
    Arrays.fill(table, rows, padded, rows == 0 ? 0 : table[rows - 1]);
    var adjacent = new boolean[padded / tileRows];
    for (int t = 0; t < adjacent.length; t++) {
      adjacent[t] = Places.adjacent(table, t * tileRows, tileRows);
    }
    return new Left(
        places.slot, places.batch, table, places.terms, Places.run(places.terms), adjacent);
  }

  private Right packedRight() {
    int[] none = {};
    return new Right(-1, none, none, none, none, panel);
  }

  private static Right rightInPlace(FactorPlaces places) {
    boolean isEven = places.isEven();
    return new Right(
        places.slot,
        places.batch,
        places.side,
        places.reach(),
        isEven ? new int[0] : places.terms,
        isEven ? Places.stride(places.terms) : 0);
  }

  /** Where rows or columns are neighbours, a line is for many: it is read before the next one. */
  private Packing packing(
      Step.Factor factor, Optional<FactorPlaces> places, int size, int depth, int width) {
    boolean neighbours = places.stream().anyMatch(FactorPlaces::beginsAdjacent);
    int turn = Math.max(1, neighbours ? Math.min(TURN, depth) : depth);
    int lineLength = LINES * Reals.lineLength(type);
    int atOnce = neighbours && 4 * width <= lineLength ? lineLength / width : 1;
    return new Packing(factor.pack(), turn, Math.min(atOnce, Math.ceilDiv(size, width)));
  }

  private boolean sharesRight() {
    return kept.isPresent() || right.isPacked() && tiling.rowBlocks() > 1;
  }

  /** How much memory {@link #run} wants for the packed right factor. */
  int sharedLength() {
    return sharesRight() && kept.isEmpty() ? line + packedLength() : 0;
  }

  private int packedLength() {
    return Math.toIntExact((long) tiling.batch() * panels() * panel * tiling.depth());
  }

  /** For how long {@link #keep} has to come first. */
  Step.Kept kept() {
    return kept.isPresent() ? step.kept() : Step.Kept.NOT;
  }

  /** Packs the right factor as it is now, for all runs until the next call. */
  void keep(Workers workers) {
    shared = kept.orElseThrow();
    each(workers, tiling.batch() * groups(), packs);
  }

  void run(Workers workers, Reals memory) {
    if (kept.isEmpty()) {
      shared = memory;
    }
    if (sharesRight() && kept.isEmpty()) {
      each(workers, tiling.batch() * groups(), packs);
    }
    each(workers, tiling.pieces(), pieces);
  }

  private void each(Workers workers, int count, Workers.Job job) {
    if (tiling.work() < SERIAL) {
      for (int i = 0; i < count; i++) {
        job.chunk(i);
      }
    } else {
      workers.run(count, job);
    }
  }

  /** Panels of the right factor in one matrix. */
  private int panels() {
    return Math.ceilDiv(tiling.columns(), panel);
  }

  private int groups() {
    return Math.ceilDiv(panels(), PANELS);
  }

  private void packShared(int index) {
    int batch = index / groups();
    int first = index % groups() * PANELS;
    int end = Math.min(tiling.columns(), (first + PANELS) * panel);
    int at = line + (batch * panels() + first) * panel * tiling.depth();
    packRight(shared, at, panel, batch, first * panel, end);
  }

  /** Panels of columns, all terms; zeros beyond the last column. */
  private void packRight(Reals to, int at, int width, int batch, int from, int end) {
    int depth = tiling.depth();
    int rest = (end - from) % width;
    if (rest != 0) {
      int last = at + (end - from - rest) * depth;
      to.clear(last, last + width * depth);
    }
    pack(packsRight, to, at, width, batch, from, end, 0, depth);
  }

  /**
   * Copies terms of a factor from its tensor to panels.
   *
   * @param at the place of the first panel
   * @param from the first row or column; {@code end} the end of all
   * @param first the first term; {@code last} the end of all
   */
  private void pack(
      Packing packing,
      Reals to,
      int at,
      int width,
      int batch,
      int from,
      int end,
      int first,
      int last) {
    int panelLength = width * (last - first);
    int atOnce = packing.panels() * width;
    for (int k = first; k < last; k += packing.turn()) {
      int stop = Math.min(last, k + packing.turn());
      for (int j = from; j < end; j += atOnce) {
        int place = at + (j - from) / width * panelLength + (k - first) * width;
        int until = Math.min(end, j + atOnce);
        if (packing.panels() == 1) {
          move(packing.mover(), to, place, width, batch, j, until, k, stop);
          continue;
        }
        int panels = Math.ceilDiv(until - j, width);
        int length = Tiling.up(panels * width, lanes) + lanes;
        var lines = Scratch.mine().pieces(type).lines(length * (stop - k));
        move(packing.mover(), lines, line, length, batch, j, until, k, stop);
        Panels.cut(lines, line, length, stop - k, to, place, width, panelLength, panels);
      }
    }
  }

  private void move(
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

  /** Rows times columns of one matrix of the result. */
  private void piece(int index) {
    int perMatrix = tiling.rowBlocks() * tiling.columnBlocks();
    int batch = index / perMatrix;
    int row = index % perMatrix / tiling.columnBlocks() * tiling.rowBlock();
    int column = index % tiling.columnBlocks() * tiling.columnBlock();
    int rows = Math.min(tiling.rowBlock(), tiling.rows() - row);
    int columns = Math.min(tiling.columnBlock(), tiling.columns() - column);
    var scratch = Scratch.mine();
    var memory = scratch.pieces(type);
    var tile = scratch.tile;
    var result = memory.result(isDirect ? 0 : length(rows, columns));
    if (isDirect) {
      writeTo(tile, batch, row, column);
    } else {
      writeTo(tile, result, rows, columns);
    }
    tile.run = left.run();
    tile.terms = left.terms();
    tile.rowPlaces = left.rows();
    int at = tile.resultAt;
    var packed = packed(memory, batch, column, columns);
    int most = Math.max(terms, MOST_LEFT / Tiling.up(rows, tileRows));
    int packedFrom = 0;
    int packedTo = 0;
    for (int k = 0; k < tiling.depth(); k += terms) {
      tile.depth = Math.min(terms, tiling.depth() - k);
      tile.first = k == 0;
      if (k == packedTo) {
        packedFrom = k;
        packedTo = Math.min(tiling.depth(), k + most / terms * terms);
        left(tile, memory, batch, row, rows, packedFrom, packedTo);
      }
      int tileLength = left.isPacked() ? (packedTo - packedFrom) * tileRows : 0;
      int leftAt = left.isPacked() ? line + (k - packedFrom) * tileRows : left.batch()[batch];
      tile.term = left.isPacked() ? 0 : k;
      int j = 0;
      while (j < columns) {
        int vectors = right(tile, packed, batch, column, columns, j, k);
        tiles(tile, row, rows, leftAt, tileLength, at + j, vectors);
        j += vectors * lanes;
      }
    }
    if (!isDirect) {
      int end = column + columns;
      move(step.result(), result, line, tile.resultStride, batch, column, end, row, row + rows);
    }
  }

  /** Points a tile at the result's tensor. */
  private void writeTo(Tile tile, int batch, int row, int column) {
    int slot = step.direct().orElseThrow();
    tile.resultFloats = frame.floats[slot];
    tile.resultDoubles = frame.doubles[slot];
    tile.resultStride = tiling.columns();
    tile.resultAt = frame.offsets[slot] + (batch * tiling.rows() + row) * tiling.columns() + column;
  }

  /** Points a tile at memory for the sums of a piece. */
  private void writeTo(Tile tile, Reals sums, int rows, int columns) {
    tile.resultFloats = sums.floats();
    tile.resultDoubles = sums.doubles();
    tile.resultStride = stride(columns);
    tile.resultAt = line;
    if (tiling.depth() == 0) {
      sums.clear(line, line + length(rows, columns));
    }
  }

  private int stride(int columns) {
    return Tiling.up(columns, panel) + lanes;
  }

  private int length(int rows, int columns) {
    return Tiling.up(rows, tileRows) * stride(columns);
  }

  /** All tiles of a few columns. */
  private void tiles(
      Tile tile, int row, int rows, int leftAt, int tileLength, int resultAt, int vectors) {
    tile.row = left.isPacked() ? 0 : row;
    tile.leftAt = leftAt;
    for (int i = 0; i < rows; i += tileRows) {
      tile.resultAt = resultAt + i * tile.resultStride;
      boolean rest = restRows < tileRows && rows - i <= restRows;
      tiles.tile(rest ? restNumbers[vectors] : form(vectors, (row + i) / tileRows), tile);
      if (left.isPacked()) {
        tile.leftAt += tileLength;
      } else {
        tile.row = row + i + tileRows;
      }
    }
  }

  private int form(int vectors, int tile) {
    var reading = Reading.PLACES;
    if (form.readsInManyWays(tiling.rows())) {
      if (left.isPacked()) {
        reading = Reading.PACKED;
      } else if (left.adjacent()[tile]) {
        reading = Reading.ADJACENT;
      } else if (left.run() >= FactorPlaces.LEAST_RUN) {
        reading = Reading.RUNS;
      }
    }
    return tileNumbers[reading.ordinal()][vectors];
  }

  /** Points a tile at the left factor; terms from one to another are packed if it has to be. */
  private void left(
      Tile tile, Scratch.Pieces memory, int batch, int row, int rows, int from, int to) {
    if (!left.isPacked()) {
      tile.leftFloats = frame.floats[left.slot()];
      tile.leftDoubles = frame.doubles[left.slot()];
      return;
    }
    int depth = to - from;
    var packed = memory.left(Tiling.up(rows, tileRows) * depth);
    int rest = rows % tileRows;
    if (rest != 0) {
      packed.clear(line + (rows - rest) * depth, line + (rows - rest + tileRows) * depth);
    }
    pack(packsLeft, packed, line, tileRows, batch, row, row + rows, from, to);
    tile.leftFloats = packed.floats();
    tile.leftDoubles = packed.doubles();
  }

  /** What the piece needs of the right factor and cannot be read where it lies. */
  private Reals packed(Scratch.Pieces memory, int batch, int column, int columns) {
    if (!right.isPacked()) {
      int rest = columns % lanes;
      var last = memory.rest(rest == 0 ? 0 : lanes * tiling.depth());
      if (rest > 0) {
        packRight(last, line, lanes, batch, column + columns - rest, column + columns);
      }
      return last;
    }
    if (sharesRight()) {
      return shared;
    }
    var own = memory.right(Tiling.up(columns, panel) * tiling.depth());
    packRight(own, line, panel, batch, column, column + columns);
    return own;
  }

  /** Points a tile at columns of the right factor; how many vectors of them it should take. */
  private int right(Tile tile, Reals packed, int batch, int column, int columns, int j, int k) {
    if (right.isPacked()) {
      int first = sharesRight() ? (batch * panels() + column / panel) * panel : 0;
      tile.rightFloats = packed.floats();
      tile.rightDoubles = packed.doubles();
      tile.rightStride = panel;
      tile.rightAt = line + (first + j) * tiling.depth() + k * panel;
      return panel / lanes;
    }
    int left = Math.min(columns - j, right.reach()[column + j]);
    int vectors = Math.min(FEW / Math.min(tileRows, FEW / 2), Integer.highestOneBit(left / lanes));
    tile.rightTerm = k;
    if (vectors == 0) {
      tile.rightFloats = packed.floats();
      tile.rightDoubles = packed.doubles();
      tile.rightStride = lanes;
      tile.rightTerms = restTerms;
      tile.rightAt = line + (right.reading() == Columns.EVEN ? k * lanes : 0);
      return 1;
    }
    tile.rightFloats = frame.floats[right.slot()];
    tile.rightDoubles = frame.doubles[right.slot()];
    tile.rightStride = right.stride();
    tile.rightTerms = right.terms();
    tile.rightAt = right.batch()[batch] + right.columns()[column + j] + k * right.stride();
    return vectors;
  }
}
