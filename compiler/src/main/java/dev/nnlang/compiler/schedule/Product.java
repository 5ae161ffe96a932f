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
import java.util.Set;

/** A contraction, and what is done with each of its elements as it is stored. */
final class Product extends Cluster {
  /** Instructions in an epilogue: it stands in the middle of a mover. */
  static final int MOST_WEIGHT = 120;

  private final Kernel.Contraction contraction;
  private final Nodes nodes;
  private final List<Equation> epilogue = new ArrayList<>();
  private final Set<Tensor> members = new HashSet<>();
  private int weight;

  Product(Kernel.Contraction contraction, Nodes nodes) {
    this.contraction = contraction;
    this.nodes = nodes;
    members.add(contraction.equation().tensor());
  }

  @Override
  boolean take(Equation equation) {
    var axes = contraction.equation().axes();
    boolean fits =
        equation.reduced().isEmpty()
            && LaneForm.takes(equation)
            && equation.axes().size() == axes.size()
            && weight + LaneForm.weight(equation) <= MOST_WEIGHT
            && Walk.tensors(equation).stream().anyMatch(members::contains);
    if (!fits) {
      return false;
    }
    var names = new HashMap<Atom.Index, Axis>();
    for (int p = 0; p < axes.size(); p++) {
      if (!equation.axes().get(p).extent().equals(axes.get(p).extent())) {
        return false;
      }
      names.put(equation.axes().get(p).index(), axes.get(p));
    }
    var renamed = Rename.equation(equation, names, nodes);
    for (var read : Walk.reads(renamed)) {
      if (members.contains(read.tensor())
          && !nodes.of(read).equals(nodes.readAt(read.tensor(), axes))) {
        return false;
      }
    }
    var run = new LaneForm(List.of(axes.getLast()));
    if (run.readStaged(renamed).stream().anyMatch(members::contains)) {
      return false;
    }
    epilogue.add(renamed);
    members.add(renamed.tensor());
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
    var local = new HashSet<>(members);
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
