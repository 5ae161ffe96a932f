package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Kernels that run for a block of rows after the other, ready to run. Threads take the next block
 * when they are done with one; each has windows of its own, in which tensors that are large seem to
 * be whole: they start so far before the window that the rows of the block lie in it.
 *
 * <p>How many rows a block has follows from the sizes alone, and so do the bits of the results.
 */
final class RowBlocks {
  /** Bytes of all windows of a thread: a share of the second cache. */
  private static final int NEAR = 1 << 18;

  /** A block has whole tiles of rows: so many are some of each kind. */
  private static final int TILES = TileForm.canBeSmaller() ? 20 : 24;

  /** Columns that count in some row are taken so many at a time: in whole vectors and panels. */
  private static final int COLUMNS = 64;

  private final Step.RowBlocks step;
  private final Frame frame;
  private final int items;
  private final int rows;
  private final int columns;
  private final int block;

  /** Elements of a window. */
  private final int window;

  private final ElementType type;
  private final int blocks;
  private final int first;
  private final int end;
  private final List<List<Bound>> held;
  private final Optional<KernelCode> nest;
  private final Bench[] benches;
  private final AtomicInteger next = new AtomicInteger();
  private final Workers.Job job = this::work;

  /** A condition on row and column. */
  private record Bound(long row, long column, long rest) {
    /** The first column for which it holds in a row. */
    long from(int i) {
      return column < 0 ? Long.MIN_VALUE : -Math.floorDiv(row * i + rest, column);
    }

    /** The last one. */
    long to(int i) {
      return column > 0 ? Long.MAX_VALUE : Math.floorDiv(row * i + rest, -column);
    }
  }

  /** One thread's place of work. */
  private record Bench(Frame frame, List<Product> scores, List<Product> sums) {}

  /**
   * Makes products for as many threads as can have work.
   *
   * @param frames for each of them one that it may change: what is in {@code frame} comes into it
   *     for each run
   * @param indices how many open dimensions are in front of the indices of loops
   */
  RowBlocks(
      Step.RowBlocks step,
      CompiledProgram program,
      Frame frame,
      List<Frame> frames,
      ProductForms forms,
      int threads,
      Map<String, Long> dims,
      int indices) {
    this.step = step;
    this.type = program.real();
    this.frame = frame;
    this.rows = Math.toIntExact(step.rows().evaluate(dims));
    this.columns = Math.toIntExact(step.columns().evaluate(dims));
    int batch = Math.toIntExact(step.batch().evaluate(dims));
    this.block = block();
    // A tile may read rows behind those of the block.
    this.window =
        Tiling.up((block + TileForm.NARROW_PACKED_ROWS) * columns, Reals.lineLength(type));
    this.blocks = Math.ceilDiv(rows, block);
    this.items = batch * blocks;
    this.first = indices + step.held().first();
    this.end = indices + step.held().end();
    this.held =
        step.held().any().stream()
            .map(
                all ->
                    all.stream()
                        .map(c -> new Bound(c.row(), c.column(), c.rest().evaluate(dims)))
                        .toList())
            .toList();
    this.nest = step.nest().map(n -> program.kernel(n.code()));
    this.benches = new Bench[Math.max(1, Math.min(threads, items))];
    for (int b = 0; b < benches.length; b++) {
      var own = frames.get(b);
      own.read(frame);
      var scores = products(step.scores(), program, own, forms, threads, batch, dims);
      var sums = products(step.sums(), program, own, forms, threads, batch, dims);
      benches[b] = new Bench(own, scores, sums);
    }
  }

  /** Rows of a block: about as many as windows have room for, in blocks of about one size. */
  private int block() {
    long row = Math.max(1, (long) columns * step.windows().size());
    long room = NEAR / Reals.LINE * Reals.lineLength(type) / row;
    int parts = Math.max(1, (int) Math.rint((double) rows / Math.clamp(room, TILES, 1 << 16)));
    return Math.min(Math.max(1, rows), Tiling.up(Math.ceilDiv(rows, parts), TILES));
  }

  private List<Product> products(
      List<Step.Product> steps,
      CompiledProgram program,
      Frame own,
      ProductForms forms,
      int threads,
      int batch,
      Map<String, Long> dims) {
    var products = new ArrayList<Product>();
    for (var each : steps) {
      int columns = Math.toIntExact(each.columns().evaluate(dims));
      int depth = Math.toIntExact(each.depth().evaluate(dims));
      products.add(
          new Product(
              each,
              program,
              own,
              forms,
              threads,
              batch,
              rows,
              columns,
              depth,
              block,
              Optional.empty()));
    }
    return products;
  }

