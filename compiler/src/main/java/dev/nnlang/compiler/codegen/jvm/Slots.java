package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Plan;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.runtime.cpu.Slot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The numbers of a plan's tensors and open dimensions, and where each tensor lives. */
final class Slots {
  private static final String REALS = "real arena";
  private static final String INTS = "int arena";

  private final List<Tensor> tensors = new ArrayList<>();
  private final Map<Tensor, Integer> numbers = new HashMap<>();
  private final Map<Tensor, Object> homes = new HashMap<>();
  private final Map<String, Integer> dims = new HashMap<>();
  private final Plan plan;
  private final Precision precision;

  Slots(Plan plan, Precision precision) {
    this.plan = plan;
    this.precision = precision;
    for (var dim : plan.program().open()) {
      dims.put(dim.name(), dims.size());
    }
    plan.program().inputs().forEach(i -> add(i.tensor(), i.tensor().name()));
    plan.lives().keySet().forEach(t -> add(t, t.type() == Type.REAL ? REALS : INTS));
    plan.inPlace().forEach((next, state) -> alias(next, state));
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

  boolean has(Tensor tensor) {
    return numbers.containsKey(tensor);
  }

  Nodes nodes() {
    return plan.program().nodes();
  }

  int of(Tensor tensor) {
    var number = numbers.get(tensor);
    if (number == null) {
      throw new CompilerBug("no slot for " + tensor.name());
    }
    return number;
  }

  /** Equal for tensors that lie in one array. */
  Object home(Tensor tensor) {
    return homes.get(tensor);
  }

  boolean inArena(Tensor tensor) {
    return plan.lives().containsKey(tensor);
  }

  int dim(String name) {
    var number = dims.get(name);
    if (number == null) {
      throw new CompilerBug("no open dimension " + name);
    }
    return number;
  }

  List<String> open() {
    return plan.program().open().stream().map(Atom.Dim::name).toList();
  }

  List<Slot> table() {
    var table = new ArrayList<Slot>();
    for (var tensor : tensors) {
      var life = plan.lives().get(tensor);
      table.add(
          new Slot(
              tensor.name(),
              Extents.element(tensor.type(), precision),
              Extents.shape(tensor),
              life == null
                  ? new Slot.Home.Bound(tensor.name())
                  : new Slot.Home.Arena(life.first(), life.last())));
    }
    return table;
  }
}
