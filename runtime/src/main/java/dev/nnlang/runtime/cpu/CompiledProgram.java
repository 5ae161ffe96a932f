package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.program.Carry;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.program.Signature;
import dev.nnlang.runtime.program.Slot;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program as bytecode with its tables; its classes are hidden, and die with it. It may have a
 * second form, which is faster for many examples.
 */
public final class CompiledProgram implements Executable {
  private final Parts parts;
  private final Optional<CompiledProgram> forMany;

  // A class is loaded when it is first asked for: who compiles a program may not run it, and of the
  // movers that a product could have it takes a few. Two threads may load one at the same time:
  // they get one object, which has no state.
  private final KernelCode[] kernels;
  private final MoverCode[] movers;
  private TileCode tiles;

  /**
   * What a program is made of: it can be written down, and is the same program when it is read.
   *
   * @param real how reals are stored
   * @param slots every tensor that is not local to one kernel
   * @param steps the kernels, in the order in which they run
   * @param carries the updates that are not made in place
   * @param outputs the slot of each output, by its name
   * @param blocks how examples are taken that do not depend on each other
   * @param kernels class files in this package that implement {@link KernelCode}
   * @param movers class files in this package that implement {@link MoverCode}
   * @param tiles a class file in this package that implements {@link TileCode}
   * @param many the form for many examples, if they have one of their own
   */
  public record Parts(
      Signature signature,
      ElementType real,
      List<Slot> slots,
      List<Step> steps,
      List<Carry> carries,
      Map<String, Integer> outputs,
      Optional<BlockSize> blocks,
      List<byte[]> kernels,
      List<byte[]> movers,
      byte[] tiles,
      Optional<Many> many) {
    public Parts {
      slots = List.copyOf(slots);
      steps = List.copyOf(steps);
      carries = List.copyOf(carries);
      outputs = Map.copyOf(outputs);
      kernels = List.copyOf(kernels);
      movers = List.copyOf(movers);
    }

    /** The same with a form for many examples. */
    public Parts with(Many form) {
      return new Parts(
          signature,
          real,
          slots,
          steps,
          carries,
          outputs,
          blocks,
          kernels,
          movers,
          tiles,
          Optional.of(form));
    }
  }

  /**
   * A form for many examples. Its results are the same but for rounding.
   *
   * @param dim the open dimension that counts examples
   * @param least so many are enough
   * @param parts with the same border
   */
  public record Many(String dim, long least, Parts parts) {}

  public CompiledProgram(Parts parts) {
    this.parts = parts;
    this.forMany = parts.many().map(many -> new CompiledProgram(many.parts()));
    this.kernels = new KernelCode[parts.kernels().size()];
    this.movers = new MoverCode[parts.movers().size()];
  }

  /** What it is made of. */
  public Parts parts() {
    return parts;
  }

  @Override
  public Signature signature() {
    return parts.signature();
  }

  @Override
  public Session open(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads);
    }
    return open(threads, Optional.empty(), MeasuredForms.ofUser());
  }

  /** The same program; its sessions add up in {@code times} how long each kernel ran. */
  public Executable timed(KernelTimes times) {
    return new Executable() {
      @Override
      public Signature signature() {
        return parts.signature();
      }

      @Override
      public Session open(int threads) {
        return CompiledProgram.this.open(threads, times, MeasuredForms.ofUser());
      }
    };
  }

  /** A session that adds up how long each kernel ran, with products as somebody wants them. */
  public MeasuredSession open(int threads, KernelTimes times, ProductForms forms) {
    return open(threads, Optional.of(times), forms);
  }

  private MeasuredSession open(int threads, Optional<KernelTimes> times, ProductForms forms) {
    return parts
        .many()
        .<MeasuredSession>map(many -> new ChosenSession(this, many, threads, times, forms))
        .orElseGet(() -> new CpuSession(this, threads, times, forms));
  }

  /** The form for many examples, where there is one. */
  CompiledProgram forMany() {
    return forMany.orElseThrow();
  }

  ElementType real() {
    return parts.real();
  }

  List<Slot> slots() {
    return parts.slots();
  }

  List<Step> steps() {
    return parts.steps();
  }

  List<Carry> carries() {
    return parts.carries();
  }

  Optional<BlockSize> blocks() {
    return parts.blocks();
  }

  Collection<Integer> results() {
    return parts.outputs().values();
  }

  int output(String name) {
    var slot = parts.outputs().get(name);
    if (slot == null) {
      throw new IllegalArgumentException("no output " + name);
    }
    return slot;
  }

  TileCode tiles() {
    var loaded = tiles;
    if (loaded == null) {
      loaded = GeneratedClasses.load(parts.tiles(), TileCode.class);
      tiles = loaded;
    }
    return loaded;
  }

  KernelCode kernel(Step.Code code) {
    return loaded(kernels, parts.kernels(), code.number(), KernelCode.class);
  }

  MoverCode mover(Step.Code code) {
    return loaded(movers, parts.movers(), code.number(), MoverCode.class);
  }

  private static <T> T loaded(T[] known, List<byte[]> files, int number, Class<T> type) {
    var loaded = known[number];
    if (loaded == null) {
      loaded = GeneratedClasses.load(files.get(number), type);
      known[number] = loaded;
    }
    return loaded;
  }
}
