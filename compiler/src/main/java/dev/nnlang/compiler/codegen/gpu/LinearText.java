package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Sizes;
import dev.nnlang.compiler.schedule.Walk;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a nest whose values depend on others at their own place alone, and on no index: it goes
 * along memory, whatever the shape. So the optimizer's update is one text for all parameters, which
 * says neither how many numbers they have nor in how many dimensions.
 */
final class LinearText {
  /** Numbers that are worth vectors: so many work-items keep a device busy. */
  private static final long WORTH_VECTORS = 16_384;

  private final Kernel.Nest nest;
  private final int wide;

  /** What is read, and the name that it is held by. */
  private final Map<Node, String> nodes = new LinkedHashMap<>();

  LinearText(Kernel.Nest nest) {
    this.nest = nest;
    this.wide = Sizes.typical(axes(nest)) >= WORTH_VECTORS ? Quads.WIDE : 1;
  }

  private static List<Axis> axes(Kernel.Nest nest) {
    return nest.equations().getFirst().axes();
  }

  /** Whether a nest has this form; loops around it would give its tensors places of their own. */
  static boolean takes(Kernel.Nest nest) {
    var axes = axes(nest);
    return !axes.isEmpty()
        && nest.equations().stream()
            .allMatch(
                e ->
                    e.axes().equals(axes)
                        && e.reduction().isEmpty()
                        && e.tensor().type() == Type.REAL
                        && isLinear(e.body(), axes));
  }

  private static boolean isLinear(Node root, List<Axis> axes) {
    var seen = new HashSet<Node>();
    var work = new ArrayList<>(List.of(root));
    while (!work.isEmpty()) {
      var node = work.removeLast();
      if (!seen.add(node)) {
        continue;
      }
      switch (node.expr()) {
        case Expr.Read read when isOwn(read, axes) -> {}
        case Expr.Read(_, var subscripts) when subscripts.isEmpty() -> {}
        case Expr.Read _, Expr.Draw _ -> {
          return false;
        }
        case Expr.Index(var value) when value.hasIndex() -> {
          return false;
        }
        default -> work.addAll(Walk.operands(node.expr()));
      }
    }
    return true;
  }

  private static boolean isOwn(Expr.Read read, List<Axis> axes) {
    return read.subscripts().size() == axes.size()
        && read.tensor().type() == Type.REAL
        && read.tensor().shape().equals(axes.stream().map(Axis::extent).toList())
        && Layout.isOwn(read, axes);
  }

  /** How many work-items there are. */
  Poly items() {
    return count().plus(wide - 1).floorDiv(Poly.of(wide));
  }

  private Poly count() {
    return Poly.product(axes(nest).stream().map(Axis::extent).toList());
  }

  void write(Scope scope) {
    var text = scope.text;
    var end = scope.size(count());
    var row = "GRP_X * " + Layout.ROWS_OF_A_GROUP + " + LID_X";
    text.line("int row = " + (wide == 1 ? row : "(%s) * %d".formatted(row, wide)) + ";");
    text.block("if (row < " + end + ")", () -> scope.inside(() -> row(scope, end)));
  }

  private void row(Scope scope, String end) {
    var text = scope.text;
    if (wide > 1) {
      text.line("int whole = row + %d <= %s;".formatted(wide, end));
    }
    var read = reads(scope);
    var stored = new LinkedHashMap<Equation, String>();
    for (var equation : nest.equations()) {
      if (!nest.local().contains(equation.tensor())) {
        stored.put(equation, text.name("w"));
      }
    }
    if (!stored.isEmpty()) {
      declare(text, stored.values());
    }
    if (wide == 1) {
      read.forEach((array, name) -> text.line("%s = %s[row];".formatted(name, array)));
      values(scope, stored, "");
      stored.forEach(
          (e, name) -> text.line("%s[row] = %s;".formatted(scope.writes(e.tensor()), name)));
      return;
    }
    pieces(
        text,
        read.entrySet().stream()
            .map(r -> "LD4(%s, %s + row);".formatted(r.getValue(), r.getKey()))
            .toList(),
        read.entrySet().stream()
            .map(
                r ->
                    "%s[u] = row + u < %s ? %s[row + u] : 0;"
                        .formatted(r.getValue(), end, r.getKey()))
            .toList());
    text.line("UNROLL");
    text.block(
        "for (int u = 0; u < %d; u++)".formatted(wide),
        () -> scope.inside(() -> values(scope, stored, "[u]")));
    pieces(
        text,
        stored.entrySet().stream()
            .map(
                s ->
                    "ST4(%s + row, %s);".formatted(scope.writes(s.getKey().tensor()), s.getValue()))
            .toList(),
        stored.entrySet().stream()
            .map(
                s ->
                    "if (row + u < %s) %s[row + u] = %s[u];"
                        .formatted(end, scope.writes(s.getKey().tensor()), s.getValue()))
            .toList());
  }

  /** What is read, by array: the name that it is held by. */
  private Map<String, String> reads(Scope scope) {
    var made = nest.equations().stream().map(Equation::tensor).toList();
    var read = new LinkedHashMap<String, String>();
    for (var equation : nest.equations()) {
      for (var each : Walk.reads(equation)) {
        if (!made.contains(each.tensor()) && !each.subscripts().isEmpty()) {
          var name = read.computeIfAbsent(scope.reads(each.tensor()), _ -> scope.text.name("w"));
          nodes.put(scope.nodes().of(each), name);
        }
      }
    }
    if (!read.isEmpty()) {
      declare(scope.text, read.values());
    }
    return read;
  }

  private void declare(Text text, Collection<String> names) {
    var suffix = wide == 1 ? "" : "[" + wide + "]";
    text.line("REAL " + String.join(", ", names.stream().map(n -> n + suffix).toList()) + ";");
  }

  /** A whole vector, or what there is of one at the end. */
  private void pieces(Text text, List<String> vectors, List<String> singles) {
    if (vectors.isEmpty()) {
      return;
    }
    text.block("if (whole)", () -> vectors.forEach(text::line));
    text.block(
        "else",
        () ->
            text.block(
                "for (int u = 0; u < %d; u++)".formatted(wide), () -> singles.forEach(text::line)));
  }

  private void values(Scope scope, Map<Equation, String> stored, String suffix) {
    nodes.forEach((node, name) -> scope.know(node, name + suffix));
    var expressions =
        new Expressions(scope, nest.equations().stream().map(Equation::body).toList());
    for (var equation : nest.equations()) {
      var value = expressions.local(equation.body());
      scope.know(scope.ownRead(equation), value);
      if (stored.containsKey(equation)) {
        scope.text.line("%s%s = %s;".formatted(stored.get(equation), suffix, value));
      }
    }
  }
}
