package dev.nnlang.compiler.differentiate;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Program.Derivative;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Resolves {@code grad}: every derivative of a program becomes equations.
 *
 * <pre>
 * y[b, o] = sum[i](x[b, i] * w[i, o])              d_w[i, o] = sum[b](x[b, i] * d_y[b, o])
 * loss = sum[b, o](y[b, o] * y[b, o])        =&gt;    d_y[b, o] = y[b, o] + y[b, o]
 * g = d loss / d w                                 g = d_w
 * </pre>
 *
 * <p>Innermost first: a derivative whose {@code of} depends on the result of another waits for it,
 * and then differentiates the equations of that result like any others.
 */
public final class Differentiate {
  private Differentiate() {}

  /** The same program without derivatives; the equations it had stay as they are. */
  public static Program resolve(Program program) {
    var definitions = new LinkedHashMap<>(program.definitions());
    var names = new HashSet<String>();
    program.inputs().forEach(i -> names.add(i.tensor().name()));
    program.equations().forEach(e -> names.add(e.tensor().name()));
    program.derivatives().forEach(d -> names.add(d.result().name()));
    var waiting = new ArrayList<>(program.derivatives());
    while (!waiting.isEmpty()) {
      var ready = ready(waiting, definitions);
      waiting.removeAll(ready);
      var groups = new LinkedHashMap<Tensor, List<Derivative>>();
      ready.forEach(d -> groups.computeIfAbsent(d.of(), _ -> new ArrayList<>()).add(d));
      groups.forEach(
          (of, derivatives) ->
              Adjoints.of(
                      program.nodes(),
                      definitions,
                      names,
                      of,
                      derivatives,
                      purpose(derivatives, waiting, definitions))
                  .forEach(e -> definitions.put(e.tensor(), e)));
    }
    return new Program(
        program.name(),
        program.nodes(),
        program.open(),
        program.inputs(),
        List.copyOf(definitions.values()),
        List.of(),
        program.outputs(),
        program.updates());
  }

  private static Rules.Purpose purpose(
      List<Derivative> derivatives, List<Derivative> later, Map<Tensor, Equation> definitions) {
    var results = new HashSet<Tensor>();
    derivatives.forEach(d -> results.add(d.result()));
    var of = new HashSet<Tensor>();
    later.forEach(d -> of.add(d.of()));
    return of.stream().anyMatch(tensor -> dependsOn(tensor, results, definitions))
        ? Rules.Purpose.DERIVATIVES
        : Rules.Purpose.VALUES;
  }

  /** Those whose {@code of} does not depend on what it is to be derived by: they are 0 (LR-6). */
  public static List<Derivative> independent(Program program, List<Derivative> asked) {
    var definitions = program.definitions();
    var results = new HashMap<Tensor, Derivative>();
    program.derivatives().forEach(d -> results.put(d.result(), d));
    var independent = new ArrayList<Derivative>();
    for (var derivative : asked) {
      var seen = new HashSet<Tensor>();
      var left = new ArrayList<>(List.of(derivative.of()));
      while (!left.isEmpty()) {
        var next = left.removeLast();
        if (!seen.add(next)) {
          continue;
        }
        if (results.containsKey(next)) {
          left.add(results.get(next).of());
        }
        var equation = definitions.get(next);
        if (equation != null && next.type() == Type.REAL) {
          Backward.reads(equation.body())
              .forEach(read -> left.add(((Expr.Read) read.expr()).tensor()));
        }
      }
      if (!seen.contains(derivative.by())) {
        independent.add(derivative);
      }
    }
    return independent;
  }

  /** Those whose {@code of} depends on no result that is still open. */
  private static List<Derivative> ready(
      List<Derivative> waiting, Map<Tensor, Equation> definitions) {
    var open = new HashSet<Tensor>();
    waiting.forEach(d -> open.add(d.result()));
    var ready = new ArrayList<Derivative>();
    // Of few tensors, most often of one, by many.
    var waits = new HashMap<Tensor, Boolean>();
    for (var derivative : waiting) {
      if (!waits.computeIfAbsent(derivative.of(), of -> dependsOn(of, open, definitions))) {
        ready.add(derivative);
      }
    }
    if (ready.isEmpty()) {
      throw new CompilerBug("derivatives that depend on each other: " + waiting);
    }
    return ready;
  }

  private static boolean dependsOn(
      Tensor tensor, HashSet<Tensor> wanted, Map<Tensor, Equation> definitions) {
    var seen = new HashSet<Tensor>();
    var left = new ArrayList<Tensor>();
    left.add(tensor);
    while (!left.isEmpty()) {
      var next = left.removeLast();
      if (wanted.contains(next)) {
        return true;
      }
      var equation = definitions.get(next);
      if (seen.add(next) && equation != null) {
        left.addAll(Rebuild.tensors(equation));
      }
    }
    return false;
  }
}
