package dev.nnlang.compiler.stabilise;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Tensor;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The equations as they are now, and what a rule may do with them: look, and add. */
final class Scene {
  /** Deeper chains of elementwise tensors than this are not looked through. */
  private static final int DEPTH = 12;

  private final Nodes nodes;
  private final Map<Tensor, Equation> definitions;
  private final Set<String> names = new HashSet<>();

  Scene(Program program) {
    this.nodes = program.nodes();
    this.definitions = new LinkedHashMap<>(program.definitions());
    program.inputs().forEach(i -> names.add(i.tensor().name()));
    program.equations().forEach(e -> names.add(e.tensor().name()));
    program.derivatives().forEach(d -> names.add(d.result().name()));
  }

  Nodes nodes() {
    return nodes;
  }

  List<Equation> equations() {
    return List.copyOf(definitions.values());
  }

  void put(Equation equation) {
    definitions.put(equation.tensor(), equation);
  }

  /** A tensor with a name of its own, for {@link #put}. */
  Tensor fresh(String wish, Tensor like) {
    var name = wish;
    while (!names.add(name)) {
      name = nodes.fresh(wish);
    }
    return new Tensor(name, like.type(), like.shape());
  }

  /** What a read of an elementwise tensor computes; any other node is itself. */
  Node see(Node node) {
    var seen = node;
    for (int i = 0; i < DEPTH; i++) {
      if (!(seen.expr() instanceof Expr.Read(var tensor, var subscripts))) {
        return seen;
      }
      var equation = definitions.get(tensor);
      if (equation == null
          || equation.reduction().isPresent()
          || Rebuild.tensors(equation).contains(tensor)) {
        return seen;
      }
      seen = Inline.at(nodes, equation, subscripts);
    }
    return seen;
  }

  /** A read of a tensor that a reduction defines. */
  record Reduced(Equation equation, List<Node> subscripts) {}

  /** The reduction that a node reads, through elementwise copies. */
  Optional<Reduced> reduced(Node node) {
    return see(node).expr() instanceof Expr.Read(var tensor, var subscripts)
            && definitions.get(tensor) instanceof Equation equation
            && equation.reduction().isPresent()
        ? Optional.of(new Reduced(equation, subscripts))
        : Optional.empty();
  }
}
