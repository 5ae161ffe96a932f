package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Nodes;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/** Which equations are matrix products; each is looked at once. */
final class Products {
  private final Choices choices;
  private final Outer outer;
  private final Nodes nodes;
  private final Map<Equation, Optional<Kernel.Contraction>> known = new IdentityHashMap<>();

  Products(Choices choices, Nodes nodes) {
    this(choices, Outer.NONE, nodes);
  }

  /** Those of one round of loops. */
  Products(Choices choices, Outer outer, Nodes nodes) {
    this.choices = choices;
    this.outer = outer;
    this.nodes = nodes;
  }

  Choices choices() {
    return choices;
  }

  Outer outer() {
    return outer;
  }

  /** The equation as a contraction, if it is one and large enough to be worth it. */
  Optional<Kernel.Contraction> of(Equation equation) {
    var found = known.get(equation);
    if (found == null) {
      found =
          choices.has(Choices.Part.PRODUCTS)
              ? Contractions.recognise(equation, outer, nodes)
              : Optional.empty();
      known.put(equation, found);
    }
    return found;
  }
}
