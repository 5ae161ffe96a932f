package dev.nnlang.compiler.semantics;

import dev.nnlang.compiler.semantics.Typed.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether what {@code grad} differentiates depends on what it is differentiated by, as far as one
 * declaration shows (LR-6). By an input it may depend through other inputs, of which only the use
 * knows what they are computed from.
 */
final class GradientFlow {
  private final Map<Variable, List<Typed.Expr>> definitions = new HashMap<>();
  private final Set<Variable> inputs;
  private final Frame frame;

  private GradientFlow(Set<Variable> inputs, Frame frame) {
    this.inputs = inputs;
    this.frame = frame;
  }

  static void check(List<Typed.Statement> statements, Set<Variable> inputs, Frame frame) {
    new GradientFlow(inputs, frame).check(statements);
  }

  private void check(List<Typed.Statement> statements) {
    var roots = new ArrayList<Typed.Expr>();
    for (var statement : statements) {
      switch (statement) {
        case Typed.Define define -> {
          roots.add(define.value());
          if (!define.primed()) {
            definitions.put(define.target(), List.of(define.value()));
          }
        }
        case Typed.DefineAll all -> {
          roots.addAll(all.call().arguments());
          all.targets().forEach(t -> t.ifPresent(v -> definitions.put(v, all.call().arguments())));
        }
      }
    }
    while (!roots.isEmpty()) {
      var x = roots.removeLast();
      if (x instanceof Typed.Gradient gradient) {
        check(gradient);
      }
      roots.addAll(TypedWalk.parts(x));
    }
  }

  private void check(Typed.Gradient g) {
    var reached = reached(g.of());
    boolean open = inputs.contains(g.by()) && reached.stream().anyMatch(inputs::contains);
    if (!reached.contains(g.by()) && !open) {
      frame.report(
          new EquationProblem.GradIndependent(
              g.span(), g.of().span().text(), g.by().name(), g.of().span()));
    }
  }

  /** The real variables that an expression is computed from, one from another. */
  private Set<Variable> reached(Typed.Expr from) {
    var reached = new HashSet<Variable>();
    var work = new ArrayList<>(List.of(from));
    while (!work.isEmpty()) {
      var x = work.removeLast();
      switch (x) {
        case Typed.Whole whole -> {
          if (Types.isReal(x) && reached.add(whole.variable())) {
            work.addAll(definitions.getOrDefault(whole.variable(), List.of()));
          }
        }
        // Held fixed, or of no slope (LR-71).
        case Typed.StopGradient _, Typed.Compare _, Typed.Not _, Typed.And _, Typed.Or _ -> {}
        default -> work.addAll(TypedWalk.parts(x));
      }
    }
    return reached;
  }
}
