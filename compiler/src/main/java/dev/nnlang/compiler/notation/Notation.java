package dev.nnlang.compiler.notation;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes a program as a {@code fn} of the language. */
public final class Notation {
  private final Program program;
  private final Names names = new Names();
  private final ExprNotation expressions = new ExprNotation(names);

  private Notation(Program program) {
    this.program = program;
    for (var op : Expr.UnaryOp.values()) {
      names.reserve(op.name().toLowerCase(Locale.ROOT));
    }
    List.of("sum", "prod", "mean", "max", "min", "any", "all", "argmax", "argmin", "logsumexp")
        .forEach(names::reserve);
    List.of("real", "int", "atan2", "stop_gradient", "reshape", "grad").forEach(names::reserve);
  }

  /**
   * The text of {@code fn name}.
   *
   * @param program without open derivatives and without draws
   * @param documentation lines that stand above it as its {@code ///} text
   */
  public static String function(Program program, String name, List<String> documentation) {
    return new Notation(program).function(name, documentation);
  }

  /** The equations alone, one a line. */
  public static String equations(Program program) {
    var notation = new Notation(program);
    // Inputs first, as in a function, so that they keep their names.
    program.inputs().forEach(i -> notation.names.tensor(i.tensor().name()));
    return program.equations().stream().map(notation::equation).collect(Collectors.joining("\n"));
  }

  private String function(String name, List<String> documentation) {
    names.reserve(name);
    var text = new StringBuilder();
    documentation.forEach(line -> text.append("/// ").append(line).append('\n'));
    // Inputs first, so that they keep their names where a derived tensor wants the same one.
    var inputs =
        program.inputs().stream().map(i -> port(i.tensor())).collect(Collectors.joining(", "));
    var outputs =
        program.outputs().stream().map(o -> port(o.tensor())).collect(Collectors.joining(", "));
    text.append("fn ").append(name).append(" : ").append(inputs);
    text.append("\n    -> ").append(outputs).append(" {\n");
    program.equations().forEach(e -> text.append("    ").append(equation(e)).append('\n'));
    return text.append("}\n").toString();
  }

  private String port(Tensor tensor) {
    var shape = tensor.shape().stream().map(Object::toString).collect(Collectors.joining(", "));
    return names.tensor(tensor.name())
        + (shape.isEmpty() ? "" : "[" + shape + "]")
        + switch (tensor.type()) {
          case REAL -> "";
          case INT -> ": int";
          case BOOL -> ": bool";
        };
  }

  private String equation(Equation e) {
    var left = names.tensor(e.tensor().name()) + axes(e.axes());
    var type = e.tensor().type() == Type.INT ? ": int" : "";
    var body = expressions.of(e.body());
    var right =
        e.reduction()
            .map(
                r -> {
                  boolean always = r.guard().expr() instanceof Expr.Bool(var value) && value;
                  var guard = always ? "" : " | " + expressions.of(r.guard());
                  var binders = r.axes().stream().map(this::axis).collect(Collectors.joining(", "));
                  return r.kind().name().toLowerCase(Locale.ROOT)
                      + ("[" + binders + guard + "](" + body + ")");
                })
            .orElse(body);
    return left + type + " = " + right;
  }

  private String axes(List<Axis> axes) {
    return axes.isEmpty()
        ? ""
        : axes.stream().map(this::axis).collect(Collectors.joining(", ", "[", "]"));
  }

  private String axis(Axis axis) {
    return names.index(axis.name()) + ": " + expressions.of(axis.extent());
  }
}
