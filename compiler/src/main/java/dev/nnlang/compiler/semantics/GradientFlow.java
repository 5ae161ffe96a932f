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
 * declaration shows, and by way of its own example alone (LR-6). By an input it may depend through
 * other inputs, of which only the use knows what they are computed from.
 */
final class GradientFlow {
  private final Map<Variable, List<Typed.Expr>> definitions = new HashMap<>();

  /** The call that gives a variable, where it is one of several results. */
  private final Map<Variable, Typed.Call> results = new HashMap<>();

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
          for (var target : all.targets()) {
            target.ifPresent(v -> definitions.put(v, all.call().arguments()));
            target.ifPresent(v -> results.put(v, all.call()));
          }
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
    var calls = new ArrayList<Typed.Call>();
    var reached = reached(List.of(g.of()), calls);
    for (var call : calls) {
      if (seesBatch(call.instance().body())
          && reached(call.arguments(), new ArrayList<>()).contains(g.by())) {
        frame.report(
            new EquationProblem.GradMixesExamples(
                g.span(),
                g.of().span().text(),
                g.by().name(),
                call.instance().body().name(),
                call.span()));
        return;
      }
    }
    boolean open = inputs.contains(g.by()) && reached.stream().anyMatch(inputs::contains);
    if (!reached.contains(g.by()) && !open) {
      frame.report(
          new EquationProblem.GradIndependent(
              g.span(), g.of().span().text(), g.by().name(), g.of().span()));
    }
  }

  /** Whether a declaration, or one that it calls, computes with several examples together. */
  private static boolean seesBatch(Typed.Body body) {
    if (body.inputs().stream()
        .map(v -> v.type().shape())
        .anyMatch(shape -> !shape.isEmpty() && shape.getFirst().isBatch())) {
      return true;
    }
    var work = new ArrayList<Typed.Expr>();
    for (var statement : body.statements()) {
      switch (statement) {
        case Typed.Define define -> work.add(define.value());
        case Typed.DefineAll all -> {
          if (seesBatch(all.call().instance().body())) {
            return true;
          }
          work.addAll(all.call().arguments());
        }
      }
    }
    while (!work.isEmpty()) {
      var x = work.removeLast();
      if (x instanceof Typed.Result result && seesBatch(result.call().instance().body())) {
        return true;
      }
      work.addAll(TypedWalk.parts(x));
    }
    return false;
  }

  /**
   * The real variables that expressions are computed from, one from another.
   *
   * @param calls takes the calls on the way
   */
  private Set<Variable> reached(List<Typed.Expr> from, List<Typed.Call> calls) {
    var reached = new HashSet<Variable>();
    var work = new ArrayList<>(from);
    while (!work.isEmpty()) {
      var x = work.removeLast();
      switch (x) {
        case Typed.Whole whole -> {
          if (Types.isReal(x) && reached.add(whole.variable())) {
            work.addAll(definitions.getOrDefault(whole.variable(), List.of()));
            if (results.containsKey(whole.variable())) {
              calls.add(results.get(whole.variable()));
            }
          }
        }
        // Held fixed, or of no slope (LR-71).
        case Typed.StopGradient _, Typed.Compare _, Typed.Not _, Typed.And _, Typed.Or _ -> {}
        default -> {
          if (x instanceof Typed.Result result) {
            calls.add(result.call());
          }
          work.addAll(TypedWalk.parts(x));
        }
      }
    }
    return reached;
  }
}
