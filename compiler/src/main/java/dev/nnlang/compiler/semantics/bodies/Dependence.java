package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Define;
import dev.nnlang.compiler.semantics.Typed.DefineAll;
import dev.nnlang.compiler.semantics.Typed.Role;
import dev.nnlang.compiler.semantics.Typed.Variable;
import dev.nnlang.compiler.semantics.TypedWalk;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Whether a value is computed from a variable, through the data flow of the place where a
 * declaration is used (LR-6): an input is what the use gives it.
 */
public final class Dependence {
  private final Variable by;
  private final Frame home;
  private final Set<Variable> asked = Collections.newSetFromMap(new IdentityHashMap<>());

  private Dependence(Variable by, Frame home) {
    this.by = by;
    this.home = home;
  }

  /** False only where it is certain that nothing of {@code x} comes from the variable. */
  static boolean mayDepend(Typed.Expr x, Variable by, Frame frame) {
    var variable = by;
    var home = frame;
    while (variable.role() == Role.INPUT
        && home.caller().isPresent()
        && home.argument(variable).orElse(null) instanceof Typed.Whole w) {
      variable = w.variable();
      home = home.caller().get();
    }
    if (home.isGeneric() && home.caller().isEmpty() && variable.role() == Role.INPUT) {
      // What its uses give is not known.
      return true;
    }
    return new Dependence(by, frame).depends(x, frame)
        || variable != by && new Dependence(variable, home).depends(x, frame);
  }

  private boolean depends(Typed.Expr x, Frame at) {
    return x instanceof Typed.Whole w
        ? depends(w.variable(), at)
        : TypedWalk.parts(x).stream().anyMatch(p -> depends(p, at));
  }

  private boolean depends(Variable variable, Frame at) {
    if (variable == by && at == home) {
      return true;
    }
    if (!asked.add(variable)) {
      return false;
    }
    return switch (variable.role()) {
      case PARAM, FROZEN, STATE, FIT, SOURCE -> false;
      case INPUT ->
          at.argument(variable).isPresent() && at.caller().isPresent()
              ? depends(at.argument(variable).get(), at.caller().get())
              : at.caller().isPresent() || at.isGeneric() || at.symbol().isEmpty();
      case LOCAL ->
          switch (at.definition(variable)) {
            case null -> true;
            case Define d -> depends(d.value(), at);
            case DefineAll d -> d.call().arguments().stream().anyMatch(a -> depends(a, at));
          };
    };
  }
}
