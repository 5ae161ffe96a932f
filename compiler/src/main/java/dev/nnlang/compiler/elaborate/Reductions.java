package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Origin;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/**
 * Reductions become tensors of their own, with just the indices around them that their body and
 * guard depend on.
 */
final class Reductions {
  private final Scope scope;
  private final Frame frame;
  private final Nodes nodes;

  Reductions(Scope scope) {
    this.scope = scope;
    this.frame = scope.frame();
    this.nodes = frame.assembly().nodes;
  }

  Value value(Typed.Reduce reduce) {
    var inner = scope;
    var axes = new ArrayList<Axis>();
    for (var axis : reduce.axes()) {
      var bound = inner.bind(axis);
      inner = bound.scope();
      axes.addAll(bound.axes());
    }
    var outer = inner;
    var guard = reduce.guard().map(g -> new Lowering(outer).node(g)).orElse(nodes.bool(true));
    var body = new Lowering(inner.when(guard)).node(reduce.body());
    var result = reduced(reduce.reducer(), axes, guard, body, List.of()).node();
    if (reduce.fallback().isEmpty() || guard.expr() instanceof Expr.Bool) {
      return Value.scalar(result);
    }
    var some = tensor(Reduction.Kind.ANY, axes, guard, nodes.bool(true), List.of(), "any").node();
    var fallback = new Lowering(scope.when(nodes.not(some))).node(reduce.fallback().get());
    return Value.scalar(nodes.select(some, result, fallback));
  }

  Value value(Typed.ReduceAll reduce) {
    var argument = new Lowering(scope).value(reduce.argument());
    var shape = reduce.argument().type().shape();
    var axes = new ArrayList<Axis>();
    var kept = new ArrayList<Axis>();
    var taken = new HashSet<>(scope.names());
    for (var dimension : shape) {
      var here = frame.assembly().axes(frame.extents(dimension), taken);
      here.forEach(a -> taken.add(a.name()));
      // The batch is never summed over (LR-36): each example has its own result.
      (dimension.isBatch() ? kept : axes).addAll(here);
    }
    var all = new ArrayList<Node>();
    int k = 0;
    int r = 0;
    for (var dimension : shape) {
      for (int i = 0; i < frame.extents(dimension).size(); i++) {
        all.add(nodes.index(dimension.isBatch() ? kept.get(k++) : axes.get(r++)));
      }
    }
    return reduced(reduce.reducer(), axes, nodes.bool(true), argument.at(all), kept);
  }

  /** The result, with a dimension for each of the {@code kept} axes. */
  private Value reduced(
      Typed.Reducer reducer, List<Axis> axes, Node guard, Node body, List<Axis> kept) {
    return switch (reducer) {
      case SUM -> tensor(Reduction.Kind.SUM, axes, guard, body, kept, word(reducer));
      case PROD -> tensor(Reduction.Kind.PROD, axes, guard, body, kept, word(reducer));
      case MAX -> tensor(Reduction.Kind.MAX, axes, guard, body, kept, word(reducer));
      case MIN -> tensor(Reduction.Kind.MIN, axes, guard, body, kept, word(reducer));
      case ANY -> tensor(Reduction.Kind.ANY, axes, guard, body, kept, word(reducer));
      case ALL -> tensor(Reduction.Kind.ALL, axes, guard, body, kept, word(reducer));
      case LOGSUMEXP -> tensor(Reduction.Kind.LOGSUMEXP, axes, guard, body, kept, word(reducer));
      case ARGMAX -> first(Reduction.Kind.ARGMAX, axes, guard, body, kept, word(reducer));
      case ARGMIN -> first(Reduction.Kind.ARGMIN, axes, guard, body, kept, word(reducer));
      case MEAN -> mean(axes, guard, body, kept);
    };
  }

  private static String word(Typed.Reducer reducer) {
    return reducer.name().toLowerCase(Locale.ROOT);
  }

  private Value mean(List<Axis> axes, Node guard, Node body, List<Axis> kept) {
    var sum = tensor(Reduction.Kind.SUM, axes, guard, body, kept, "sum");
    if (guard.expr() instanceof Expr.Bool(var all) && all) {
      var count = Poly.product(axes.stream().map(Axis::extent).toList());
      var number = Lowering.cast(nodes, Type.REAL, nodes.index(count));
      return new Value(Type.REAL, sum.shape(), at -> nodes.div(sum.at(at), number));
    }
    var count = tensor(Reduction.Kind.SUM, axes, guard, nodes.real(1), List.of(), "count").node();
    return new Value(Type.REAL, sum.shape(), at -> nodes.div(sum.at(at), count));
  }

  /**
   * The first extreme: over one index, so several (a batch of several leads) are counted as one.
   */
  private Value first(
      Reduction.Kind kind, List<Axis> axes, Node guard, Node body, List<Axis> kept, String word) {
    if (axes.size() == 1) {
      return tensor(kind, axes, guard, body, kept, word);
    }
    var assembly = frame.assembly();
    var extents = axes.stream().map(Axis::extent).toList();
    var avoided = scope.names();
    axes.forEach(a -> avoided.add(a.name()));
    var one = assembly.axis("k", Poly.product(extents), avoided);
    var places = new RowMajor(assembly).subscripts(nodes.index(one), extents);
    var values = new HashMap<Atom.Index, Node>();
    for (int i = 0; i < axes.size(); i++) {
      values.put(axes.get(i).index(), places.get(i));
    }
    return tensor(
        kind,
        List.of(one),
        Positions.substitute(nodes, guard, values),
        Positions.substitute(nodes, body, values),
        kept,
        word);
  }

  /** The value of a reduction of nothing (LR-35). */
  private Node empty(Reduction.Kind kind) {
    return switch (kind) {
      case SUM -> nodes.real(0);
      case PROD -> nodes.real(1);
      case MAX, LOGSUMEXP -> nodes.real(Double.NEGATIVE_INFINITY);
      case MIN -> nodes.real(Double.POSITIVE_INFINITY);
      case ANY -> nodes.bool(false);
      case ALL -> nodes.bool(true);
      case ARGMAX, ARGMIN -> throw new CompilerBug("an argmax of one index has one axis");
    };
  }

  private Value tensor(
      Reduction.Kind kind, List<Axis> axes, Node guard, Node body, List<Axis> kept, String word) {
    if (axes.isEmpty()) {
      // A run of no dimensions (`...S` of a scalar): one element, which the guard may leave out.
      return Value.scalar(nodes.select(guard, body, empty(kind)));
    }
    var free = new HashSet<>(Rebuild.indices(body, guard));
    axes.forEach(a -> free.remove(a.index()));
    var condition = nodes.bool(true);
    for (var c : scope.relevant(free)) {
      condition = nodes.and(condition, c);
    }
    condition = nodes.and(condition, guard);
    free.addAll(Rebuild.indices(condition));
    axes.forEach(a -> free.remove(a.index()));
    var around = scope.among(free);
    var target = scope.target();
    Tensor tensor =
        frame
            .assembly()
            .define(
                target.name() + "_" + word,
                Definitions.join(around, kept),
                new Reduction(kind, axes, condition),
                body,
                target.order(),
                Origin.of(target.span(), target.name() + ": " + word));
    return frame.whole(tensor, around);
  }
}
