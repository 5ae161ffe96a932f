package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Define;
import dev.nnlang.compiler.semantics.Typed.DefineAll;
import dev.nnlang.compiler.semantics.Typed.Variable;
import dev.nnlang.compiler.semantics.TypedWalk;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Whether a value may differ from example to example (LR-17). */
public final class Examples {
  private final Frame frame;
  private final Set<Variable> asked = Collections.newSetFromMap(new IdentityHashMap<>());

  private Examples(Frame frame) {
    this.frame = frame;
  }

  /** False only where it is certain that it is the same for all. */
  static boolean mayDiffer(Typed.Expr x, Frame frame) {
    return new Examples(frame).differs(x);
  }

  private boolean differs(Typed.Expr x) {
    return switch (x) {
      case Typed.Whole w -> differs(w.variable());
      case Typed.Draw _ -> true;
      case Typed.Result r ->
          draws(r.call().instance().body())
              || r.call().arguments().stream().anyMatch(this::differs);
      default -> TypedWalk.parts(x).stream().anyMatch(this::differs);
    };
  }

  private boolean differs(Variable variable) {
    return switch (variable.role()) {
      case PARAM, FROZEN, STATE, FIT -> false;
      case SOURCE -> true;
      case INPUT -> frame.mayDiffer(variable);
      case LOCAL -> {
        if (!asked.add(variable)) {
          yield false;
        }
        yield switch (frame.definition(variable)) {
          case null -> true;
          case Define d -> differs(d.value());
          case DefineAll d ->
              draws(d.call().instance().body())
                  || d.call().arguments().stream().anyMatch(this::differs);
        };
      }
    };
  }

  private static boolean draws(Typed.Body body) {
    return body.statements().stream()
        .anyMatch(
            s ->
                switch (s) {
                  case Define d -> drawsIn(List.of(d.value()));
                  case DefineAll d -> draws(d.call().instance().body());
                });
  }

  private static boolean drawsIn(List<Typed.Expr> values) {
    return values.stream()
        .anyMatch(
            x ->
                x instanceof Typed.Draw
                    || x instanceof Typed.Result r && draws(r.call().instance().body())
                    || drawsIn(TypedWalk.parts(x)));
  }
}
