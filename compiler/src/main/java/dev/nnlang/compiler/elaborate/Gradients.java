package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Origin;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code grad(e, x)}: asked for here, resolved by differentiation (LR-6, LR-91). */
final class Gradients {
  private final Scope scope;
  private final Frame frame;
  private final Nodes nodes;

  Gradients(Scope scope) {
    this.scope = scope;
    this.frame = scope.frame();
    this.nodes = frame.assembly().nodes;
  }

  Value value(Typed.Gradient gradient) {
    var by = frame.value(gradient.by());
    var seen = read(by.at(by.shape().stream().map(_ -> nodes.integer(0)).toList()), gradient);
    var scalar = new Lowering(scope).node(gradient.of());
    // The leads that x has are the first dimensions of its tensor, or it has none of them.
    var wanted = new HashSet<>(Rebuild.indices(scalar));
    var its = Rebuild.indices(nodes.read(seen.tensor(), seen.subscripts()));
    wanted.addAll(its);
    var leads = scope.among(wanted);
    var of = of(scalar, leads.stream().map(nodes::index).toList(), wanted);
    boolean shared = !its.isEmpty();
    var shape = new ArrayList<Poly>(shared ? List.of() : of.shape());
    shape.addAll(seen.tensor().shape());
    var target = scope.target();
    var result =
        frame
            .assembly()
            .derivative(
                "d_" + target.name() + "_d_" + gradient.by().name(),
                shape,
                of,
                seen.tensor(),
                Origin.of(gradient.span(), "d " + of.name() + " / d " + gradient.by().name()));
    return new Value(
        Type.REAL,
        by.shape(),
        at -> {
          var place = new ArrayList<Node>();
          if (!shared) {
            leads.forEach(a -> place.add(nodes.index(a)));
          }
          place.addAll(read(by.at(at), gradient).subscripts());
          return nodes.read(result, place);
        });
  }

  private static Expr.Read read(Node node, Typed.Gradient gradient) {
    if (node.expr() instanceof Expr.Read read) {
      return read;
    }
    throw new CompilerBug("a derivative by what is no tensor: " + gradient.by());
  }

  /** The scalar as a tensor that has exactly the leads. */
  private Tensor of(Node scalar, List<Node> leads, Set<Atom.Index> in) {
    if (scalar.expr() instanceof Expr.Read(var tensor, var subscripts)
        && subscripts.equals(leads)) {
      return tensor;
    }
    var target = scope.target();
    return frame
        .assembly()
        .define(
            target.name() + "_of",
            scope.among(in),
            Definitions.guarded(scope, scalar),
            target.order(),
            Origin.of(target.span(), target.name() + ": what is differentiated"));
  }
}
