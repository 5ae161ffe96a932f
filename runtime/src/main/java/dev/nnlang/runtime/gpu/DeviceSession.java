package dev.nnlang.runtime.gpu;

import dev.nnlang.runtime.gpu.Device.Argument;
import dev.nnlang.runtime.program.Arena;
import dev.nnlang.runtime.program.Bindings;
import dev.nnlang.runtime.program.IndexOutside;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.program.Slot;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Buffers and bindings of a program on a device. What outlives a run is {@link Resident}; batches
 * and scalars are copied to the device before each run, and outputs from it when they are asked
 * for. Sessions of one device, each with a thread of its own, take turns by its monitor.
 */
final class DeviceSession implements Session {
  private static final int REPORT_WORDS = 3;

  /** A piece of work, and what it is for. */
  private record Launched(LaunchTimes.Key what, Device.Work work) {}

  private final DeviceProgram program;
  private final Optional<LaunchTimes> times;
  private final Device device;
  private final Bindings bindings;
  private final Map<String, Resident> residents = new HashMap<>();
  private final Map<String, Device.Memory> own = new HashMap<>();
  private final Map<String, Long> scalars = new HashMap<>();
  private final Device.Memory[] memory;
  private final List<Device.Memory> parts = new ArrayList<>();
  private final List<Launched> work = new ArrayList<>();
  private final Map<Integer, Integer> rounds = new HashMap<>();
  private final long[] report = new long[REPORT_WORDS];
  private Device.Memory arena;
  private Device.Memory scratch;
  private Device.Memory reports;
  private Map<String, Long> dims = Map.of();
  private Device.Work step;
  private boolean placed;

  /**
   * @param times what each launch takes is added to; none may then overlap with another
   */
  DeviceSession(DeviceProgram program, Optional<LaunchTimes> times) {
    this.program = program;
    this.times = times;
    this.device = program.device();
    this.bindings = new Bindings(program.signature());
    this.memory = new Device.Memory[program.slots().size()];
  }

  @Override
  public void bind(String input, Tensor value) {
    var before = bindings.get(input);
    var port = bindings.bind(input, value);
    if (before != value && stays(port)) {
      placed = false;
      synchronized (device) {
        var resident = residents.put(input, Resident.of(value, device));
        if (resident != null) {
          resident.release();
        }
      }
    }
  }

  /** Whether an input's tensor lives on the device: what outlives a run, or is changed by it. */
  private boolean stays(Port port) {
    return switch (port.role()) {
      case SOURCE, PARAMETER, FROZEN, STATE, OPTIMIZER -> true;
      case DATA, SCALAR, OUTPUT -> program.signature().updated().contains(port.name());
    };
  }

  @Override
  public void dimension(String name, long size) {
    bindings.dimension(name, size);
  }

  @Override
  public void run() {
    synchronized (device) {
      runAlone();
    }
  }

  private void runAlone() {
    if (!placed || !bindings.isSettled()) {
      place();
    }
    residents.values().forEach(Resident::beforeRun);
    own.forEach(this::give);
    if (times.isPresent()) {
      timed(times.get());
    } else {
      step.enqueue();
    }
    program.signature().updated().forEach(name -> residents.get(name).changed());
    if (reports != null) {
      checkIndices();
    }
  }

  /** A whole run, once all is in place. */
  private void all() {
    work.forEach(each -> each.work.enqueue());
    carry();
  }

  /** The same, one launch after the other. */
  private void timed(LaunchTimes times) {
    device.finish();
    for (var each : work) {
      long start = System.nanoTime();
      each.work.enqueue();
      device.finish();
      times.add(each.what, System.nanoTime() - start);
    }
    carry();
    times.ran();
  }

  private void carry() {
    for (var carry : program.carries()) {
      var slot = program.slots().get(carry.state());
      if (bytes(slot) > 0) {
        device.copy(memory[carry.state()], memory[carry.next()], bytes(slot));
      }
    }
  }

