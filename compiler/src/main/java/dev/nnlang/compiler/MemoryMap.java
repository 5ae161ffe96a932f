package dev.nnlang.compiler;

import dev.nnlang.compiler.codegen.Slots;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.schedule.Cost;
import dev.nnlang.compiler.schedule.Plan;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.runtime.program.Arena;
import dev.nnlang.runtime.program.Slot;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where a program keeps its tensors, at given sizes and with reals of 32 bits: as the processor's
 * runtime lays them out, by the same rule.
 *
 * @param program its name
 * @param sizes of the open dimensions on which the layout depends
 * @param assumed those of them that nobody gave, and that are taken to be 1
 * @param kernels what each computes, in the order in which they run
 * @param buffers by their places
 * @param arenas bytes of each storage, the gaps between buffers included
 * @param alive for each kernel the bytes of all buffers that are alive while it runs
 * @param inPlace tensors that are written into the state that they are the next value of
 * @param given bytes of what is given to the program, by its role
 */
public record MemoryMap(
    String program,
    Map<String, Long> sizes,
    List<String> assumed,
    List<String> kernels,
    List<Buffer> buffers,
    Map<Storage, Long> arenas,
    List<Long> alive,
    Map<String, String> inPlace,
    Map<Given, Long> given) {

  /** One array for all reals, one for all integers and truth values. */
  public enum Storage {
    REALS,
    INTEGERS
  }

  /** What the outside gives to a program, and keeps itself. */
  public enum Given {
    DATA("data"),
    PARAMETERS("parameters"),
    FROZEN("frozen parameters"),
    STATES("states"),
    OPTIMIZER("the optimizer's states"),
    SETTINGS("settings");

    private final String words;

    Given(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }

    /** Nothing for data sets: their sizes are only known when they have been read. */
    private static Optional<Given> of(Program.Role role) {
      return switch (role) {
        case DATA -> Optional.of(DATA);
        case SOURCE -> Optional.empty();
        case PARAMETER -> Optional.of(PARAMETERS);
        case FROZEN -> Optional.of(FROZEN);
        case STATE -> Optional.of(STATES);
        case OPTIMIZER -> Optional.of(OPTIMIZER);
        case SCALAR -> Optional.of(SETTINGS);
      };
    }
  }

  /**
   * A tensor between the kernel that writes it and the last that reads it.
   *
   * @param at how many bytes into its arena
   * @param last may be the number of kernels, which means: until the outside has read it
   */
  public record Buffer(String name, Storage storage, long bytes, long at, int first, int last) {
    /** Whether it has memory in common with another, which then lives at another time. */
    public boolean shares(Buffer other) {
      return this != other
          && storage == other.storage
          && at < other.at + other.bytes
          && other.at < at + bytes;
    }
  }

  /** The kernel at which most is alive, or -1 if there is none. */
  public int peak() {
    int peak = -1;
    for (int k = 0; k < alive.size(); k++) {
      peak = peak < 0 || alive.get(k) > alive.get(peak) ? k : peak;
    }
    return peak;
  }

  /**
   * The map of a plan.
   *
   * @param known sizes of open dimensions
   */
  public static MemoryMap of(Plan plan, Map<String, Long> known) {
    var needed = new TreeSet<String>();
    plan.lives().keySet().forEach(t -> dims(t, needed));
    var sizes = new TreeMap<String, Long>();
    needed.forEach(name -> sizes.put(name, known.getOrDefault(name, 1L)));
    var buffers = new ArrayList<Buffer>();
    var arenas = new EnumMap<Storage, Long>(Storage.class);
    var table = new Slots(plan, ElementType.F32).table();
    for (var storage : Storage.values()) {
      var placed = place(table, storage, sizes);
      arenas.put(storage, placed.stream().mapToLong(b -> b.at() + b.bytes()).max().orElse(0));
      buffers.addAll(placed);
    }
    var alive = plan.alive().stream().map(bytes -> evaluate(bytes, sizes)).toList();
    var inPlace = new TreeMap<String, String>();
    plan.inPlace().forEach((next, state) -> inPlace.put(next.name(), state.name()));
    return new MemoryMap(
        plan.program().name(),
        Collections.unmodifiableMap(sizes),
        needed.stream().filter(name -> !known.containsKey(name)).toList(),
        plan.kernels().stream()
            .map(
                k ->
                    String.join(
                        ", ",
                        k.equations().stream().map(Equation::tensor).map(Tensor::name).toList()))
            .toList(),
        List.copyOf(buffers),
        Collections.unmodifiableMap(arenas),
        alive,
        Collections.unmodifiableMap(inPlace),
        given(plan, known));
  }

  private static void dims(Tensor tensor, TreeSet<String> into) {
    for (var extent : tensor.shape()) {
      for (var variable : extent.variables()) {
        if (variable instanceof Atom.Dim(var name)) {
          into.add(name);
        }
      }
    }
  }

  private static List<Buffer> place(List<Slot> table, Storage storage, Map<String, Long> sizes) {
    int bytes = storage == Storage.REALS ? Float.BYTES : Long.BYTES;
    var lives = new ArrayList<Arena.Life>();
    for (int slot = 0; slot < table.size(); slot++) {
      var it = table.get(slot);
      boolean isReal = it.type() == ElementType.F32;
      if (it.home() instanceof Slot.Home.Arena(var first, var last, _)
          && isReal == (storage == Storage.REALS)) {
        long size = 1;
        for (var extent : it.shape()) {
          size = Math.multiplyExact(size, extent.evaluate(sizes));
        }
        lives.add(new Arena.Life(slot, size, first, last));
      }
    }
    var offsets = new long[table.size()];
    Arena.place(lives, offsets, 0, Arena.LINE / bytes);
    return lives.stream()
        .map(
            life ->
                new Buffer(
                    table.get(life.slot()).name(),
                    storage,
                    life.size() * bytes,
                    offsets[life.slot()] * bytes,
                    life.first(),
                    life.last()))
        .sorted(Comparator.comparingLong(Buffer::at).thenComparingInt(Buffer::first))
        .toList();
  }

  private static Map<Given, Long> given(Plan plan, Map<String, Long> known) {
    var given = new EnumMap<Given, Long>(Given.class);
    for (var input : plan.program().inputs()) {
      Given.of(input.role())
          .ifPresent(
              kind -> given.merge(kind, evaluate(Cost.bytes(input.tensor()), known), Long::sum));
    }
    return Collections.unmodifiableMap(given);
  }

  private static long evaluate(Poly size, Map<String, Long> sizes) {
    return size.evaluate(
        atom -> atom instanceof Atom.Dim(var name) ? sizes.getOrDefault(name, 1L) : null);
  }
}
