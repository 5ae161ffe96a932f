package dev.nnlang.compiler.codegen;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Plan;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.runtime.program.Carry;
import dev.nnlang.runtime.program.Slot;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The numbers of a plan's tensors and open dimensions, and where each tensor lives. */
public final class Slots {
  private static final String REALS = "real arena";
  private static final String INTS = "int arena";

  /** What depends on parameters alone: those who compute blocks at once read it in one place. */
  private static final String FIXED_REALS = "fixed reals";

  private static final String FIXED_INTS = "fixed ints";

  /** Of which each thread has some rows. */
  private static final String WINDOWS = "windows of rows";

  private final List<Tensor> tensors = new ArrayList<>();
  private final Map<Tensor, Integer> numbers = new HashMap<>();
  private final Map<Tensor, Object> homes = new HashMap<>();
  private final Map<String, Integer> dims = new HashMap<>();
  private final Map<Atom.Index, Integer> times = new HashMap<>();

  /** The sites of draws, in the order in which they were asked for; behind the tensors. */
  private final Map<Long, Integer> sites = new LinkedHashMap<>();

  private final Plan plan;
  private final ElementType real;

  /**
   * @param real how reals are stored
   */
  public Slots(Plan plan, ElementType real) {
    this.plan = plan;
    this.real = real;
    for (var dim : plan.program().open()) {
      dims.put(dim.name(), dims.size());
    }
    plan.program().inputs().forEach(i -> add(i.tensor(), i.tensor().name()));
    plan.lives().keySet().forEach(t -> add(t, arena(t)));
    for (var kernel : plan.kernels()) {
      if (kernel instanceof Kernel.RowBlocks blocks) {
        blocks.windows().stream()
            .filter(t -> !blocks.inPlace().containsKey(t))
            .sorted(Comparator.comparing(Tensor::name))
            .forEach(t -> add(t, WINDOWS));
      }
    }
    plan.inPlace().forEach((next, state) -> alias(next, state));
    plan.kernels().forEach(kernel -> number(kernel, 0));
  }

  private Object arena(Tensor tensor) {
    return tensor.type() == Type.REAL
        ? plan.isFixed(tensor) ? FIXED_REALS : REALS
        : plan.isFixed(tensor) ? FIXED_INTS : INTS;
  }

  /** Loops of which none is inside the other have one number: they never run at once. */
  private void number(Kernel kernel, int depth) {
    if (kernel instanceof Kernel.RowBlocks) {
      times.put(Kernel.RowBlocks.FIRST, depth);
      times.put(Kernel.RowBlocks.END, depth + 1);
    }
    if (kernel instanceof Kernel.Recurrence loop) {
      times.put(loop.time().index(), depth);
      loop.kernels().forEach(inner -> number(inner, depth + 1));
    }
  }

  private void add(Tensor tensor, Object home) {
    numbers.put(tensor, tensors.size());
    tensors.add(tensor);
    homes.put(tensor, home);
  }

  private void alias(Tensor next, Tensor state) {
    numbers.put(next, numbers.get(state));
    homes.put(next, homes.get(state));
  }

  public boolean has(Tensor tensor) {
    return numbers.containsKey(tensor);
  }

  public Nodes nodes() {
    return plan.program().nodes();
  }

  public int of(Tensor tensor) {
    var number = numbers.get(tensor);
    if (number == null) {
      throw new CompilerBug("no slot for " + tensor.name());
    }
    return number;
  }

  /** Equal for tensors that lie in one array. */
  public Object home(Tensor tensor) {
    return homes.get(tensor);
  }

  public boolean inArena(Tensor tensor) {
    var place = plan.inPlace().getOrDefault(tensor, tensor);
    return plan.lives().containsKey(place) || homes.get(place).equals(WINDOWS);
  }

  public int dim(String name) {
    var number = dims.get(name);
    if (number == null) {
      throw new CompilerBug("no open dimension " + name);
    }
    return number;
  }

  /** The slot that holds the site of a draw. */
  public int site(long site) {
    return sites.computeIfAbsent(site, _ -> tensors.size() + sites.size());
  }

  /** The number of the time loop over an index: how many loops are around it. */
  public int time(Atom.Index index) {
    var number = times.get(index);
    if (number == null) {
      throw new CompilerBug("no time loop over " + index);
    }
    return number;
  }

  public List<String> open() {
    return plan.program().open().stream().map(Atom.Dim::name).toList();
  }

  public List<Slot> table() {
    var table = new ArrayList<Slot>();
    for (var tensor : tensors) {
      var life = plan.lives().get(tensor);
      table.add(
          new Slot(
              tensor.name(),
              Extents.element(tensor.type(), real),
              Extents.shape(tensor),
              life == null
                  ? homes.get(tensor).equals(WINDOWS)
                      ? new Slot.Home.Window()
                      : new Slot.Home.Bound(tensor.name())
                  : new Slot.Home.Arena(life.first(), life.last(), plan.isFixed(tensor))));
    }
    sites.keySet().forEach(site -> table.add(Slot.site(site)));
    return table;
  }

  /** The updates that are not made in place. */
  public List<Carry> carries() {
    var carries = new ArrayList<Carry>();
    for (var update : plan.program().updates()) {
      if (!plan.inPlace().containsKey(update.next())) {
        carries.add(new Carry(of(update.state()), of(update.next())));
      }
    }
    return carries;
  }

  /** The slot of each output, by its name. */
  public Map<String, Integer> outputs() {
    var outputs = new LinkedHashMap<String, Integer>();
    plan.program().outputs().forEach(o -> outputs.put(o.name(), of(o.tensor())));
    return outputs;
  }
}
