package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Origin;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import java.util.List;

/** The mean over examples, at the very end (LR-16). */
final class Means {
  private Means() {}

  /** What does not depend on the example is its own mean. */
  static Tensor over(Assembly assembly, List<Axis> examples, Node each, String name, Span span) {
    var nodes = assembly.nodes;
    var origin = Origin.of(span, name + ": mean over the batch");
    var indices = Rebuild.indices(each);
    if (examples.stream().noneMatch(a -> indices.contains(a.index()))) {
      return assembly.whole(name, List.of(), each, Order.START, origin);
    }
    var sum =
        assembly.define(
            name + "_sum",
            List.of(),
            new Reduction(Reduction.Kind.SUM, examples, nodes.bool(true)),
            each,
            Order.START,
            origin);
    var count = Poly.product(examples.stream().map(Axis::extent).toList());
    return assembly.define(
        name,
        List.of(),
        nodes.div(
            assembly.read(sum, List.of()), Lowering.cast(nodes, Type.REAL, nodes.index(count))),
        Order.START,
        origin);
  }
}
