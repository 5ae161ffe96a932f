package dev.nnlang.compiler.stabilise;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import java.util.function.UnaryOperator;

/**
 * Applies the tables of this package until nothing changes.
 *
 * <pre>
 * s = sum[k](exp(z[k]))                 m = max[k](z[k])
 * p[c] = exp(z[c]) / s            =&gt;    t = sum[k](exp(z[k] - m))
 * loss = -log(p[label])                 p[c] = exp(z[c] - m) / t
 *                                       loss = -((z[label] - m) - log(t))
 * </pre>
 */
public final class Stabilise {
  private static final int MOST_ROUNDS = 20;

  private Stabilise() {}

  /** The same program in stable forms. */
  public static Program rewrite(Program program) {
    var scene = new Scene(program);
    var exponentials = new Exponentials(scene);
    var logarithms = new Logarithms(scene, exponentials);
    var squares = new Squares(scene);
    boolean changed = true;
    for (int round = 0; changed; round++) {
      if (round == MOST_ROUNDS) {
        throw new CompilerBug("stabilising does not come to an end: " + program.name());
      }
      changed = false;
      for (var equation : scene.equations()) {
        var rule =
            Rebuild.upwards(
                program.nodes(),
                node -> {
                  var better = Elementary.rewrite(scene, node);
                  better = better != null ? better : exponentials.rewrite(node);
                  better = better != null ? better : logarithms.rewrite(node);
                  better = better != null ? better : squares.rewrite(node);
                  return better != null ? better : node;
                });
        changed |= put(scene, equation, rule.apply(equation.body()), rule::apply);
      }
    }
    for (var equation : scene.equations()) {
      put(scene, equation, squares.roots(equation.body()), guard -> guard);
    }
    return program.withEquations(scene.equations());
  }

  private static boolean put(
      Scene scene, Equation equation, Node body, UnaryOperator<Node> inGuard) {
    var reduction =
        equation.reduction().map(r -> new Reduction(r.kind(), r.axes(), inGuard.apply(r.guard())));
    if (body == equation.body() && reduction.equals(equation.reduction())) {
      return false;
    }
    scene.put(new Equation(equation.tensor(), equation.axes(), reduction, body, equation.origin()));
    return true;
  }
}
