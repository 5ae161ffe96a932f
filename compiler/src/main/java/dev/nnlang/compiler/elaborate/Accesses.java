package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads with subscripts: slices, gathers, and what stands outside ({@code ??}). */
final class Accesses {
  private final Scope scope;
  private final Frame frame;
  private final Nodes nodes;

  Accesses(Scope scope) {
    this.scope = scope;
    this.frame = scope.frame();
    this.nodes = frame.assembly().nodes;
  }

  Value value(Typed.Access access) {
    var dimensions = access.target().type().shape();
    var given = new ArrayList<Optional<Node>>();
    var open = new ArrayList<Poly>();
    var guard = nodes.bool(true);
    for (int d = 0; d < dimensions.size(); d++) {
      var extents = frame.extents(dimensions.get(d));
      var subscript = access.subscripts().get(d);
      if (subscript.isEmpty()) {
        extents.forEach(_ -> given.add(Optional.empty()));
        open.addAll(extents);
        continue;
      }
      var components = components(subscript.get(), dimensions.get(d), extents);
      components.forEach(c -> given.add(Optional.of(c)));
      if (access.guarded().get(d)) {
        for (int i = 0; i < extents.size(); i++) {
          guard = nodes.and(guard, inside(components.get(i), extents.get(i)));
        }
      }
    }
    var target = new Lowering(scope.when(guard)).value(access.target());
    if (access.fallback().isEmpty() || guard.expr() instanceof Expr.Bool) {
      return new Value(target.type(), open, at -> target.at(filled(given, at)));
    }
    var test = guard;
    var outside = new Lowering(scope.when(nodes.not(guard))).value(access.fallback().get());
    return new Value(
        target.type(),
        open,
        at -> nodes.select(test, target.at(filled(given, at)), outside.spread(at)));
  }

  /** A subscript of the batch names one position in each lead; any other is one node. */
  private List<Node> components(Typed.Expr subscript, Typed.Dimension of, List<Poly> extents) {
    if (of.isBatch() && subscript instanceof Typed.Position(var poly, _, _)) {
      for (var bound : scope.parts().entrySet()) {
        if (poly.equals(Poly.of(bound.getKey())) && bound.getValue().size() == extents.size()) {
          return bound.getValue().stream().map(nodes::index).toList();
        }
      }
    }
    var node = new Lowering(scope).node(subscript);
    return of.isBatch() ? new RowMajor(frame.assembly()).subscripts(node, extents) : List.of(node);
  }

  /** {@code 0 <= position < extent}, without the half that ranges prove. */
  private Node inside(Node position, Poly extent) {
    if (position.expr() instanceof Expr.Index(var p)) {
      var prover = frame.assembly().prover(p, extent);
      var above = prover.atLeastZero(p) ? nodes.bool(true) : nodes.atLeastZero(p);
      var below =
          prover.less(p, extent)
              ? nodes.bool(true)
              : nodes.compare(Comparison.LT, position, nodes.index(extent));
      return nodes.and(above, below);
    }
    return nodes.and(
        nodes.compare(Comparison.GE, position, nodes.integer(0)),
        nodes.compare(Comparison.LT, position, nodes.index(extent)));
  }

  /** The subscripts with those of {@code :} put in, in order. */
  static List<Node> filled(List<Optional<Node>> given, List<Node> open) {
    var all = new ArrayList<Node>();
    int next = 0;
    for (var subscript : given) {
      all.add(subscript.isPresent() ? subscript.get() : open.get(next++));
    }
    return all;
  }
}
