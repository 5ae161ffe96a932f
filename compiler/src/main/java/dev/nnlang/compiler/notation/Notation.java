package dev.nnlang.compiler.notation;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
   * The text of {@code fn name}; above every equation stands why it is there.
   *
   * @param program without open derivatives and without draws
   * @param documentation lines that stand above it as its {@code ///} text
   * @param sets for an input that is a value of an index set, the dimension: a name or a number
   */
  public static String function(
      Program program, String name, List<String> documentation, Map<String, Poly> sets) {
    return new Notation(program).function(name, documentation, sets);
  }

  /** The equations alone, one a line, each behind what it reads. */
  public static String equations(Program program) {
    var notation = new Notation(program);
    notation.nameTensors();
    program.equations().forEach(notation::nameQuotients);
    var lines = new ArrayList<>(notation.expressions.dimensions());
    for (var e : notation.ordered()) {
      notation.names.nextEquation();
      lines.add(notation.equation(e));
    }
    return String.join("\n", lines);
  }

  /** Inputs first, so that they keep their names where a derived tensor wants the same one. */
  private void nameTensors() {
    program.inputs().forEach(i -> names.tensor(i.tensor().name()));
    program.outputs().forEach(o -> names.tensor(o.tensor().name()));
    program.equations().forEach(e -> names.tensor(e.tensor().name()));
  }

  private String function(String name, List<String> documentation, Map<String, Poly> sets) {
    names.reserve(name);
    nameTensors();
    var text = new StringBuilder();
    var written = new LinkedHashMap<String, String>();
    sets.forEach(
        (input, size) -> {
          var set = size.isConstant() ? "Set" + (written.size() + 1) : expressions.of(size);
          written.put(input, set);
          if (size.isConstant()) {
            text.append("dim ").append(set).append(" = ").append(size).append("\n\n");
          }
        });
    documentation.forEach(line -> text.append("/// ").append(line).append('\n'));
    var inputs =
        program.inputs().stream()
            .map(i -> port(i.tensor(), written.get(i.tensor().name())))
            .collect(Collectors.joining(", "));
    var outputs =
        program.outputs().stream()
            .map(o -> port(o.tensor(), null))
            .collect(Collectors.joining(", "));
    text.append("fn ").append(name).append("\n    : ").append(inputs);
    text.append("\n    -> ").append(outputs).append(" {\n");
    program.equations().forEach(this::nameQuotients);
    expressions.dimensions().forEach(line -> text.append("    ").append(line).append('\n'));
    for (var e : ordered()) {
      names.nextEquation();
      expressions.outside(Fallbacks.of(e, s -> isTyped(s, written.keySet())));
      text.append("    // ").append(e.origin().why()).append('\n');
      text.append("    ").append(equation(e)).append('\n');
    }
    return text.append("}\n").toString();
  }

  private void nameQuotients(Equation e) {
    e.axes().forEach(axis -> expressions.nameQuotients(axis.extent()));
    e.reduced().forEach(axis -> expressions.nameQuotients(axis.extent()));
    var roots = new ArrayList<>(List.of(e.body()));
    e.reduction().ifPresent(r -> roots.add(r.guard()));
    for (var node : Rebuild.reachable(roots.toArray(Node[]::new))) {
      if (node.expr() instanceof Expr.Index(var p)) {
        expressions.nameQuotients(p);
      }
    }
  }

  private static boolean isTyped(Node subscript, Set<String> typed) {
    return subscript.expr() instanceof Expr.Read(var tensor, _) && typed.contains(tensor.name());
  }

  /** Each behind what it reads, as far as recurrences allow; otherwise as they are. */
  private List<Equation> ordered() {
    var definitions = program.definitions();
    var order = new ArrayList<Equation>();
    var seen = new HashSet<Tensor>();
    for (var first : program.equations()) {
      // Depth first without recursion: networks may be thousands of equations deep.
      var open = new ArrayList<>(List.of(first.tensor()));
      while (!open.isEmpty()) {
        var tensor = open.getLast();
        var equation = definitions.get(tensor);
        if (equation == null || order.contains(equation)) {
          open.removeLast();
        } else if (seen.add(tensor)) {
          var reads = new ArrayList<>(Rebuild.tensors(equation));
          reads.removeIf(r -> seen.contains(r) || !definitions.containsKey(r));
          open.addAll(reads.reversed());
        } else {
          open.removeLast();
          order.add(equation);
        }
      }
    }
    return order;
  }

  private String port(Tensor tensor, String set) {
    names.nextEquation();
    var shape = tensor.shape().stream().map(expressions::of).collect(Collectors.joining(", "));
    return names.tensor(tensor.name())
        + (shape.isEmpty() ? "" : "[" + shape + "]")
        + switch (tensor.type()) {
          case REAL -> "";
          case INT -> set == null ? ": int" : ": index " + set;
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
                      + ("[" + binders + guard + "](" + body + ")")
                      + (mayBeEmpty(r) ? " ?? 0" : "");
                })
            .orElse(body);
    return left + type + " = " + right;
  }

  /** A place in what may be nothing: nothing reads the 0 then. */
  private static boolean mayBeEmpty(Reduction r) {
    return switch (r.kind()) {
      case ARGMAX, ARGMIN -> !(r.guard().expr() instanceof Expr.Bool);
      case SUM, PROD, MAX, MIN, ANY, ALL, LOGSUMEXP -> false;
    };
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
