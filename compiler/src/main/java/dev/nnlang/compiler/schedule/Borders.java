package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Origin;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Tensor;
import java.util.ArrayList;
import java.util.HashSet;

/**
 * Gives storage of its own to what the border would share: an output that is an updated input would
 * show the new value, and a state that becomes the old value of another would show the new one.
 */
final class Borders {
  private Borders() {}

  static Program separate(Program program) {
    var states = new HashSet<Tensor>();
    program.updates().forEach(u -> states.add(u.state()));
    var inputs = new HashSet<Tensor>();
    program.inputs().forEach(i -> inputs.add(i.tensor()));
    var equations = new ArrayList<>(program.equations());
    var outputs = new ArrayList<Program.Output>();
    for (var output : program.outputs()) {
      outputs.add(
          states.contains(output.tensor())
              ? new Program.Output(output.name(), copy(output.tensor(), equations, program.nodes()))
              : output);
    }
    var updates = new ArrayList<Program.Update>();
    for (var update : program.updates()) {
      updates.add(
          inputs.contains(update.next())
              ? new Program.Update(update.state(), copy(update.next(), equations, program.nodes()))
              : update);
    }
    return new Program(
        program.name(),
        program.nodes(),
        program.open(),
        program.inputs(),
        equations,
        program.derivatives(),
        outputs,
        updates);
  }

  private static Tensor copy(Tensor of, ArrayList<Equation> equations, Nodes nodes) {
    var copy = new Tensor(nodes.fresh(of.name()), of.type(), of.shape());
    var axes = of.shape().stream().map(extent -> Axis.of(nodes.fresh("i"), extent)).toList();
    equations.add(
        new Equation(copy, axes, nodes.readAt(of, axes), Origin.synthetic("copy of " + of.name())));
    return copy;
  }
}