  /** Copies a batch or a scalar to the device; a scalar only if it is another one. */
  private void give(String input, Device.Memory to) {
    var value = bindings.get(input);
    if (value.rank() == 0 && value.type() == ElementType.INT) {
      var scalar = value.longs()[0];
      if (Long.valueOf(scalar).equals(scalars.put(input, scalar))) {
        return;
      }
    }
    if (value.size() > 0) {
      device.upload(to, Transfers.segment(value));
    }
  }

  private void checkIndices() {
    device.download(MemorySegment.ofArray(report), reports);
    // The first word is an int, for the sake of an atomic exchange.
    int which = (int) report[0];
    if (which != 0) {
      clearReports();
      throw new IndexOutside(program.gathered().get(which - 1), report[1], report[2]);
    }
  }

  private void clearReports() {
    device.upload(reports, MemorySegment.ofArray(new long[REPORT_WORDS]));
  }

  // Places.

  private void place() {
    dims = bindings.settle();
    placed = false;
    forget();
    new Counts(device.info(), dims).check(program.slots(), program.commands());
    var kernels = program.kernels();
    placeInputs();
    placeArena();
    scratch = atLeast(scratch, mostScratch(program.commands()));
    if (reports == null && !program.gathered().isEmpty()) {
      reports = device.allocate((long) REPORT_WORDS * Long.BYTES);
      clearReports();
    }
    place(program.commands(), kernels);
    if (times.isEmpty()) {
      step = device.recorded(this::all);
    }
    placed = true;
  }

  /** What was asked for with memory that is no longer the right one. */
  private void forget() {
    if (step != null) {
      step.close();
      step = null;
    }
    work.forEach(each -> each.work.close());
    work.clear();
    parts.forEach(Device.Memory::close);
    parts.clear();
  }

  private long mostScratch(List<Command> commands) {
    long most = 0;
    for (var command : commands) {
      most =
          Math.max(
              most,
              switch (command) {
                case Launch launch -> launch.scratch().evaluate(dims);
                case Product product ->
                    Math.max(
                        product.scratch().evaluate(dims),
                        mostScratch(List.copyOf(product.otherwise())));
                case Command.Loop loop -> mostScratch(loop.body());
              });
    }
    return most;
  }

  /** A loop is written out: each round has work of its own. */
  private void place(List<Command> commands, Device.Kernels kernels) {
    for (var command : commands) {
      switch (command) {
        case Launch launch -> {
          long groups = launch.groups().evaluate(dims);
          if (groups > 0) {
            var made =
                kernels.work(
                    launch.kernel(),
                    groups,
                    launch.width(),
                    launch.height(),
                    launch.arguments().stream().map(this::argument).toList());
            work.add(new Launched(new LaunchTimes.Key(launch.what(), launch.kernel()), made));
          }
        }
        case Product product -> place(product, kernels);
        case Command.Loop(var number, var extent, var backwards, var body) -> {
          int count = Math.toIntExact(extent.evaluate(dims));
          for (int round = 0; round < count; round++) {
            rounds.put(number, backwards ? count - 1 - round : round);
            place(body, kernels);
          }
        }
      }
    }
  }

  /** By the driver's library, if that takes it. */
  private void place(Product product, Device.Kernels kernels) {
    var asked = asked(product);
    var taken = asked.flatMap(a -> device.products().flatMap(library -> library.work(a)));
    taken.ifPresent(
        made ->
            work.add(new Launched(new LaunchTimes.Key(product.what(), LaunchTimes.LIBRARY), made)));
    place(List.copyOf(taken.isPresent() ? product.behind() : product.otherwise()), kernels);
  }

