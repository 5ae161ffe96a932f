package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Leaves out what nobody asks for: equations and derivatives that no output and no update reaches,
 * inputs that nothing reads. What remains tells the open dimensions.
 */
final class Pruning {
  private Pruning() {}

  static Program of(Program program) {
    var needed = reached(program);
    var equations = program.equations().stream().filter(e -> needed.contains(e.tensor())).toList();
    var derivatives =
        program.derivatives().stream().filter(d -> needed.contains(d.result())).toList();
    var inputs = program.inputs().stream().filter(i -> needed.contains(i.tensor())).toList();
    var open = new LinkedHashSet<Atom.Dim>();
    inputs.forEach(i -> i.tensor().shape().forEach(e -> collect(e, open)));
    equations.forEach(e -> collect(e, open));
    return new Program(
        program.name(),
        program.nodes(),
        open.stream().toList(),
        inputs,
        equations,
        derivatives,
        program.outputs(),
        program.updates());
  }

  private static Set<Tensor> reached(Program program) {
    var definitions = program.definitions();
    var byResult = new HashMap<Tensor, Program.Derivative>();
    program.derivatives().forEach(d -> byResult.put(d.result(), d));
    var found = new HashSet<Tensor>();
    var todo = new ArrayDeque<Tensor>();
    program.outputs().forEach(o -> todo.add(o.tensor()));
    program
        .updates()
        .forEach(
            u -> {
              todo.add(u.state());
              todo.add(u.next());
            });
    while (!todo.isEmpty()) {
      var tensor = todo.poll();
      if (!found.add(tensor)) {
        continue;
      }
      var equation = definitions.get(tensor);
      if (equation != null) {
        todo.addAll(Rebuild.tensors(equation));
      }
      var derivative = byResult.get(tensor);
      if (derivative != null) {
        todo.add(derivative.of());
        todo.add(derivative.by());
      }
    }
    return found;
  }

  private static void collect(Equation equation, Set<Atom.Dim> into) {
    equation.axes().stream().map(Axis::extent).forEach(e -> collect(e, into));
    equation.reduced().stream().map(Axis::extent).forEach(e -> collect(e, into));
    var roots = new ArrayList<>(List.of(equation.body()));
    equation.reduction().ifPresent(r -> roots.add(r.guard()));
    for (var node : Rebuild.reachable(roots.toArray(Node[]::new))) {
      if (node.expr() instanceof Expr.Index(var p)) {
        collect(p, into);
      }
    }
  }

  private static void collect(Poly poly, Set<Atom.Dim> into) {
    for (var variable : poly.variables()) {
      if (variable instanceof Atom.Dim dim) {
        into.add(dim);
      }
    }
  }
}
