package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.program.Arena;
import dev.nnlang.runtime.program.Bindings;
import dev.nnlang.runtime.program.Carry;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.program.Signature;
import dev.nnlang.runtime.program.Slot;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Buffers and bindings of one compiled program. */
final class CpuSession implements MeasuredSession {
  /**
   * A chunk should be worth waking a thread for (2.5 us), and there should be enough of them to
   * balance. Both are numbers of the program, not of the machine's load.
   */
  private static final long CHUNK_NANOS = 10_000;

  private static final int MOST_CHUNKS = 64;

  private final CompiledProgram program;
  private final Frame frame;
  private final Workers workers;
  private final Bindings bindings;
  private Runnable[] work = {};
  private final Optional<KernelTimes> times;
  private final ProductForms forms;

  /** The open dimensions that kernels see: a block of examples, where those are taken in blocks. */
  private Map<String, Long> dims = Map.of();

  private Optional<Blocks> blocks = Optional.empty();
  private final Runnable whole = this::work;
  private float[] floats = {};
  private double[] doubles = {};
  private long[] longs = {};
  private Reals packed;

  /** Of the step that wants most: elements of {@link #packed}. */
  private int wanted;

  /** How many steps are ready. */
  private int kernels;

  /** What is done only if a parameter was bound or changed since the last run. */
  private final List<Runnable> fixed = new ArrayList<>();

  /** What it depends on. */
  private final List<String> parameters;

  private final Tensor[] bound;

  /** The {@link Tensor#version} of each that it was done for. */
  private final long[] versions;

  private boolean isStale = true;
  private boolean choosesAgain;

  /** What a run writes of what is bound. */
  private final Tensor[] updated;

  CpuSession(
      CompiledProgram program, int threads, Optional<KernelTimes> times, ProductForms forms) {
    this.program = program;
    this.bindings = new Bindings(program.signature());
    int dims = program.signature().open().size() + loops(program.steps());
    this.frame = new Frame(program.slots().size(), dims);
    this.workers = new Workers(threads);
    this.times = times;
    this.forms = forms;
    this.packed = Reals.of(program.real(), 0);
    this.parameters = parameters(program.signature());
    this.bound = new Tensor[parameters.size()];
    this.versions = new long[parameters.size()];
    this.updated = new Tensor[program.signature().updated().size()];
    times.ifPresent(t -> t.expect(program.steps()));
  }

  private static List<String> parameters(Signature signature) {
    var names = new ArrayList<String>();
    for (var port : signature.inputs()) {
      switch (port.role()) {
        case PARAMETER, FROZEN, STATE, OPTIMIZER -> names.add(port.name());
        case DATA, SOURCE, SCALAR, OUTPUT -> {}
      }
    }
    names.removeAll(signature.updated());
    return List.copyOf(names);
  }

  @Override
  public void bind(String input, Tensor value) {
    bindings.bind(input, value);
    int parameter = parameters.indexOf(input);
    if (parameter >= 0) {
      isStale |= bound[parameter] != value;
      bound[parameter] = value;
    }
    int state = program.signature().updated().indexOf(input);
    if (state >= 0) {
      updated[state] = value;
    }
    for (int slot = 0; slot < program.slots().size(); slot++) {
      if (program.slots().get(slot).home() instanceof Slot.Home.Bound(var name)
          && name.equals(input)) {
        set(slot, value);
      }
    }
  }

  private void set(int slot, Tensor value) {
    switch (value.type()) {
      case F32 -> frame.floats[slot] = value.floats();
      case F64 -> frame.doubles[slot] = value.doubles();
      case INT, BOOL -> frame.longs[slot] = value.longs();
    }
  }

  @Override
  public void dimension(String name, long size) {
    bindings.dimension(name, size);
  }

  @Override
  public void chooseAgain() {
    choosesAgain = true;
  }

  @Override
  public void run() {
    if (!bindings.isSettled() || choosesAgain) {
      choosesAgain = false;
      settle();
    }
    if (!fixed.isEmpty()) {
      fix();
    }
    if (blocks.isPresent()) {
      blocks.get().run(bindings, whole);
    } else {
      work();
    }
    for (var carry : program.carries()) {
      carry(carry);
    }
    for (var state : updated) {
      state.changed();
    }
    times.ifPresent(KernelTimes::ran);
  }

  @Override
  public long operations() {
    if (!bindings.isSettled()) {
      settle();
    }
    double all = program.steps().stream().mapToDouble(step -> step.operations(dims)).sum();
    return (long) Math.min(Long.MAX_VALUE, all * blocks.map(Blocks::count).orElse(1));
  }

  private void work() {
    for (var each : work) {
      each.run();
    }
  }

  /** Does again what depends on parameters alone, if one is not what it was. */
  private void fix() {
    for (int p = 0; p < bound.length; p++) {
      isStale |= bound[p].version() != versions[p];
      versions[p] = bound[p].version();
    }
    if (isStale) {
      for (var each : fixed) {
        each.run();
      }
      isStale = false;
    }
  }

