package dev.nnlang.compiler.semantics.plans;

import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Define;
import dev.nnlang.compiler.semantics.Typed.DefineAll;
import dev.nnlang.compiler.semantics.Typed.Reducer;
import dev.nnlang.compiler.semantics.Typed.Variable;
import dev.nnlang.compiler.semantics.TypedWalk;
import dev.nnlang.compiler.semantics.bodies.Folding;
import dev.nnlang.compiler.semantics.bodies.Frame;
import dev.nnlang.compiler.semantics.problem.EquationProblem;
import dev.nnlang.compiler.source.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what takes logits and is given probabilities (LR-38), by the shape of equations: no
 * declaration is known by name.
 *
 * <p>Probabilities are {@code exp(x) / sum(exp(x))} and {@code 1 / (1 + exp(-x))}. What takes
 * logits computes {@code logsumexp(x)}, {@code log(sum(exp(x)))}, {@code log(1 + exp(x))} or {@code
 * exp(x) / sum(exp(x))}. The second over the first is a mistake in a loss, and from one stage of a
 * pipe to the next; elsewhere (attention over attention) it is meant.
 */
public final class Probabilities {
  private final Frame frame;
  private final Set<Span> reported = Collections.newSetFromMap(new IdentityHashMap<>());

  private Probabilities(Frame frame) {
    this.frame = frame;
  }

  /** An expression and the body that its variables belong to. */
  private record Bound(Typed.Expr expr, Place place) {}

  /** One body at one call: what its inputs are given, and its definitions. */
  private record Place(Map<Variable, Bound> given, Map<Variable, Typed.Statement> definitions) {
    static Place of(Typed.Body body, List<Typed.Expr> arguments, Place caller) {
      var given = new IdentityHashMap<Variable, Bound>();
      for (int i = 0; i < Math.min(arguments.size(), body.inputs().size()); i++) {
        given.put(body.inputs().get(i), new Bound(arguments.get(i), caller));
      }
      var definitions = new IdentityHashMap<Variable, Typed.Statement>();
      for (var statement : body.statements()) {
        switch (statement) {
          case Define d -> definitions.put(d.target(), d);
          case DefineAll d ->
              d.targets().forEach(t -> t.ifPresent(local -> definitions.put(local, d)));
        }
      }
      return new Place(given, definitions);
    }

    static Place outside() {
      return new Place(Map.of(), Map.of());
    }
  }

  /** Reports what is wrong in a plan's loss and in the pipes of its model. */
  static void check(Typed.Objective objective, Frame frame) {
    var model = Place.of(objective.model().body(), List.of(), Place.outside());
    var given = new IdentityHashMap<Variable, Bound>();
    for (int i = 0; i < objective.outputs().size(); i++) {
      var output = objective.model().body().outputs().get(i);
      given.put(
          objective.outputs().get(i),
          new Bound(new Typed.Whole(output, false, output.type(), output.span()), model));
    }
    var finder = new Probabilities(frame);
    finder.loss(objective.loss(), new Place(given, Map.of()), Optional.empty());
    finder.pipes(objective.model().body());
  }

  // Where it is a mistake.

  /** Every taker of logits in a loss and in what it calls; shown at the plan's own call. */
  private void loss(Typed.Expr x, Place place, Optional<Span> call) {
    for (var exponent : takesLogits(x, place)) {
      probabilities(exponent, place).ifPresent(made -> report(call.orElse(x.span()), made));
    }
    if (x instanceof Typed.Result r) {
      var body = r.call().instance().body();
      var inside = Place.of(body, r.call().arguments(), place);
      values(body).forEach(v -> loss(v, inside, Optional.of(call.orElse(x.span()))));
    }
    TypedWalk.parts(x).forEach(part -> loss(part, place, call));
  }

  /** A stage that takes logits, fed by a stage that gives probabilities. */
  private void pipes(Typed.Body body) {
    values(body).forEach(this::stages);
  }

  private void stages(Typed.Expr x) {
    if (x instanceof Typed.Result r) {
      var body = r.call().instance().body();
      boolean isFed = r.call().arguments().stream().anyMatch(Typed.Result.class::isInstance);
      if (isFed) {
        var inside = Place.of(body, r.call().arguments(), Place.outside());
        for (var value : values(body)) {
          for (var exponent : takesLogits(value, inside)) {
            if (leaf(exponent).filter(body.inputs()::contains).isPresent()) {
              probabilities(exponent, inside).ifPresent(made -> report(r.span(), made));
            }
          }
        }
      }
      pipes(body);
    }
    TypedWalk.parts(x).forEach(this::stages);
  }

  private static List<Typed.Expr> values(Typed.Body body) {
    var values = new ArrayList<Typed.Expr>();
    for (var statement : body.statements()) {
      switch (statement) {
        case Define d -> values.add(d.value());
        case DefineAll d -> values.addAll(d.call().arguments());
      }
    }
    return values;
  }

  private void report(Span at, Span made) {
    if (reported.add(at)) {
      frame.report(new EquationProblem.LogitsOfProbabilities(at, at.text(), made, made.text()));
    }
  }

  // Forms.

