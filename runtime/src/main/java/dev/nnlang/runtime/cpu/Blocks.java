package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.program.Bindings;
import dev.nnlang.runtime.program.Extent;
import dev.nnlang.runtime.program.Slot;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A run that takes a few examples at a time: copies their inputs to where kernels read them, and
 * their results to where somebody asks for them.
 *
 * <p>Each thread has memory of its own and takes the next block when it is done with one, so
 * threads meet once a run and not at every kernel, and what a kernel has written is in the cache of
 * the core that reads it.
 */
final class Blocks {
  /** An input of which a block is copied. */
  private record Input(int slot, String name, ElementType type, int length) {}

  /** A result, whole. */
  private record Result(int slot, ElementType type, Object all, int length) {}

  /** One thread's place of work: the program, ready for a block, and a block of each input. */
  private record Bench(Prepared program, Object[] inputs) {}

  private final int count;
  private final Workers workers;
  private final List<Input> inputs = new ArrayList<>();
  private final Map<Integer, Result> results = new TreeMap<>();
  private final Bench[] benches;
  private final AtomicInteger next = new AtomicInteger();
  private final Workers.Job job = this::work;
  private Bindings bindings;

  /**
   * Makes the memory, and the program ready as often as threads can use it.
   *
   * @param whole the program's first place, which has all that is bound
   * @param dim of the examples
   * @param count of blocks
   * @param dims the sizes of one block
   */
  Blocks(
      CompiledProgram program,
      Prepared whole,
      ProductForms forms,
      Optional<KernelTimes> times,
      Workers workers,
      String dim,
      int count,
      Map<String, Long> dims) {
    this.count = count;
    this.workers = workers;
    // In each place one thread does all the work; with other places to work at, nobody waits.
    int places = count < workers.count() ? 1 : workers.count();
    var alone = places == 1 ? workers : new Workers(1);
    whole.settle(dims, alone, count);
    var slots = program.slots();
    for (int slot = 0; slot < slots.size(); slot++) {
      var it = slots.get(slot);
      if (it.home() instanceof Slot.Home.Bound(var input)
          && !it.shape().isEmpty()
          && it.shape().getFirst().equals(new Extent.Dim(dim))) {
        inputs.add(new Input(slot, input, it.type(), whole.size(it)));
      }
    }
    for (int slot : program.results()) {
      var it = slots.get(slot);
      int length = whole.size(it);
      var all = memory(it.type(), Math.multiplyExact(count, length));
      results.put(slot, new Result(slot, it.type(), all, length));
    }
    benches = new Bench[places];
    for (int place = 0; place < places; place++) {
      var here = whole;
      if (place > 0) {
        here = new Prepared(program, forms, times, Optional.of(whole));
        for (int slot = 0; slot < slots.size(); slot++) {
          if (slots.get(slot).home() instanceof Slot.Home.Bound) {
            here.frame().read(slot, whole.frame());
          }
        }
        here.settle(dims, alone, count);
      }
      var own = inputs.stream().map(i -> memory(i.type(), i.length())).toArray();
      benches[place] = new Bench(here, own);
    }
  }

  private static Object memory(ElementType type, int length) {
    return switch (type) {
      case F32 -> new float[length];
      case F64 -> new double[length];
      case INT, BOOL -> new long[length];
    };
  }

  /** Lets kernels read an input here, wherever they work. */
  void set(int slot, Tensor value) {
    for (var bench : benches) {
      bench.program().set(slot, value);
    }
  }

  /** Does the work of all blocks. */
  void run(Bindings bindings) {
    this.bindings = bindings;
    next.set(0);
    workers.run(benches.length, job);
  }

  private void work(int place) {
    var bench = benches[place];
    for (int block = next.getAndIncrement(); block < count; block = next.getAndIncrement()) {
      for (int i = 0; i < inputs.size(); i++) {
        copyIn(inputs.get(i), bench, bench.inputs()[i], block);
      }
      bench.program().run();
      var frame = bench.program().frame();
      for (var result : results.values()) {
        var from = frame.array(result.type(), result.slot());
        int to = block * result.length();
        System.arraycopy(from, frame.offsets[result.slot()], result.all(), to, result.length());
      }
    }
  }

  private void copyIn(Input input, Bench bench, Object own, int block) {
    var all = bindings.get(input.name());
    var frame = bench.program().frame();
    var from =
        switch (input.type()) {
          case F32 -> all.floats();
          case F64 -> all.doubles();
          case INT, BOOL -> all.longs();
        };
    System.arraycopy(from, block * input.length(), own, 0, input.length());
    switch (input.type()) {
      case F32 -> frame.floats[input.slot()] = (float[]) own;
      case F64 -> frame.doubles[input.slot()] = (double[]) own;
      case INT, BOOL -> frame.longs[input.slot()] = (long[]) own;
    }
  }

  /** The array of a result, all examples of the last run. */
  Object result(int slot) {
    return results.get(slot).all();
  }
}
