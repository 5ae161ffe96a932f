package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.program.Extent;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Buffers and bindings of one compiled program. */
final class CpuSession implements Session {
  /**
   * A chunk should be worth waking a thread for (performance.md B5: 2.5 us), and there should be
   * enough of them to balance. Both are numbers of the program, not of the machine's load.
   */
  private static final long CHUNK_NANOS = 10_000;

  private static final int MOST_CHUNKS = 64;

  /** The first float after a 16-byte array header that lies on a 64-byte line. */
  private static final int LINE = 64;

  private static final int HEADER = 16;

  private final CompiledProgram program;
  private final Frame frame;
  private final Workers workers;
  private final Map<String, Tensor> bound = new HashMap<>();
  private final Map<String, Long> stated = new HashMap<>();
  private final Runnable[] work;
  private final Optional<KernelTimes> times;
  private Map<String, Long> dims = Map.of();
  private boolean current;
  private float[] floats = {};
  private double[] doubles = {};
  private long[] longs = {};
  private float[] packedFloats = {};
  private double[] packedDoubles = {};

  CpuSession(CompiledProgram program, int threads, Optional<KernelTimes> times) {
    this.program = program;
    this.frame = new Frame(program.slots().size(), program.signature().open().size());
    this.workers = new Workers(threads);
    this.work = new Runnable[program.steps().size()];
    this.times = times;
    times.ifPresent(t -> t.expect(program.steps()));
  }

  @Override
  public void bind(String input, Tensor value) {
    if (!program.signature().hasInput(input)) {
      throw new IllegalArgumentException("no input " + input);
    }
    var port = program.signature().input(input);
    if (value.type() != port.type()) {
      throw new IllegalArgumentException(input + " wants " + port.type() + ", not " + value.type());
    }
    if (value.rank() != port.shape().size()) {
      throw new IllegalArgumentException(input + " wants shape " + port.shape() + ", not " + value);
    }
    var before = bound.put(input, value);
    if (before == null || !Arrays.equals(before.shape(), value.shape())) {
      current = false;
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
    if (!Long.valueOf(size).equals(stated.put(name, size))) {
      current = false;
    }
  }

  @Override
  public void run() {
    if (!current) {
      settle();
      current = true;
    }
    if (times.isPresent()) {
      runTimed(times.get());
    } else {
      for (var each : work) {
        each.run();
      }
    }
    for (var carry : program.carries()) {
      carry(carry);
    }
  }

  private void runTimed(KernelTimes clock) {
    for (int s = 0; s < work.length; s++) {
      long start = clock.now();
      work[s].run();
      clock.add(s, clock.now() - start);
    }
    clock.ran();
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
    dims = new TreeMap<>(stated);
    for (var port : program.signature().inputs()) {
      var value = bound.get(port.name());
      if (value == null) {
        throw new IllegalArgumentException("nothing is bound to " + port.name());
      }
      int[] shape = value.shape();
      for (int d = 0; d < shape.length; d++) {
        if (port.shape().get(d) instanceof Extent.Dim(var name)) {
          var known = dims.putIfAbsent(name, (long) shape[d]);
          if (known != null && known != shape[d]) {
            throw new IllegalArgumentException(
                port.name() + " has " + name + " = " + shape[d] + ", elsewhere it is " + known);
          }
        }
      }
    }
    for (var port : program.signature().inputs()) {
      int[] wanted = port.shape(dims);
      if (!Arrays.equals(wanted, bound.get(port.name()).shape())) {
        throw new IllegalArgumentException(
            port.name()
                + " wants shape "
                + Arrays.toString(wanted)
                + ", not "
                + bound.get(port.name()));
      }
    }
    var open = program.signature().open();
    for (int d = 0; d < open.size(); d++) {
      frame.dims[d] = Math.toIntExact(dim(open.get(d)));
    }
    place();
    int packed = 0;
    for (int s = 0; s < work.length; s++) {
      switch (program.steps().get(s)) {
        case Step.Nest nest -> work[s] = nest(nest);
        case Step.Product product -> packed = Math.max(packed, product(s, product));
      }
    }
    if (program.real() == ElementType.F32) {
      packedFloats = packedFloats.length < packed ? new float[packed] : packedFloats;
    } else {
      packedDoubles = packedDoubles.length < packed ? new double[packed] : packedDoubles;
    }
  }

  private Runnable nest(Step.Nest step) {
    var code = program.code(step.code());
    int all = Math.toIntExact(step.items().evaluate(dims));
    long nanos = Math.max(1, step.nanos().evaluate(dims));
    int each =
        Math.toIntExact(Math.max(Math.ceilDiv(CHUNK_NANOS, nanos), Math.ceilDiv(all, MOST_CHUNKS)));
    if (each >= all) {
      return () -> code.run(step.kernel(), frame, 0, all);
    }
    Workers.Job job = i -> code.run(step.kernel(), frame, i * each, Math.min(all, (i + 1) * each));
    int chunks = Math.ceilDiv(all, each);
    return () -> workers.run(chunks, job);
  }

  /** Prepares a product and tells how much shared memory it wants. */
  private int product(int s, Step.Product step) {
    var code = program.code(step.code());
    int batch = Math.toIntExact(step.batch().evaluate(dims));
    int rows = Math.toIntExact(step.rows().evaluate(dims));
    int columns = Math.toIntExact(step.columns().evaluate(dims));
    int depth = Math.toIntExact(step.depth().evaluate(dims));
    if (program.real() == ElementType.F32) {
      var product = new FloatProduct(step, code, frame, batch, rows, columns, depth);
      work[s] = () -> product.run(workers, packedFloats);
      return product.sharedLength();
    }
    var product = new DoubleProduct(step, code, frame, batch, rows, columns, depth);
    work[s] = () -> product.run(workers, packedDoubles);
    return product.sharedLength();
  }

  private long dim(String name) {
    var size = dims.get(name);
    if (size == null) {
      // A dimension that nothing at the border shows is not used by any buffer, either.
      return 1;
    }
    return size;
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
      int length = Arena.place(reals, frame.offsets, (LINE - HEADER) / bytes, LINE / bytes);
      floats = floats.length < length ? new float[length] : floats;
    } else {
      int bytes = Double.BYTES;
      int length = Arena.place(reals, frame.offsets, (LINE - HEADER) / bytes, LINE / bytes);
      doubles = doubles.length < length ? new double[length] : doubles;
    }
    int length = Arena.place(ints, frame.offsets, 0, LINE / Long.BYTES);
    longs = longs.length < length ? new long[length] : longs;
    for (var life : reals) {
      frame.floats[life.slot()] = floats;
      frame.doubles[life.slot()] = doubles;
    }
    for (var life : ints) {
      frame.longs[life.slot()] = longs;
    }
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
    int from = frame.offsets[index];
    int to = from + size(slot);
    int[] shape = port.shape(dims);
    return switch (slot.type()) {
      case F32 -> Tensor.of(Arrays.copyOfRange(frame.floats[index], from, to), shape);
      case F64 -> Tensor.of(Arrays.copyOfRange(frame.doubles[index], from, to), shape);
      case INT -> Tensor.of(Arrays.copyOfRange(frame.longs[index], from, to), shape);
      case BOOL -> Tensor.ofBooleans(Arrays.copyOfRange(frame.longs[index], from, to), shape);
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