  /** The exponents over which an expression itself normalises; empty where it does not. */
  private List<Typed.Expr> takesLogits(Typed.Expr x, Place place) {
    return switch (x) {
      case Typed.Reduce r when r.reducer() == Reducer.LOGSUMEXP -> List.of(r.body());
      case Typed.ReduceAll r when r.reducer() == Reducer.LOGSUMEXP -> List.of(r.argument());
      case Typed.Unary u when u.op() == UnaryOp.LOG -> {
        var inside = peel(new Bound(u.x(), place));
        var one = onePlusExp(inside);
        yield (one.isPresent() ? one : sumOfExp(inside)).map(List::of).orElse(List.of());
      }
      case Typed.Unary u when u.op() == UnaryOp.LOG1P ->
          exponent(peel(new Bound(u.x(), place))).map(List::of).orElse(List.of());
      case Typed.Binary b when b.op() == BinaryOp.DIV ->
          normaliser(b, place).map(List::of).orElse(List.of());
      default -> List.of();
    };
  }

  /** {@code exp(x) / sum(exp(x))}: x. */
  private Optional<Typed.Expr> normaliser(Typed.Binary quotient, Place place) {
    var above = exponent(peel(new Bound(quotient.x(), place)));
    var below = sumOfExp(peel(new Bound(quotient.y(), place)));
    return below.isPresent() ? above : Optional.empty();
  }

  private Optional<Typed.Expr> sumOfExp(Bound b) {
    return switch (b.expr()) {
      case Typed.Reduce r when r.reducer() == Reducer.SUM ->
          exponent(peel(new Bound(r.body(), b.place())));
      case Typed.ReduceAll r when r.reducer() == Reducer.SUM ->
          exponent(peel(new Bound(r.argument(), b.place())));
      default -> Optional.empty();
    };
  }

  private Optional<Typed.Expr> onePlusExp(Bound b) {
    if (!(b.expr() instanceof Typed.Binary sum) || sum.op() != BinaryOp.ADD) {
      return Optional.empty();
    }
    if (isOne(sum.x())) {
      return exponent(peel(new Bound(sum.y(), b.place())));
    }
    return isOne(sum.y()) ? exponent(peel(new Bound(sum.x(), b.place()))) : Optional.empty();
  }

  private static boolean isOne(Typed.Expr x) {
    return Folding.number(x).filter(v -> v == 1).isPresent();
  }

  private static Optional<Typed.Expr> exponent(Bound b) {
    return b.expr() instanceof Typed.Unary u && u.op() == UnaryOp.EXP
        ? Optional.of(u.x())
        : Optional.empty();
  }

  /** What a local, a conversion or a one-equation call stands for. */
  private static Bound peel(Bound b) {
    var now = b;
    for (int steps = 0; steps < 20; steps++) {
      var next = step(now);
      if (next == null) {
        return now;
      }
      now = next;
    }
    return now;
  }

  private static Bound step(Bound b) {
    return switch (b.expr()) {
      case Typed.Cast c -> new Bound(c.x(), b.place());
      case Typed.Reshape r -> new Bound(r.x(), b.place());
      case Typed.Access a -> new Bound(a.target(), b.place());
      case Typed.Whole w -> {
        var given = b.place().given().get(w.variable());
        if (given != null) {
          yield given;
        }
        yield b.place().definitions().get(w.variable()) instanceof Define d
            ? new Bound(d.value(), b.place())
            : null;
      }
      case Typed.Result r -> {
        var body = r.call().instance().body();
        var output = body.outputs().get(r.output());
        yield new Bound(
            new Typed.Whole(output, false, output.type(), output.span()),
            Place.of(body, r.call().arguments(), b.place()));
      }
      default -> null;
    };
  }

  /** The tensor that an exponent is, but for its sign and a shift; empty where it is more. */
  private static Optional<Variable> leaf(Typed.Expr exponent) {
    return leafExpr(exponent).map(w -> w.variable());
  }

  private static Optional<Typed.Whole> leafExpr(Typed.Expr exponent) {
    return switch (exponent) {
      case Typed.Whole w -> Optional.of(w);
      case Typed.Access a -> leafExpr(a.target());
      case Typed.Cast c -> leafExpr(c.x());
      case Typed.Unary u when u.op() == UnaryOp.NEG || u.op() == UnaryOp.ABS -> leafExpr(u.x());
      case Typed.Binary b when b.op() == BinaryOp.SUB -> leafExpr(b.x());
      default -> Optional.empty();
    };
  }

  /** Where probabilities were made of which this exponent consists; empty where it does not. */
  private Optional<Span> probabilities(Typed.Expr exponent, Place place) {
    var start = leafExpr(exponent);
    if (start.isEmpty()) {
      return Optional.empty();
    }
    var now = new Bound(start.get(), place);
    Optional<Span> call = Optional.empty();
    for (int steps = 0; steps < 40; steps++) {
      if (now.expr() instanceof Typed.Result r) {
        call = Optional.of(r.span());
      }
      if (now.expr() instanceof Typed.Binary b && b.op() == BinaryOp.DIV) {
        boolean isSigmoid =
            isOne(b.x()) && onePlusExp(peel(new Bound(b.y(), now.place()))).isPresent();
        return isSigmoid || normaliser(b, now.place()).isPresent()
            ? Optional.of(call.orElse(b.span()))
            : Optional.empty();
      }
      var next = step(now);
      if (next == null) {
        return Optional.empty();
      }
      now = next;
    }
    return Optional.empty();
  }
}
