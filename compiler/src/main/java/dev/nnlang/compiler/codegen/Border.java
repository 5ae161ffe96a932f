package dev.nnlang.compiler.codegen;

import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.program.Signature;
import dev.nnlang.runtime.tensor.ElementType;

/** A program's border, as a compiled program shows it. */
public final class Border {
  private Border() {}

  /**
   * The border.
   *
   * @param real how reals are stored
   */
  public static Signature of(Program program, ElementType real) {
    var inputs =
        program.inputs().stream()
            .map(i -> port(i.tensor().name(), role(i.role()), i.tensor(), real))
            .toList();
    var outputs =
        program.outputs().stream()
            .map(o -> port(o.name(), Port.Role.OUTPUT, o.tensor(), real))
            .toList();
    return new Signature(
        program.name(),
        program.open().stream().map(Atom.Dim::name).toList(),
        inputs,
        outputs,
        program.updates().stream().map(u -> u.state().name()).toList());
  }

  private static Port port(String name, Port.Role role, Tensor tensor, ElementType real) {
    return new Port(name, role, Extents.element(tensor.type(), real), Extents.shape(tensor));
  }

  private static Port.Role role(Program.Role role) {
    return switch (role) {
      case DATA -> Port.Role.DATA;
      case SOURCE -> Port.Role.SOURCE;
      case PARAMETER -> Port.Role.PARAMETER;
      case FROZEN -> Port.Role.FROZEN;
      case STATE -> Port.Role.STATE;
      case OPTIMIZER -> Port.Role.OPTIMIZER;
      case SCALAR -> Port.Role.SCALAR;
    };
  }
}
