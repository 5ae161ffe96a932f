package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Call;
import dev.nnlang.compiler.semantics.Typed.Variable;
import dev.nnlang.compiler.semantics.TypedWalk;
import dev.nnlang.compiler.semantics.bodies.DataFlow.Sources;
import dev.nnlang.compiler.semantics.problem.EquationProblem;
import dev.nnlang.compiler.semantics.problem.Uses;
import dev.nnlang.compiler.source.Span;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether what {@code grad} differentiates depends on what it is differentiated by, and by way of
 * its own example alone (LR-6). By an input it may depend through other inputs, of which only the
 * use knows what they are computed from: such a derivative stays open, and is looked at again in
 * the body, or the plan, that makes the call.
 */
public final class GradientFlow {
  private final Engine engine;
  private final Map<Typed.Body, DataFlow> flows = new IdentityHashMap<>();
  private final Map<Typed.Body, List<Open>> open = new IdentityHashMap<>();

  GradientFlow(Engine engine) {
    this.engine = engine;
  }

  /**
   * A derivative by an input of a body.
   *
   * @param gradient as it was written
   * @param by the input
   * @param from the inputs that what is differentiated is computed from
   */
  private record Open(Typed.Gradient gradient, Variable by, Sources from) {}

  /** What the values of a body are computed from. */
  DataFlow of(Typed.Body body) {
    return flows.computeIfAbsent(
        body, b -> new DataFlow(b.statements(), b.outputs(), Set.copyOf(b.inputs()), this));
  }

  /** Whether a place is in one of the user's files. */
  boolean isUsers(Span at) {
    return engine.workspace().units().stream().anyMatch(u -> u.file().span().file() == at.file());
  }

  /** Reports the derivatives in a body that are wrong whatever uses it. */
  public void check(Typed.Body body, Frame frame) {
    open.put(body, check(of(body), body.statements(), frame));
  }

  /**
   * Reports the derivatives that a plan makes wrong: by what it computes from what.
   *
   * @param figures the loss and metrics
   */
  public void check(Typed.Objective objective, List<Typed.Expr> figures, Frame frame) {
    var arguments =
        objective.arguments().stream()
            .<Typed.Expr>map(v -> new Typed.Whole(v, false, v.type(), objective.span()))
            .toList();
    var call =
        new Call(
            objective.model(),
            arguments,
            List.of(),
            arguments.stream().map(_ -> false).toList(),
            objective.span());
    var targets = objective.outputs().stream().map(Optional::of).toList();
    var statements = new ArrayList<Typed.Statement>();
    statements.add(new Typed.DefineAll(targets, call, objective.span()));
    for (var figure : figures) {
      var variable = new Variable("", Typed.Role.LOCAL, figure.type(), figure.span());
      statements.add(new Typed.Define(variable, false, List.of(), figure, figure.span()));
    }
    check(new DataFlow(statements, List.of(), Set.of(), this), statements, frame);
  }

  /** What is left open is given back. */
  private List<Open> check(DataFlow flow, List<Typed.Statement> statements, Frame frame) {
    var left = new ArrayList<Open>();
    var work = new ArrayList<Typed.Expr>();
    for (var statement : statements) {
      switch (statement) {
        case Typed.Define define -> work.add(define.value());
        case Typed.DefineAll all -> {
          work.addAll(all.call().arguments());
          check(all.call(), flow, frame, left);
        }
      }
    }
    while (!work.isEmpty()) {
      var x = work.removeLast();
      switch (x) {
        case Typed.Gradient gradient -> check(gradient, flow, frame, left);
        case Typed.Result result -> check(result.call(), flow, frame, left);
        default -> {}
      }
      work.addAll(TypedWalk.parts(x));
    }
    return left;
  }

  private void check(Typed.Gradient g, DataFlow flow, Frame frame, List<Open> left) {
    var from = flow.of(List.of(g.of()));
    var mix = from.mixed().get(g.by());
    if (mix != null) {
      frame.report(mixes(g, Optional.empty(), mix.orElseThrow()));
      return;
    }
    if (flow.inputs().contains(g.by())) {
      left.add(new Open(g, g.by(), from.among(flow.inputs())));
    }
    boolean isOpen =
        g.by().role() == Typed.Role.INPUT
            && Stream.of(from.plain(), from.mixed().keySet())
                .flatMap(Set::stream)
                .anyMatch(v -> v.role() == Typed.Role.INPUT);
    if (!isOpen && !from.has(g.by())) {
      frame.report(independent(g, Optional.empty()));
    }
  }

  /** Derivatives that the body of a call has left open. */
  private void check(Call call, DataFlow flow, Frame frame, List<Open> left) {
    for (var derivative : open.getOrDefault(call.instance().body(), List.of())) {
      var by = variable(argument(call, derivative.by));
      if (by == null) {
        continue;
      }
      var plain = new ArrayList<Typed.Expr>();
      derivative.from.plain().forEach(v -> plain.add(argument(call, v)));
      var mixed = new LinkedHashMap<Typed.Expr, Call>();
      derivative
          .from
          .mixed()
          .forEach((v, inner) -> mixed.put(argument(call, v), flow.shown(inner, call)));
      var from = flow.from(plain, mixed);
      var mix = from.mixed().get(by);
      var g = derivative.gradient;
      var text = argument(call, derivative.by).span().text();
      var given = Optional.of(text).filter(t -> !t.equals(g.by().name()));
      if (mix != null) {
        frame.report(at(call, mixes(g, given, mix.orElseThrow())));
      } else if (flow.inputs().contains(by)) {
        left.add(new Open(g, by, from.among(flow.inputs())));
      } else if (!from.has(by)) {
        frame.report(at(call, independent(g, given)));
      }
    }
  }

  private static Typed.Expr argument(Call call, Variable input) {
    return call.arguments().get(call.instance().body().inputs().indexOf(input));
  }

  /** The tensor that an argument is, or is a part of; null where it is computed on the spot. */
  private static Variable variable(Typed.Expr x) {
    return switch (x) {
      case Typed.Whole whole -> whole.variable();
      case Typed.Access access -> variable(access.target());
      default -> null;
    };
  }

  private static EquationProblem mixes(Typed.Gradient g, Optional<String> given, Call layer) {
    return new EquationProblem.GradMixesExamples(
        g.span(),
        g.of().span().text(),
        g.by().name(),
        given,
        layer.instance().body().name(),
        layer.span());
  }

  private static EquationProblem independent(Typed.Gradient g, Optional<String> given) {
    return new EquationProblem.GradIndependent(
        g.span(), g.of().span().text(), g.by().name(), given, g.of().span());
  }

  private static Uses at(Call call, EquationProblem problem) {
    return new Uses(problem, call.span(), call.instance().body().name());
  }
}
