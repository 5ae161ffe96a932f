package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Nodes;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/** Which equations are matrix products; each is looked at once. */
final class Products {
  private final Outer outer;
  private final Nodes nodes;
  private final Map<Equation, Optional<Kernel.Contraction>> known = new IdentityHashMap<>();

  Products(Nodes nodes) {
    this(Outer.NONE, nodes);
  }

  /** Those of one round of loops. */
  Products(Outer outer, Nodes nodes) {
    this.outer = outer;
    this.nodes = nodes;
  }

  Outer outer() {
    return outer;
  }

  /** The equation as a contraction, if it is one and large enough to be worth it. */
  Optional<Kernel.Contraction> of(Equation equation) {
    var found = known.get(equation);
    if (found == null) {
      found = Contractions.recognise(equation, outer, nodes);
      known.put(equation, found);
    }
    return found;
  }
}