  private void carry(Carry carry) {
    var slot = program.slots().get(carry.state());
    int size = size(slot);
    int from = frame.offsets[carry.next()];
    switch (slot.type()) {
      case F32 ->
          System.arraycopy(frame.floats[carry.next()], from, frame.floats[carry.state()], 0, size);
      case F64 ->
          System.arraycopy(
              frame.doubles[carry.next()], from, frame.doubles[carry.state()], 0, size);
      case INT, BOOL ->
          System.arraycopy(frame.longs[carry.next()], from, frame.longs[carry.state()], 0, size);
    }
  }

  /** Finds the open dimensions, checks all shapes, and gives every buffer its place. */
  private void settle() {
    dims = new TreeMap<>(bindings.settle());
    int count = split();
    var open = program.signature().open();
    for (int d = 0; d < open.size(); d++) {
      frame.dims[d] = Math.toIntExact(dims.get(open.get(d)));
    }
    place();
    blocks =
        count == 1
            ? Optional.empty()
            : program.blocks().map(b -> new Blocks(program, frame, b.dim(), count, this::size));
    wanted = 0;
    kernels = 0;
    fixed.clear();
    isStale = true;
    var each = new ArrayList<Runnable>();
    for (var step : program.steps()) {
      // What a fixed step needs comes before it.
      (step instanceof Step.Fixed ? fixed : each).add(work(step, each));
    }
    work = each.toArray(Runnable[]::new);
    if (packed.length() < wanted) {
      packed = Reals.of(program.real(), wanted);
    }
  }

  /** Makes the examples those of a block; how many blocks there are. */
  private int split() {
    if (program.blocks().isEmpty()) {
      return 1;
    }
    var size = program.blocks().get();
    int all = Math.toIntExact(dims.get(size.dim()));
    int each = all == 0 ? 0 : size.of(all);
    dims.put(size.dim(), (long) each);
    return all == each ? 1 : all / each;
  }

  private static int loops(List<Step> steps) {
    int count = 0;
    for (var step : steps) {
      count += step instanceof Step.Loop(_, _, _, var body) ? 1 + loops(body) : 0;
    }
    return count;
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
      case Step.Loop(var number, var extent, var backwards, var body) -> {
        int index = program.signature().open().size() + number;
        int rounds = Math.toIntExact(extent.evaluate(dims));
        var once = new ArrayList<Runnable>();
        var each = body.stream().map(s -> work(s, once)).toList();
        yield new Loop(frame.dims, index, rounds, backwards, once, each);
      }
    };
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
    var product =
        new Product(step, program, frame, forms, workers.count(), batch, rows, columns, depth);
    times.ifPresent(t -> t.isProduct(kernels, product.shape(), product.form()));
    wanted = Math.max(wanted, product.sharedLength());
    switch (product.kept()) {
      case NOT -> {}
      case IN_LOOP -> before.add(() -> product.keep(workers));
      case FIXED -> fixed.add(() -> product.keep(workers));
    }
    return () -> product.run(workers, packed);
  }

  private void place() {
    var slots = program.slots();
    var reals = new ArrayList<Arena.Life>();
    var ints = new ArrayList<Arena.Life>();
    for (int slot = 0; slot < slots.size(); slot++) {
      var it = slots.get(slot);
      if (it.home() instanceof Slot.Home.Arena(var first, var last)) {
        var life = new Arena.Life(slot, size(it), first, last);
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

  private int size(Slot slot) {
    long size = 1;
    for (var extent : slot.shape()) {
      size = Math.multiplyExact(size, extent.evaluate(dims));
    }
    return Math.toIntExact(size);
  }

  @Override
  public Tensor output(String name) {
    Port port = program.signature().output(name);
    int index = program.output(name);
    var slot = program.slots().get(index);
    int[] shape = port.shape(bindings.dims());
    var array = blocks.map(b -> b.result(index)).orElseGet(() -> frame.array(slot.type(), index));
    int from = blocks.isPresent() ? 0 : frame.offsets[index];
    int to = from + Tensor.size(shape);
    return switch (slot.type()) {
      case F32 -> Tensor.of(Arrays.copyOfRange((float[]) array, from, to), shape);
      case F64 -> Tensor.of(Arrays.copyOfRange((double[]) array, from, to), shape);
      case INT -> Tensor.of(Arrays.copyOfRange((long[]) array, from, to), shape);
      case BOOL -> Tensor.ofBooleans(Arrays.copyOfRange((long[]) array, from, to), shape);
    };
  }

  @Override
  public void close() {
    workers.close();
  }

  /** For messages. */
  @Override
  public String toString() {
    return program.signature().name() + List.copyOf(dims.entrySet());
  }
}