  /** With its sizes; empty if there is nothing to multiply. */
  private Optional<Products.Asked> asked(Product product) {
    var sizes =
        Stream.of(product.rows(), product.columns(), product.terms(), product.batch())
            .map(size -> Math.toIntExact(size.evaluate(dims)))
            .toList();
    if (sizes.contains(0)) {
      return Optional.empty();
    }
    var bias = product.bias();
    return Optional.of(
        new Products.Asked(
            sizes.get(0),
            sizes.get(1),
            sizes.get(2),
            sizes.get(3),
            placed(product.left()),
            placed(product.right()),
            placed(product.result()),
            bias.isPresent() ? Optional.of(memory[bias.getAsInt()]) : Optional.empty(),
            product.atLeastZero(),
            product.real(),
            product.rounding()));
  }

  private Products.Placed placed(Product.Matrix matrix) {
    return new Products.Placed(
        matrix.slot().isPresent() ? memory[matrix.slot().getAsInt()] : scratch,
        matrix.turned(),
        matrix.line().evaluate(dims),
        matrix.next().evaluate(dims));
  }

  private void placeInputs() {
    for (int s = 0; s < memory.length; s++) {
      var slot = program.slots().get(s);
      if (slot.home() instanceof Slot.Home.Bound(var input)) {
        var resident = residents.get(input);
        if (resident == null) {
          var before = own.get(input);
          var after = atLeast(before, Math.max(1, bytes(slot)));
          if (before != after) {
            own.put(input, after);
            scalars.remove(input);
          }
        }
        memory[s] = resident == null ? own.get(input) : resident.memory();
      }
    }
  }

  private void placeArena() {
    var lives = new ArrayList<Arena.Life>();
    for (int s = 0; s < memory.length; s++) {
      var slot = program.slots().get(s);
      if (slot.home() instanceof Slot.Home.Arena(var first, var last, _)) {
        lives.add(new Arena.Life(s, Math.max(1, bytes(slot)), first, last));
      }
    }
    var offsets = new long[memory.length];
    arena = atLeast(arena, Arena.place(lives, offsets, 0, Device.ALIGNMENT));
    for (var life : lives) {
      memory[life.slot()] = arena.part(offsets[life.slot()], life.size());
      parts.add(memory[life.slot()]);
    }
  }

  private Device.Memory atLeast(Device.Memory before, long bytes) {
    if (bytes == 0 || before != null && before.bytes() >= bytes) {
      return before;
    }
    if (before != null) {
      before.close();
    }
    return device.allocate(bytes);
  }

  private Argument argument(Launch.Given given) {
    return switch (given) {
      case Launch.Given.Tensor(var slot) -> new Argument.Buffer(memory[slot]);
      case Launch.Given.Size(var size) -> new Argument.Number(Math.toIntExact(size.evaluate(dims)));
      case Launch.Given.Round(var loop) -> new Argument.Number(rounds.get(loop));
      case Launch.Given.Report() -> new Argument.Buffer(reports);
      case Launch.Given.Scratch() -> new Argument.Buffer(scratch);
    };
  }

  private long bytes(Slot slot) {
    long size = Transfers.bytes(slot.type());
    for (var extent : slot.shape()) {
      size = Math.multiplyExact(size, extent.evaluate(dims));
    }
    return size;
  }

  @Override
  public Tensor output(String name) {
    var port = program.signature().output(name);
    var value = Tensor.zeros(port.type(), port.shape(dims));
    if (value.size() > 0) {
      synchronized (device) {
        device.download(Transfers.segment(value), memory[program.output(name)]);
      }
    }
    return value;
  }

  @Override
  public void close() {
    synchronized (device) {
      giveBack();
    }
  }

  private void giveBack() {
    device.finish();
    forget();
    residents.values().forEach(Resident::release);
    residents.clear();
    own.values().forEach(Device.Memory::close);
    own.clear();
    for (var each : new Device.Memory[] {arena, scratch, reports}) {
      if (each != null) {
        each.close();
      }
    }
    arena = null;
    scratch = null;
    reports = null;
  }
}