  /** Adds how many terms so many runs add up with each form of a tile, by its number. */
  void countTerms(Map<Integer, Long> terms, long runs) {
    benches[0].scores.forEach(p -> p.countTerms(terms, runs));
    benches[0].sums.forEach(p -> p.countTerms(terms, runs));
  }

  /** How much memory {@link #run} wants for what threads share. */
  int sharedLength() {
    int length = 0;
    for (var product : benches[0].scores) {
      length = Math.addExact(length, product.sharedLength());
    }
    for (var product : benches[0].sums) {
      length = Math.addExact(length, product.sharedLength());
    }
    return length;
  }

  void run(Workers workers, Reals memory, int line) {
    for (var bench : benches) {
      bench.frame.read(frame);
    }
    int at = line;
    for (int p = 0; p < step.scores().size(); p++) {
      at = share(benches[0].scores.get(p), workers, memory, at);
    }
    for (int p = 0; p < step.sums().size(); p++) {
      at = share(benches[0].sums.get(p), workers, memory, at);
    }
    for (int b = 1; b < benches.length; b++) {
      at = line;
      for (int p = 0; p < step.scores().size(); p++) {
        at = read(benches[b].scores.get(p), memory, at);
      }
      for (int p = 0; p < step.sums().size(); p++) {
        at = read(benches[b].sums.get(p), memory, at);
      }
    }
    next.set(0);
    workers.run(benches.length, job);
  }

  /** Where another thread finds what {@link #share} has packed. */
  private static int read(Product product, Reals memory, int at) {
    product.read(memory, at);
    return at + product.sharedLength();
  }

  private static int share(Product product, Workers workers, Reals memory, int at) {
    product.share(workers, memory, at);
    return at + product.sharedLength();
  }

  private void work(int place) {
    var bench = benches[place];
    var memory = Scratch.mine().pieces(type).windows(step.windows().size() * window);
    for (int item = next.getAndIncrement(); item < items; item = next.getAndIncrement()) {
      // The last blocks have the most columns under a causal mask: they come first.
      int row = (blocks - 1 - item % blocks) * block;
      block(bench, memory, item / blocks, row, Math.min(block, rows - row));
    }
  }

  private void block(Bench bench, Reals memory, int batch, int row, int count) {
    var own = bench.frame;
    int start = batch * rows + row;
    for (int w = 0; w < step.windows().size(); w++) {
      int slot = step.windows().get(w);
      own.floats[slot] = memory.floats();
      own.doubles[slot] = memory.doubles();
      own.offsets[slot] = Reals.line(type) + w * window - start * columns;
    }
    int from = from(row, count);
    int to = to(row, count);
    if (from >= to) {
      from = 0;
      to = Math.min(columns, COLUMNS);
    }
    own.dims[first] = from;
    own.dims[end] = to;
    for (int p = 0; p < bench.scores.size(); p++) {
      var product = bench.scores.get(p);
      product.block(batch, row, count, from, to, 0, product.depth());
    }
    if (nest.isPresent()) {
      nest.get().run(own, step.nest().get().code().slots(), start, start + count);
    }
    for (int p = 0; p < bench.sums.size(); p++) {
      var product = bench.sums.get(p);
      product.block(batch, row, count, 0, product.columns(), from, to);
    }
  }

  /** The first column that matters in one of these rows, or one before it. */
  private int from(int row, int count) {
    long from = held.isEmpty() ? 0 : columns;
    for (int h = 0; h < held.size(); h++) {
      var all = held.get(h);
      long least = 0;
      for (int c = 0; c < all.size(); c++) {
        var bound = all.get(c);
        least = Math.max(least, Math.min(bound.from(row), bound.from(row + count - 1)));
      }
      from = Math.min(from, least);
    }
    return (int) (from / COLUMNS * COLUMNS);
  }

  /** The end of the columns that matter in one of these rows, or one behind it. */
  private int to(int row, int count) {
    long to = held.isEmpty() ? columns : 0;
    for (int h = 0; h < held.size(); h++) {
      var all = held.get(h);
      long most = columns;
      for (int c = 0; c < all.size(); c++) {
        var bound = all.get(c);
        long last = Math.max(bound.to(row), bound.to(row + count - 1));
        most = Math.min(most, last == Long.MAX_VALUE ? last : last + 1);
      }
      to = Math.max(to, most);
    }
    return (int) Math.min(columns, Math.ceilDiv(Math.max(0, to), COLUMNS) * COLUMNS);
  }
}
