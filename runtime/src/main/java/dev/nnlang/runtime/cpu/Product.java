package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.cpu.TileForm.Columns;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

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

  /**
   * Panels that are packed together at most, so that lines are read where columns are neighbours.
   */
  private static final int PANELS = 8;

  /** Rows of the result whose sums of parts are added up in one go. */
  private static final int ROWS_OF_SUMS = 8;

  /** Reals of a packed left factor that stay in the second cache beside everything else. */
  private static final int MOST_LEFT = 1 << 17;

  private final Step.Product step;
  private final CompiledProgram program;
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

  /** Terms that are added up in registers at a time. */
  private final int terms;

  private final LeftFactor left;
  private final RightFactor right;

  /** Whether tiles write to the result's tensor: all of them are whole. */
  private final boolean isDirect;

  /** The places of terms in the last columns of a right factor that is read in place else. */
  private final int[] restTerms;

  /** Whether somebody outside asks for a block of rows after the other. */
  private final boolean isInBlocks;

  /** Where the left factor's tables are from, if they are for a tensor that moves. */
  private final Optional<FactorPlaces> moving;

  /** The place of the right factor in memory for what threads share. */
  private int sharedAt;

  private final Packing packsLeft;
  private final Packing packsRight;

  private final RowTiles tiles;

  // Made once: a run allocates nothing.
  private final Workers.Job packs = this::packShared;
  private final Workers.Job pieces = this::piece;
  private final Workers.Job sums = this::sum;
  private final Optional<Reals> kept;

  /** Where pieces find the right factor, if they share it. */
  private Reals shared;

  /** Where they leave the sums of parts, from {@link #partsAt} on. */
  private Reals partSums;

  private final int partsAt;

  /**
   * A product.
   *
   * @param block how many rows {@link #block} is asked for at a time; 0 if it does all its pieces
   *     itself
   * @param fixedBy who packs a right factor that depends on parameters alone, if it is another
   */
  Product(
      Step.Product step,
      CompiledProgram program,
      Frame frame,
      ProductForms forms,
      int threads,
      int batch,
      int rows,
      int columns,
      int depth,
      int block,
      Optional<Product> fixedBy) {
    this.isInBlocks = block > 0;
    int together = isInBlocks ? block : rows;
    this.step = step;
    this.program = program;
    this.frame = frame;
    this.type = program.real();
    this.lanes = type == ElementType.F32 ? Lanes.inFloats() : Lanes.inDoubles();
    var leftPlaces = FactorPlaces.of(step.left(), program, frame, batch, rows, depth);
    var rightPlaces = FactorPlaces.of(step.right(), program, frame, batch, columns, depth);
    this.shape =
        new ProductShape(
            batch,
            together,
            columns,
            depth,
            FactorPlaces.left(leftPlaces, columns <= lanes && !isInBlocks),
            FactorPlaces.right(rightPlaces, lanes),
            // All blocks of rows share it.
            isInBlocks ? Step.Kept.IN_LOOP : step.kept(),
            step.direct().isPresent(),
            type,
            threads);
    var wanted = fixedBy.map(Product::form).orElseGet(() -> forms.of(shape));
    this.form = wanted.fits(shape) ? wanted : ProductCost.best(shape);
    this.tileRows = form.tileRows();
    int restRows = form.restRows(together);
    this.panel = lanes * form.panelVectors();
    this.right =
        form.packsRight()
            ? RightFactor.packed(panel)
            : RightFactor.inPlace(rightPlaces.orElseThrow());
    this.line = Reals.line(type);
    this.sharedAt = line;
    this.tiling =
        isInBlocks
            ? Tiling.inRows(batch, rows, columns, depth, block)
            : Tiling.of(
                shape,
                tileRows,
                right.isPacked() ? panel : form.panelVectors() * lanes,
                form.packsLeft());
    this.left =
        form.packsLeft()
            ? LeftFactor.packed(tileRows, batch, depth)
            : isInBlocks
                ? LeftFactor.inBlocks(leftPlaces.orElseThrow(), rows, tileRows)
                : LeftFactor.inPlace(leftPlaces.orElseThrow(), rows, tileRows);
    this.moving = isInBlocks && !left.isPacked() ? leftPlaces : Optional.empty();
    this.terms = tiling.terms();
    this.isDirect =
        step.direct().isPresent()
            && (together % tileRows == 0 || together % tileRows == restRows)
            && columns % (right.isPacked() ? panel : lanes) == 0
            && depth > 0
            && tiling.parts() == 1;
    this.restTerms = new int[right.terms().length];
    Arrays.setAll(restTerms, k -> k * lanes);
    this.packsLeft = Packing.of(step.left(), program, frame, leftPlaces);
    this.packsRight = Packing.of(step.right(), program, frame, rightPlaces);
    this.kept =
        isInBlocks || step.kept() == Step.Kept.NOT || !right.isPacked()
            ? Optional.empty()
            : step.kept() == Step.Kept.FIXED && fixedBy.isPresent()
                ? fixedBy.get().kept
                : Optional.of(Reals.of(type, line + packedLength()));
    this.partsAt = line + (packsShared() ? Tiling.up(packedLength(), Reals.lineLength(type)) : 0);
    this.tiles = new RowTiles(program.tiles(), form, shape, left, right, rows, isInBlocks);
  }

  ProductShape shape() {
    return shape;
  }

  ProductForm form() {
    return form;
  }

  private boolean sharesRight() {
    return kept.isPresent() || right.isPacked() && (isInBlocks || tiling.rowBlocks() > 1);
  }

  /** Whether every run packs the right factor for all pieces. */
  private boolean packsShared() {
    return sharesRight() && kept.isEmpty();
  }

  /** How much memory {@link #run} wants for what threads share. */
  int sharedLength() {
    if (tiling.parts() > 1) {
      return partsAt + tiling.batch() * tiling.parts() * length(tiling.rows(), tiling.columns());
    }
    return packsShared() ? partsAt : 0;
  }

  private int packedLength() {
    return Math.toIntExact((long) tiling.batch() * panels() * panel * tiling.depth());
  }

  /** Adds how many terms so many runs add up with each form of a tile, by its number. */
  void countTerms(Map<Integer, Long> terms, long runs) {
    int most = Math.max(1, Integer.highestOneBit(tiling.columns() / lanes));
    int vectors = right.isPacked() ? panel / lanes : Math.min(form.panelVectors(), most);
    long each =
        runs * tiling.batch() * tiling.depth() * Math.ceilDiv(tiling.columns(), vectors * lanes);
    int[] count = tiles.count(vectors);
    IntStream.range(0, count.length)
        .filter(n -> count[n] > 0)
        .forEach(n -> terms.merge(n, count[n] * each, Long::sum));
  }

  /** A little of what each of its movers does. */
  List<FewMoves> moves() {
    boolean movesLeft = left.isPacked() && packsLeft.lines().isEmpty();
    boolean movesRight = right.isPacked() && packsRight.lines().isEmpty();
    return FewMoves.of(step, tiling, movesLeft ? tileRows : 0, movesRight ? panel : 0, !isDirect);
  }

  int columns() {
    return tiling.columns();
  }

  int depth() {
    return tiling.depth();
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

  /**
   * Packs the right factor for all blocks of rows.
   *
   * @param memory which others pack into, too
   * @param at where there is room for {@link #sharedLength}
   */
  void share(Workers workers, Reals memory, int at) {
    read(memory, at);
    if (packsShared()) {
      each(workers, tiling.batch() * groups(), packs);
    }
  }

  /** Reads the right factor where another product of the same step has packed it. */
  void read(Reals memory, int at) {
    shared = memory;
    sharedAt = at;
  }

  /**
   * Computes some rows of one matrix, on this thread.
   *
   * @param from the first column
   * @param end the end of all columns
   * @param first the first term
   * @param last the end of all terms; what is left out is 0
   */
  void block(int batch, int row, int rows, int from, int end, int first, int last) {
    int column = right.isPacked() ? from / panel * panel : from;
    piece(batch, 0, row, rows, column, end - column, first, last);
  }

  void run(Workers workers, Reals memory) {
    shared = kept.orElse(memory);
    partSums = memory;
    if (packsShared()) {
      each(workers, tiling.batch() * groups(), packs);
    }
    each(workers, tiling.pieces(), pieces);
    if (tiling.parts() > 1) {
      each(workers, tiling.batch() * rowGroups(), sums);
    }
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

  /** Groups of rows whose sums of parts are added up together. */
  private int rowGroups() {
    return Math.ceilDiv(tiling.rows(), ROWS_OF_SUMS);
  }

  /** Groups of panels that are packed together, about as large for each thread. */
  private int groups() {
    return Math.ceilDiv(panels(), panelsTogether());
  }

  private int panelsTogether() {
    int groups = Tiling.up(Math.ceilDiv(panels(), PANELS), shape.threads());
    return Math.max(1, Math.ceilDiv(panels(), Math.max(1, groups)));
  }

  private void packShared(int index) {
    int batch = index / groups();
    int first = index % groups() * panelsTogether();
    int end = Math.min(tiling.columns(), (first + panelsTogether()) * panel);
    int at = sharedAt + (batch * panels() + first) * panel * tiling.depth();
    packRight(shared, at, panel, batch, first * panel, end, 0, tiling.depth());
  }

  /** Panels of columns, terms from one to another; zeros beyond the last column. */
  private void packRight(
      Reals to, int at, int width, int batch, int from, int end, int first, int last) {
    int depth = last - first;
    int rest = (end - from) % width;
    if (rest != 0) {
      int zeros = at + (end - from - rest) * depth;
      to.clear(zeros, zeros + width * depth);
    }
    packsRight.pack(to, at, width, batch, from, end, first, last);
  }

  /** Rows times columns of one matrix of the result, or what a part of the terms adds to them. */
  private void piece(int index) {
    int part = tiling.part(index);
    int row = tiling.row(index);
    int column = tiling.column(index);
    int rows = Math.min(tiling.rowBlock(), tiling.rows() - row);
    int columns = Math.min(tiling.columnBlock(), tiling.columns() - column);
    int first = part * tiling.partTerms();
    int last = Math.min(tiling.depth(), first + tiling.partTerms());
    piece(tiling.matrix(index), part, row, rows, column, columns, first, last);
  }

  private void piece(
      int batch, int part, int row, int rows, int column, int columns, int first, int last) {
    boolean isDirect = this.isDirect && (!isInBlocks || rows == tiling.rowBlock());
    int moved = moving.isPresent() ? moving.get().moved(frame) : 0;
    var scratch = Scratch.mine();
    var memory = scratch.pieces(type);
    var tile = scratch.tile;
    boolean isWhole = tiling.parts() == 1;
    var result = memory.result(isWhole && !isDirect ? length(rows, columns) : 0);
    if (!isWhole) {
      int stride = stride(tiling.columns());
      writeTo(tile, partSums, stride, partAt(batch, part) + row * stride + column);
    } else if (isDirect) {
      writeTo(tile, batch, row, column);
    } else {
      writeTo(tile, result, stride(columns), line);
      if (tiling.depth() == 0) {
        result.clear(line, line + length(rows, columns));
      }
    }
    tile.run = left.run();
    tile.terms = left.terms();
    tile.rowPlaces = left.rows();
    int at = tile.resultAt;
    var packed = packed(memory, batch, column, columns, first, last);
    int most = Math.max(terms, MOST_LEFT / Tiling.up(rows, tileRows));
    int packedFrom = first;
    int packedTo = first;
    for (int k = first; k < last; k += terms) {
      tile.depth = Math.min(terms, last - k);
      tile.first = k == first;
      if (k == packedTo) {
        packedFrom = k;
        packedTo = Math.min(last, k + most / terms * terms);
        left(tile, memory, batch, row, rows, packedFrom, packedTo);
      }
      int tileLength = left.isPacked() ? (packedTo - packedFrom) * tileRows : 0;
      int leftAt =
          left.isPacked() ? line + (k - packedFrom) * tileRows : left.batch()[batch] + moved;
      tile.term = left.isPacked() ? 0 : k;
      int j = 0;
      while (j < columns) {
        int vectors = right(tile, packed, batch, column, columns, j, k, first, last);
        tiles.run(tile, row, rows, leftAt, tileLength, at + j, vectors);
        j += vectors * lanes;
      }
    }
    if (isWhole && !isDirect) {
      int end = column + columns;
      toResult(result, line, tile.resultStride, batch, column, end, row, row + rows);
    }
  }

  /** Where the sums of a part are. */
  private int partAt(int batch, int part) {
    return partsAt + (batch * tiling.parts() + part) * length(tiling.rows(), tiling.columns());
  }

  /**
   * Adds up what the parts have left for a few rows, in their order, and takes it to the result.
   */
  private void sum(int index) {
    int batch = index / rowGroups();
    int row = index % rowGroups() * ROWS_OF_SUMS;
    int end = Math.min(tiling.rows(), row + ROWS_OF_SUMS);
    int stride = stride(tiling.columns());
    int at = partAt(batch, 0) + row * stride;
    for (int part = 1; part < tiling.parts(); part++) {
      partSums.add(partAt(batch, part) + row * stride, at, (end - row) * stride);
    }
    toResult(partSums, at, stride, batch, 0, tiling.columns(), row, end);
  }

  /** Takes sums to the result's tensor, columns and rows from one to another. */
  private void toResult(
      Reals sums, int at, int stride, int batch, int column, int end, int row, int lastRow) {
    Packing.move(program, frame, step.result(), sums, at, stride, batch, column, end, row, lastRow);
  }

  /** Points a tile at the result's tensor. */
  private void writeTo(Tile tile, int batch, int row, int column) {
    int slot = step.direct().orElseThrow();
    tile.resultFloats = frame.floats[slot];
    tile.resultDoubles = frame.doubles[slot];
    tile.resultStride = tiling.columns();
    tile.resultAt = frame.offsets[slot] + (batch * tiling.rows() + row) * tiling.columns() + column;
  }

  /** Points a tile at memory for sums. */
  private void writeTo(Tile tile, Reals sums, int stride, int at) {
    tile.resultFloats = sums.floats();
    tile.resultDoubles = sums.doubles();
    tile.resultStride = stride;
    tile.resultAt = at;
  }

  private int stride(int columns) {
    return Tiling.up(columns, panel) + lanes;
  }

  private int length(int rows, int columns) {
    return Tiling.up(rows, tileRows) * stride(columns);
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
    packsLeft.pack(packed, line, tileRows, batch, row, row + rows, from, to);
    tile.leftFloats = packed.floats();
    tile.leftDoubles = packed.doubles();
  }

  /** What the piece needs of the right factor and cannot be read where it lies. */
  private Reals packed(
      Scratch.Pieces memory, int batch, int column, int columns, int first, int last) {
    int end = column + columns;
    if (!right.isPacked()) {
      int rest = columns % lanes;
      var few = memory.rest(rest == 0 ? 0 : lanes * (last - first));
      if (rest > 0) {
        packRight(few, line, lanes, batch, end - rest, end, first, last);
      }
      return few;
    }
    if (sharesRight()) {
      return shared;
    }
    var own = memory.right(Tiling.up(columns, panel) * (last - first));
    packRight(own, line, panel, batch, column, end, first, last);
    return own;
  }

  /** Points a tile at columns of the right factor; how many vectors of them it should take. */
  private int right(
      Tile tile,
      Reals packed,
      int batch,
      int column,
      int columns,
      int j,
      int k,
      int first,
      int last) {
    if (right.isPacked()) {
      tile.rightFloats = packed.floats();
      tile.rightDoubles = packed.doubles();
      tile.rightStride = panel;
      tile.rightAt =
          sharesRight()
              ? sharedAt
                  + ((batch * panels() + column / panel) * panel + j) * tiling.depth()
                  + k * panel
              : line + j * (last - first) + (k - first) * panel;
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
      tile.rightTerm = k - first;
      tile.rightAt = line + (right.reading() == Columns.EVEN ? (k - first) * lanes : 0);
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
