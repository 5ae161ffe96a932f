package dev.nnlang.compiler.simplify;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Applies the tables of this package until nothing changes, and drops what nothing needs.
 *
 * <pre>
 * a[i] = x[i] * 1.0
 * b[i] = a[i]                       y[i] = exp(x[i])
 * y[i] = exp(b[i])            =&gt;
 * unused[i] = log(x[i])
 * </pre>
 */
public final class Simplify {
  private static final int MOST_ROUNDS = 8;

  /** Which identities may be used. */
  public enum Identities {
    EXACT,
    /** Those too that may round differently. */
    ROUNDING
  }

  private Simplify() {}

  /** The same program with less to do and the same bits. */
  public static Program rewrite(Program program) {
    return rewrite(program, Identities.EXACT);
  }

  /** The same program with less to do. */
  public static Program rewrite(Program program, Identities identities) {
    var nodes = program.nodes();
    var common = new Common(nodes);
    var settled = Collections.newSetFromMap(new IdentityHashMap<Equation, Boolean>());
    var equations = needed(program, program.equations());
    for (int round = 0; round < MOST_ROUNDS; round++) {
      var before = equations;
      var simple = new ArrayList<Equation>();
      for (var equation : equations) {
        if (settled.contains(equation)) {
          simple.add(equation);
          continue;
        }
        var simpler = Guards.simplify(nodes, scalars(nodes, equation, identities));
        simple.add(simpler);
        if (simpler == equation) {
          settled.add(equation);
        }
      }
      equations = Copies.readThrough(nodes, common.unite(simple));
      equations = needed(program, equations);
      if (equations.equals(before)) {
        break;
      }
    }
    return program.withEquations(equations);
  }

  private static Equation scalars(Nodes nodes, Equation equation, Identities identities) {
    var rule = Rebuild.upwards(nodes, node -> simplest(nodes, node, identities));
    var body = rule.apply(equation.body());
    var reduction =
        equation.reduction().map(r -> new Reduction(r.kind(), r.axes(), rule.apply(r.guard())));
    return body == equation.body() && reduction.equals(equation.reduction())
        ? equation
        : new Equation(equation.tensor(), equation.axes(), reduction, body, equation.origin());
  }

  private static Node simplest(Nodes nodes, Node node, Identities identities) {
    var simple = Algebra.rewrite(nodes, node);
    if (simple == null && identities == Identities.ROUNDING) {
      simple = Rounding.rewrite(nodes, node);
    }
    return simple != null ? simple : node;
  }

  /** The equations on which an output or a next state depends, in their order. */
  private static List<Equation> needed(Program program, List<Equation> equations) {
    var definitions = program.withEquations(equations).definitions();
    var open = new ArrayList<Tensor>();
    program.outputs().forEach(o -> open.add(o.tensor()));
    program.updates().forEach(u -> open.add(u.next()));
    program
        .derivatives()
        .forEach(
            d -> {
              open.add(d.of());
              open.add(d.by());
            });
    var needed = new HashSet<Tensor>();
    while (!open.isEmpty()) {
      var tensor = open.removeLast();
      if (needed.add(tensor) && definitions.containsKey(tensor)) {
        open.addAll(Rebuild.tensors(definitions.get(tensor)));
      }
    }
    return equations.stream().filter(e -> needed.contains(e.tensor())).toList();
  }
}
