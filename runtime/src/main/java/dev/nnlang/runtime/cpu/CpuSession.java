package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.program.Bindings;
import dev.nnlang.runtime.program.Carry;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.program.Signature;
import dev.nnlang.runtime.program.Slot;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Buffers and bindings of one compiled program. */
final class CpuSession implements MeasuredSession {
  private final CompiledProgram program;
  private final Workers workers;
  private final Bindings bindings;
  private final Optional<KernelTimes> times;
  private final ProductForms forms;

  /** The program for all examples, or for a block of them. */
  private final Prepared whole;

  private Optional<Blocks> blocks = Optional.empty();

  /** What the program reads and no run of it writes. */
  private final List<String> parameters;

  private final Tensor[] bound;

  /** The {@link Tensor#version} of each that the fixed steps were done for. */
  private final long[] versions;

  private boolean isStale = true;
  private boolean choosesAgain;

  /** What a run writes of what is bound. */
  private final Tensor[] updated;

  CpuSession(
      CompiledProgram program, int threads, Optional<KernelTimes> times, ProductForms forms) {
    this.program = program;
    this.bindings = new Bindings(program.signature());
    this.workers = new Workers(threads);
    this.times = times;
    this.forms = forms;
    this.whole = new Prepared(program, forms, times, Optional.empty());
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
        whole.set(slot, value);
        if (blocks.isPresent()) {
          blocks.get().set(slot, value);
        }
      }
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
    if (whole.hasFixed()) {
      fix();
    }
    if (blocks.isPresent()) {
      blocks.get().run(bindings);
    } else {
      whole.run();
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
    var dims = bindings.dims();
    double all = program.steps().stream().mapToDouble(step -> step.operations(dims)).sum();
    return (long) Math.min(Long.MAX_VALUE, all);
  }

  /** Does again what depends on parameters alone, if one is not what it was. */
  private void fix() {
    for (int p = 0; p < bound.length; p++) {
      isStale |= bound[p].version() != versions[p];
      versions[p] = bound[p].version();
    }
    if (isStale) {
      whole.fix();
      isStale = false;
    }
  }

  private void carry(Carry carry) {
    var frame = whole.frame();
    var slot = program.slots().get(carry.state());
    int size = whole.size(slot);
    int from = frame.offsets[carry.next()];
    System.arraycopy(
        frame.array(slot.type(), carry.next()),
        from,
        frame.array(slot.type(), carry.state()),
        0,
        size);
  }

  /** Finds the open dimensions, checks all shapes, and makes the program ready for them. */
  private void settle() {
    var dims = new TreeMap<>(bindings.settle());
    int count = split(dims);
    blocks = Optional.empty();
    isStale = true;
    if (count == 1) {
      whole.settle(dims, workers, 1);
      return;
    }
    var dim = program.blocks().orElseThrow().dim();
    blocks = Optional.of(new Blocks(program, whole, forms, times, workers, dim, count, dims));
  }

  /** Makes the examples those of a block; how many blocks there are. */
  private int split(Map<String, Long> dims) {
    if (program.blocks().isEmpty()) {
      return 1;
    }
    var size = program.blocks().get();
    int all = Math.toIntExact(dims.get(size.dim()));
    int each = all == 0 ? 0 : size.of(all, workers.count());
    dims.put(size.dim(), (long) each);
    return all == each ? 1 : all / each;
  }

  @Override
  public Tensor output(String name) {
    Port port = program.signature().output(name);
    int index = program.output(name);
    var slot = program.slots().get(index);
    int[] shape = port.shape(bindings.dims());
    var frame = whole.frame();
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
    return program.signature().name() + List.copyOf(bindings.dims().entrySet());
  }
}
