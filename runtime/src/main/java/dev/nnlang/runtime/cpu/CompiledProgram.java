package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.program.Carry;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.program.Signature;
import dev.nnlang.runtime.program.Slot;
import dev.nnlang.runtime.tensor.ElementType;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A program as bytecode with its tables; its classes are hidden, and die with it. */
public final class CompiledProgram implements Executable {
  private static final Map<ByteBuffer, TileCode> TILES = new ConcurrentHashMap<>();

  private final Signature signature;
  private final ElementType real;
  private final List<Slot> slots;
  private final List<Step> steps;
  private final List<Carry> carries;
  private final Map<String, Integer> outputs;
  private final List<KernelCode> code;
  private final TileCode tiles;

  /**
   * @param real how reals are stored
   * @param slots every tensor that is not local to one kernel
   * @param steps the kernels, in the order in which they run
   * @param carries the updates that are not made in place
   * @param outputs the slot of each output, by its name
   * @param classes class files in this package that implement {@link KernelCode}
   * @param tiles a class file in this package that implements {@link TileCode}; programs that have
   *     the same one share the class, and with it what HotSpot made of it
   */
  public CompiledProgram(
      Signature signature,
      ElementType real,
      List<Slot> slots,
      List<Step> steps,
      List<Carry> carries,
      Map<String, Integer> outputs,
      List<byte[]> classes,
      byte[] tiles) {
    this.signature = signature;
    this.real = real;
    this.slots = List.copyOf(slots);
    this.steps = List.copyOf(steps);
    this.carries = List.copyOf(carries);
    this.outputs = Map.copyOf(outputs);
    this.code = classes.stream().map(bytes -> load(bytes, KernelCode.class)).toList();
    this.tiles =
        TILES.computeIfAbsent(ByteBuffer.wrap(tiles), bytes -> load(bytes.array(), TileCode.class));
  }

  private static <T> T load(byte[] bytes, Class<T> what) {
    try {
      var type = MethodHandles.lookup().defineHiddenClass(bytes, true).lookupClass();
      return what.cast(type.getDeclaredConstructor().newInstance());
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("a generated class cannot be loaded", e);
    }
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public Session open(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads);
    }
    return new CpuSession(this, threads, Optional.empty());
  }

  /** The same program; its sessions add up in {@code times} how long each kernel ran. */
  public Executable timed(KernelTimes times) {
    return new Executable() {
      @Override
      public Signature signature() {
        return signature;
      }

      @Override
      public Session open(int threads) {
        return new CpuSession(CompiledProgram.this, threads, Optional.of(times));
      }
    };
  }

  ElementType real() {
    return real;
  }

  List<Slot> slots() {
    return slots;
  }

  List<Step> steps() {
    return steps;
  }

  List<Carry> carries() {
    return carries;
  }

  int output(String name) {
    var slot = outputs.get(name);
    if (slot == null) {
      throw new IllegalArgumentException("no output " + name);
    }
    return slot;
  }

  TileCode tiles() {
    return tiles;
  }

  KernelCode code(int index) {
    return code.get(index);
  }
}
