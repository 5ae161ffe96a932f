package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps a slow value that two stages of a nest need, from the first that computes it to the last,
 * in the row in which a result of that one will be.
 *
 * <pre>
 * s[r] = sum[c](exp(x[r, c] - m[r]));   p[r, c] = exp(x[r, c] - m[r]) / s[r]
 * becomes  e[r, c] = exp(x[r, c] - m[r]);   s[r] = sum[c](e[r, c]);   p[r, c] = e[r, c] / s[r]
 * </pre>
 *
 * with e in place of p: a row is near when it is written a second time, so nothing more is moved,
 * and the exponential is computed once.
 */
final class KeptRows {
  /** Instructions from which on a value is slower than to write and read it nearby. */
  private static final int SLOW = 20;

  private final Nodes nodes;
  private final Map<Tensor, Tensor> places = new LinkedHashMap<>();

  /**
   * What is kept.
   *
   * @param places for each value that is kept: the result in whose place it is
   */
  record Kept(List<Kernel> kernels, Map<Tensor, Tensor> places) {}

  private KeptRows(Nodes nodes) {
    this.nodes = nodes;
  }

  static Kept of(List<Kernel> kernels, Nodes nodes) {
    var kept = new KeptRows(nodes);
    var rewritten =
        kernels.stream().map(k -> k instanceof Kernel.Nest nest ? kept.rewrite(nest) : k).toList();
    return new Kept(rewritten, kept.places);
  }

  /**
   * A value that two stages need.
   *
   * @param value the expression
   * @param first the stage that needs it first
   * @param last the last stage that does
   * @param result an equation of that stage, in whose place it can be
   */
  private record Candidate(Node value, int first, int last, Equation result) {
    int weight() {
      return LaneForm.weight(List.of(value));
    }
  }

  private Kernel.Nest rewrite(Kernel.Nest given) {
    var nest = given;
    var taken = new HashSet<Tensor>();
    for (var found = find(nest, taken); found.isPresent(); found = find(nest, taken)) {
      nest = rewrite(nest, found.get());
      taken.add(found.get().result.tensor());
    }
    return nest;
  }

  private static Optional<Candidate> find(Kernel.Nest nest, Set<Tensor> taken) {
    var candidates = new ArrayList<Candidate>();
    for (int last = 1; last < nest.stages().size(); last++) {
      if (!(nest.stages().get(last) instanceof Stage.Sweep sweep)) {
        continue;
      }
      var row =
          sweep.equations().stream()
              .filter(e -> e.reduction().isEmpty() && e.tensor().type() == Type.REAL)
              .filter(e -> !nest.local().contains(e.tensor()) && !taken.contains(e.tensor()))
              .findFirst();
      for (int first = 0; row.isPresent() && first < last; first++) {
        if (nest.stages().get(first) instanceof Stage.Sweep before && hasLoops(before, sweep)) {
          candidates(before, first, sweep, last, row.get(), candidates);
        }
      }
    }
    return candidates.stream()
        .max(
            Comparator.comparingInt(Candidate::weight)
                .thenComparingInt(candidate -> -candidate.first));
  }

  private static boolean hasLoops(Stage.Sweep a, Stage.Sweep b) {
    return a.around().equals(b.around())
        && a.run().equals(b.run())
        && a.within().isEmpty()
        && b.within().isEmpty();
  }

  private static void candidates(
      Stage.Sweep before,
      int first,
      Stage.Sweep sweep,
      int last,
      Equation result,
      List<Candidate> candidates) {
    var form = new LaneForm(before.run());
    var wanted = new HashSet<Node>();
    sweep.equations().forEach(e -> wanted.addAll(Walk.nodes(e)));
    var own = new HashSet<>();
    result.axes().forEach(a -> own.add(a.index()));
    for (var equation : before.equations()) {
      for (var node : certain(equation)) {
        boolean fits =
            wanted.contains(node)
                && node.type() == Type.REAL
                && form.varies(node)
                && LaneForm.weight(List.of(node)) >= SLOW
                && own.containsAll(Rebuild.indices(node));
        if (fits) {
          candidates.add(new Candidate(node, first, last, result));
        }
      }
    }
  }

  /** What is evaluated for every element of the run. */
  private static Set<Node> certain(Equation equation) {
    boolean guarded =
        equation
            .reduction()
            .map(r -> !(r.guard().expr() instanceof Expr.Bool(var value) && value))
            .orElse(false);
    var certain = new HashSet<Node>();
    var open = new ArrayList<Node>();
    open.add(guarded ? equation.reduction().orElseThrow().guard() : equation.body());
    while (!open.isEmpty()) {
      var node = open.removeLast();
      if (!certain.add(node)) {
        continue;
      }
      switch (node.expr()) {
        case Expr.Select(var guard, _, _) -> open.add(guard);
        case Expr.And(var x, _) -> open.add(x);
        case Expr.Or(var x, _) -> open.add(x);
        default -> open.addAll(Walk.operands(node.expr()));
      }
    }
    return certain;
  }

  private Kernel.Nest rewrite(Kernel.Nest nest, Candidate candidate) {
    var result = candidate.result;
    var tensor =
        new Tensor(nodes.fresh("kept_" + result.tensor()), Type.REAL, result.tensor().shape());
    places.put(tensor, result.tensor());
    var origin = result.origin().because("a part of " + result.tensor() + " that is kept");
    var kept = new Equation(tensor, result.axes(), candidate.value, origin);
    var read = nodes.readAt(tensor, result.axes());
    var rewrite = Rebuild.upwards(nodes, node -> node == candidate.value ? read : node);
    var stages = new ArrayList<>(nest.stages());
    for (int s = candidate.first; s <= candidate.last; s++) {
      if (!(stages.get(s) instanceof Stage.Sweep sweep)) {
        continue;
      }
      var equations = new ArrayList<Equation>();
      for (var equation : sweep.equations()) {
        var rewritten = Signs.with(equation, rewrite);
        boolean isFirst = s == candidate.first && !equations.contains(kept);
        if (isFirst && Walk.nodes(equation).contains(candidate.value)) {
          equations.add(kept);
        }
        equations.add(rewritten);
      }
      stages.set(s, new Stage.Sweep(sweep.around(), sweep.run(), sweep.within(), equations));
    }
    return new Kernel.Nest(nest.parallel(), nest.block(), stages, nest.local(), nest.remark());
  }
}
