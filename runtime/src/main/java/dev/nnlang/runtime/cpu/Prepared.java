package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.program.Arena;
import dev.nnlang.runtime.program.Slot;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program with sizes: memory for its tensors, and its steps, ready to run one after the other.
 *
 * <p>Several can be ready at once, each for examples of its own. What depends on parameters alone
 * is then computed by the first, and the others read it there.
 */
final class Prepared {
  /**
   * A chunk should be worth waking a thread for (2.5 us), and there should be enough of them to
   * balance. Both are numbers of the program, not of the machine's load.
   */
  private static final long CHUNK_NANOS = 10_000;

  private static final int MOST_CHUNKS = 64;

  private final CompiledProgram program;
  private final ProductForms forms;
  private final Optional<KernelTimes> times;

  /** Who computes what depends on parameters alone, if it is another. */
  private final Optional<Prepared> first;

  private final Frame frame;

  /** What threads find that have a place of their own for some tensors. */
  private final List<Frame> frames = new ArrayList<>();

  /** The open dimensions that kernels see: a block of examples, where those are taken in blocks. */
  private Map<String, Long> dims = Map.of();

  private Workers workers;
  private Runnable[] work = {};

  /** What is done only if a parameter was bound or changed since the last run. */
  private final List<Runnable> fixed = new ArrayList<>();

  private final List<Product> products = new ArrayList<>();

  /** Those in loops that threads share. */
  private final List<Product> sharedProducts = new ArrayList<>();

  /** How many terms a run of the session adds up with each form of a tile, by its number. */
  private final Map<Integer, Long> terms = new HashMap<>();

  /** How often it does the step that is being made. */
  private long rounds;

  /** How many steps are ready. */
  private int kernels;

  private float[] floats = {};
  private double[] doubles = {};
  private long[] longs = {};
  private Reals packed;

  /** Of the step that wants most: elements of {@link #packed}. */
  private int wanted;

  Prepared(
      CompiledProgram program,
      ProductForms forms,
      Optional<KernelTimes> times,
      Optional<Prepared> first) {
    this.program = program;
    this.forms = forms;
    this.times = times;
    this.first = first;
    // Behind those of the loops are two for blocks of rows.
    int indices = program.signature().open().size() + loops(program.steps()) + 2;
    this.frame = new Frame(program.slots().size(), indices);
    for (int slot = 0; slot < program.slots().size(); slot++) {
      if (program.slots().get(slot).home() instanceof Slot.Home.Site(var site)) {
        frame.longs[slot] = new long[] {site};
      }
    }
    this.packed = Reals.of(program.real(), 0);
  }

  private static int loops(List<Step> steps) {
    int count = 0;
    for (var step : steps) {
      count += step instanceof Step.Loop(_, _, _, _, var body) ? 1 + loops(body) : 0;
    }
    return count;
  }

  Frame frame() {
    return frame;
  }

  /** Lets kernels read an input here. */
  void set(int slot, Tensor value) {
    switch (value.type()) {
      case F32 -> frame.floats[slot] = value.floats();
      case F64 -> frame.doubles[slot] = value.doubles();
      case INT, BOOL -> frame.longs[slot] = value.longs();
    }
  }

  /**
   * Gives every buffer its place, and makes the steps.
   *
   * @param dims all open dimensions
   * @param workers who share the work of each step
   * @param times how often a run of the session runs the program with these sizes
   */
  void settle(Map<String, Long> dims, Workers workers, int times) {
    this.dims = dims;
    this.workers = workers;
    var open = program.signature().open();
    for (int d = 0; d < open.size(); d++) {
      frame.dims[d] = Math.toIntExact(dims.get(open.get(d)));
    }
    place();
    wanted = 0;
    kernels = 0;
    fixed.clear();
    products.clear();
    sharedProducts.clear();
    terms.clear();
    rounds = times;
    var each = new ArrayList<Runnable>();
    for (var step : program.steps()) {
      // What a fixed step needs comes before it.
      (step instanceof Step.Fixed ? fixed : each).add(work(step, each));
    }
    work = each.toArray(Runnable[]::new);
    if (packed.length() < wanted) {
      packed = Reals.of(program.real(), wanted);
    }
    if (Lanes.areVectors()) {
      warmUp();
    }
  }

  /** Has code compiled that the first runs would wait for: tiles, and all else that trains. */
  private void warmUp() {
    var parts = new ArrayList<>(WarmTiles.parts(program.tiles(), program.real(), terms));
    // What predicts may do so once, and is done before its other kernels were compiled.
    if (!program.signature().updated().isEmpty()) {
      var reals = program.real() == ElementType.F32 ? Reals.of(floats) : Reals.of(doubles);
      var kernels = new WarmKernels(program, dims, frame, reals, longs, this::size);
      kernels.add(program.steps());
      products.forEach(kernels::add);
      sharedProducts.forEach(kernels::add);
      parts.addAll(kernels.parts());
    }
    WarmUp.run(parts);
  }

  boolean hasFixed() {
    return !fixed.isEmpty();
  }

  /** Does what depends on parameters alone. */
  void fix() {
    for (var each : fixed) {
      each.run();
    }
  }

  /** Does everything else. */
  void run() {
    for (var each : work) {
      each.run();
    }
  }

  /**
   * A step that is ready to run.
   *
   * @param before takes what the loop around it does once
   */
  private Runnable work(Step step, List<Runnable> before) {
    return switch (step) {
      case Step.Fixed(var once) -> work(once, fixed);
      case Step.Nest nest -> timed(nest(nest));
      case Step.Product product -> timed(product(product, before));
      case Step.RowBlocks blocks -> timed(blocks(blocks));
      case Step.Loop loop -> loop(loop);
    };
  }

