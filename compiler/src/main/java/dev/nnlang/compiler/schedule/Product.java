package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.size.Atom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A contraction, and what is done with each of its elements as it is stored. */
final class Product extends Cluster {
  /** Instructions in an epilogue: it stands in the middle of a mover. */
  static final int MOST_WEIGHT = 120;

  private final Kernel.Contraction contraction;
  private final Choices choices;
  private final Outer outer;
  private final Nodes nodes;
  private final List<Equation> epilogue = new ArrayList<>();
  private final Map<Tensor, Equation> members = new HashMap<>();
  private int weight;

  Product(Kernel.Contraction contraction, Choices choices, Outer outer, Nodes nodes) {
    this.choices = choices;
    this.contraction = contraction;
    this.outer = outer;
    this.nodes = nodes;
    members.put(contraction.equation().tensor(), contraction.equation());
  }

  @Override
  boolean isOpen() {
    return false;
  }

  @Override
  boolean take(Equation equation) {
    var axes = outer.free(contraction.equation().axes());
    var own = outer.free(equation.axes());
    if (!equation.reduced().isEmpty() || own.size() != axes.size()) {
      return false;
    }
    var names = new HashMap<Atom.Index, Axis>(outer.names());
    for (int p = 0; p < axes.size(); p++) {
      if (!own.get(p).extent().equals(axes.get(p).extent())) {
        return false;
      }
      names.put(own.get(p).index(), axes.get(p));
    }
    boolean fits =
        choices.takesLanes(equation)
            && weight + LaneForm.weight(equation) <= MOST_WEIGHT
            && Walk.tensors(equation).stream().anyMatch(members::containsKey);
    if (!fits) {
      return false;
    }
    var renamed = Rename.equation(equation, names, nodes);
    for (var read : Walk.reads(renamed)) {
      var member = members.get(read.tensor());
      if (member != null
          && !outer.isCarried(read, member)
          && !nodes.of(read).equals(nodes.readAt(read.tensor(), member.axes()))) {
        return false;
      }
    }
    var run = new LaneForm(List.of(axes.getLast()));
    if (run.readStaged(renamed).stream().anyMatch(members::containsKey)) {
      return false;
    }
    epilogue.add(renamed);
    members.put(renamed.tensor(), renamed);
    weight += LaneForm.weight(renamed);
    return true;
  }

  @Override
  List<Equation> equations() {
    var all = new ArrayList<Equation>();
    all.add(contraction.equation());
    all.addAll(epilogue);
    return all;
  }

  @Override
  Kernel kernel(Set<Tensor> elsewhere) {
    var local = new HashSet<>(members.keySet());
    local.removeAll(elsewhere);
    return new Kernel.Contraction(
        contraction.equation(),
        contraction.batch(),
        contraction.rows(),
        contraction.columns(),
        contraction.reduced(),
        contraction.left(),
        contraction.right(),
        epilogue,
        local);
  }
}
