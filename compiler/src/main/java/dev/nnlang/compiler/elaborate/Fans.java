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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code fan_in} and {@code fan_out} of every parameter, from the first equation in the source that
 * reads it (LR-33).
 */
final class Fans {
  private Fans() {}

  /** By path; a parameter that nothing reads has none. */
  static Map<String, Frame.Fan> of(Assembly assembly, Set<Atom.Index> leads) {
    var parameters = new HashSet<Tensor>();
    parameters.addAll(assembly.inputs(Program.Role.PARAMETER));
    parameters.addAll(assembly.inputs(Program.Role.FROZEN));
    var found = new HashMap<String, Frame.Fan>();
    assembly.placed().stream()
        .sorted(Comparator.comparing(Assembly.Placed::order))
        .map(Assembly.Placed::equation)
        .forEach(
            equation -> {
              for (var read : reads(equation)) {
                if (parameters.contains(read.tensor())) {
                  found.computeIfAbsent(read.tensor().name(), _ -> fan(equation, read, leads));
                }
              }
            });
    return found;
  }

  private static List<Expr.Read> reads(Equation equation) {
    var found = new ArrayList<Expr.Read>();
    for (var node : Rebuild.reachable(equation.body())) {
      if (node.expr() instanceof Expr.Read read) {
        found.add(read);
      }
    }
    return found;
  }

  private static Frame.Fan fan(Equation equation, Expr.Read weight, Set<Atom.Index> leads) {
    long in = 1;
    var its = Rebuild.indices(weight.subscripts().toArray(Node[]::new));
    for (var axis : equation.reduced()) {
      in *= its.contains(axis.index()) ? count(axis) : 1;
    }
    long out = 1;
    var input =
        reads(equation).stream()
            .filter(r -> !r.tensor().equals(weight.tensor()) && mentions(r, equation.reduced()))
            .findFirst();
    for (var axis : equation.axes()) {
      if (leads.contains(axis.index())) {
        continue;
      }
      if (input.isPresent()) {
        out *= met(axis, input.get(), equation.reduced());
      } else {
        out *= its.contains(axis.index()) ? count(axis) : 1;
      }
    }
    return new Frame.Fan(in, out);
  }

  private static boolean mentions(Expr.Read read, List<Axis> axes) {
    var its = Rebuild.indices(read.subscripts().toArray(Node[]::new));
    return axes.stream().anyMatch(a -> its.contains(a.index()));
  }

  /** How many values of a left index one element of the input meets: a window meets as many. */
  private static long met(Axis left, Expr.Read input, List<Axis> reduced) {
    for (var subscript : input.subscripts()) {
      var its = Rebuild.indices(subscript);
      if (its.contains(left.index())) {
        return reduced.stream()
            .filter(a -> its.contains(a.index()))
            .mapToLong(Fans::count)
            .reduce(1, (a, b) -> a * b);
      }
    }
    return count(left);
  }

  private static long count(Axis axis) {
    Poly extent = axis.extent();
    return extent.constant().orElse(1);
  }
}