  private Runnable loop(Step.Loop step) {
    int index = program.signature().open().size() + step.number();
    if (SharedLoop.fits(step, dims, workers.count())) {
      return sharedLoop(step, index);
    }
    int times = Math.toIntExact(step.rounds().evaluate(dims));
    var once = new ArrayList<Runnable>();
    long around = rounds;
    rounds *= times;
    var each = step.body().stream().map(s -> work(s, once)).toList();
    rounds = around;
    return new Loop(frame.dims, index, times, step.backwards(), once, each);
  }

  private Runnable sharedLoop(Step.Loop step, int index) {
    var loop =
        new SharedLoop(
            step, program, frame, frames(), forms, workers, dims, index, this::isNext, this::timed);
    loop.countTerms(terms, rounds);
    sharedProducts.addAll(loop.products());
    return loop;
  }

  /** The next step that is timed is a product. */
  private void isNext(Product product) {
    times.ifPresent(t -> t.isProduct(kernels, product.shape(), product.form()));
  }

  private Runnable timed(Runnable kernel) {
    int number = kernels++;
    return times
        .<Runnable>map(
            clock ->
                () -> {
                  long start = clock.now();
                  kernel.run();
                  clock.add(number, clock.now() - start);
                })
        .orElse(kernel);
  }

  private Runnable nest(Step.Nest step) {
    var code = program.kernel(step.code());
    int[] slots = step.code().slots();
    int all = Math.toIntExact(step.items().evaluate(dims));
    long nanos = Math.max(1, step.nanos().evaluate(dims));
    int each =
        Math.toIntExact(Math.max(Math.ceilDiv(CHUNK_NANOS, nanos), Math.ceilDiv(all, MOST_CHUNKS)));
    if (each >= all) {
      return () -> code.run(frame, slots, 0, all);
    }
    Workers.Job job = i -> code.run(frame, slots, i * each, Math.min(all, (i + 1) * each));
    int chunks = Math.ceilDiv(all, each);
    return () -> workers.run(chunks, job);
  }

  private Runnable product(Step.Product step, List<Runnable> before) {
    int batch = Math.toIntExact(step.batch().evaluate(dims));
    int rows = Math.toIntExact(step.rows().evaluate(dims));
    int columns = Math.toIntExact(step.columns().evaluate(dims));
    int depth = Math.toIntExact(step.depth().evaluate(dims));
    var fixedBy = first.map(f -> f.products.get(products.size()));
    var product =
        new Product(
            step, program, frame, forms, workers.count(), batch, rows, columns, depth, 0, fixedBy);
    products.add(product);
    product.countTerms(terms, rounds);
    isNext(product);
    wanted = Math.max(wanted, product.sharedLength());
    switch (product.kept()) {
      case NOT -> {}
      case IN_LOOP -> before.add(() -> product.keep(workers));
      case FIXED -> fixed.add(() -> product.keep(workers));
    }
    return () -> product.run(workers, packed);
  }

  private Runnable blocks(Step.RowBlocks step) {
    var open = program.signature().open().size();
    var blocks = new RowBlocks(step, program, frame, frames(), forms, workers.count(), dims, open);
    blocks.countTerms(terms, rounds);
    int line = Reals.line(program.real());
    wanted = Math.max(wanted, line + blocks.sharedLength());
    return () -> blocks.run(workers, packed, line);
  }

  private List<Frame> frames() {
    while (frames.size() < workers.count()) {
      frames.add(new Frame(frame.offsets.length, frame.dims.length));
    }
    return frames;
  }

  private void place() {
    var slots = program.slots();
    var reals = new ArrayList<Arena.Life>();
    var ints = new ArrayList<Arena.Life>();
    for (int slot = 0; slot < slots.size(); slot++) {
      var it = slots.get(slot);
      if (it.home() instanceof Slot.Home.Arena(var from, var to, var isFixed)) {
        if (isFixed && first.isPresent()) {
          frame.read(slot, first.get().frame);
          continue;
        }
        var life = new Arena.Life(slot, size(it), from, to);
        switch (it.type()) {
          case F32, F64 -> reals.add(life);
          case INT, BOOL -> ints.add(life);
        }
      }
    }
    if (program.real() == ElementType.F32) {
      int bytes = Float.BYTES;
      int length = place(reals, Reals.line(program.real()), Reals.LINE / bytes);
      floats = floats.length < length ? new float[length] : floats;
    } else {
      int bytes = Double.BYTES;
      int length = place(reals, Reals.line(program.real()), Reals.LINE / bytes);
      doubles = doubles.length < length ? new double[length] : doubles;
    }
    int length = place(ints, 0, Reals.LINE / Long.BYTES);
    longs = longs.length < length ? new long[length] : longs;
    for (var life : reals) {
      frame.floats[life.slot()] = floats;
      frame.doubles[life.slot()] = doubles;
    }
    for (var life : ints) {
      frame.longs[life.slot()] = longs;
    }
  }

  /** Sets the offsets, and gives the length of the array. */
  private int place(List<Arena.Life> lives, int start, int line) {
    var offsets = new long[program.slots().size()];
    long length = Arena.place(lives, offsets, start, line);
    lives.forEach(life -> frame.offsets[life.slot()] = Math.toIntExact(offsets[life.slot()]));
    return Math.toIntExact(length);
  }

  /** How many elements a tensor has here. */
  int size(Slot slot) {
    long size = 1;
    for (var extent : slot.shape()) {
      size = Math.multiplyExact(size, extent.evaluate(dims));
    }
    return Math.toIntExact(size);
  }
}
