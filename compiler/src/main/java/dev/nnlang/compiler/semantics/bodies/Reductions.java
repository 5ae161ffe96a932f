package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.semantics.Mode;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Axis;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Typed.Element;
import dev.nnlang.compiler.semantics.Typed.Reducer;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.names.ScalarFunctions;
import dev.nnlang.compiler.semantics.names.Where;
import dev.nnlang.compiler.semantics.problem.ConfigProblem;
import dev.nnlang.compiler.semantics.problem.EquationProblem;
import dev.nnlang.compiler.semantics.problem.ShapeProblem;
import dev.nnlang.compiler.size.Facts;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Sums and their like, with a binder or over all that the argument has (LR-35, 36, 88). */
public final class Reductions {
  private final Typer typer;

  Reductions(Typer typer) {
    this.typer = typer;
  }

  /** {@code sum[i | guard](body)}; {@code outside} is null without {@code ??}. */
  Typed.Expr reduction(Ast.Reduction r, Ast.Expr outside, Context c) {
    var reducer = ScalarFunctions.REDUCERS.get(r.function().text());
    boolean hidden =
        c.frame().find(r.function().text()) != null
            || c.frame().unit().find(r.function().text()).isPresent();
    if (reducer == null || hidden && reducer == null) {
      c.frame()
          .report(
              new ConfigProblem.NotAReduction(
                  r.function().span(),
                  r.function().text(),
                  NearNames.near(r.function().text(), ScalarFunctions.REDUCERS.keySet())));
      return null;
    }
    var axes = new ArrayList<Axis>();
    var inner = bind(r, axes, c);
    if (inner == null) {
      return null;
    }
    if (isPlace(reducer) && axes.size() != 1) {
      c.frame().report(new EquationProblem.OneIndex(r.span(), r.function().text(), axes.size()));
      return null;
    }
    if (batched(axes) && reducesBatchInInference(c)) {
      c.frame().report(new ShapeProblem.ReducesBatch(r.span(), r.function().text(), true));
      return null;
    }
    Optional<Typed.Expr> guard = Optional.empty();
    if (r.guard().isPresent()) {
      var test = typer.operators().condition(r.guard().get(), inner);
      if (test == null || !scalar(test, r.function().text(), c)) {
        return null;
      }
      guard = Optional.of(test);
      inner = inner.where(test);
    }
    var body = typer.type(r.body(), inner);
    if (body == null || !scalar(body, r.function().text(), c)) {
      return null;
    }
    body = element(reducer, body, r.function().text(), c);
    if (body == null) {
      return null;
    }
    Optional<Typed.Expr> fallback = Optional.empty();
    var type = Types.scalar(result(reducer, body, axes));
    if (needsWitness(reducer) && guard.isPresent()) {
      if (outside != null) {
        if (!c.frame().unit().isLibrary()) {
          boolean isNeeded =
              !c.isNotEmpty(Witnesses.spelling(axes, guard.get()))
                  && !hasWitness(guard.get(), axes, c);
          c.frame().engine().fallback(r.span(), isNeeded);
        }
        var x = typer.type(outside, c);
        x = x == null ? null : typer.coercions().to(type.element(), x, "the value of `??`", c);
        if (x == null) {
          return null;
        }
        fallback = Optional.of(x);
      } else if (!c.isNotEmpty(Witnesses.spelling(axes, guard.get()))
          && !hasWitness(guard.get(), axes, c)) {
        c.frame()
            .report(
                new EquationProblem.MayBeEmpty(
                    r.span(),
                    r.function().text(),
                    r.binders().stream()
                        .map(b -> b.span().text())
                        .collect(Collectors.joining(", ")),
                    r.guard().get().span().text()));
        return null;
      }
    } else if (outside != null) {
      if (!needsWitness(reducer)) {
        c.frame().report(new EquationProblem.NoOutside(r.span(), r.function().text()));
        return null;
      }
      c.frame().engine().fallback(r.span(), false);
    }
    return new Typed.Reduce(reducer, axes, guard, body, fallback, type, r.span());
  }

  private static boolean batched(List<Axis> axes) {
    return axes.stream().anyMatch(a -> a.range().isBatch());
  }

  /** LR-17: what is deployed must not depend on its neighbours. */
  private static boolean reducesBatchInInference(Context c) {
    var where = c.frame().where();
    if (where != Where.LAYER && where != Where.MODEL) {
      return false;
    }
    c.frame().engine().askedForTraining();
    return c.frame().mode() == Mode.INFERENCE;
  }

  /** The binders as axes, in a context where they are in scope; null where one has no range. */
  private Context bind(Ast.Reduction r, List<Axis> axes, Context c) {
    var wanted = new LinkedHashMap<String, Span>();
    var stated = new LinkedHashMap<String, List<Dimension>>();
    for (var binder : r.binders()) {
      switch (binder) {
        case Ast.IndexBinder(var index, var range, var span) -> {
          if (range.isEmpty()) {
            wanted.put(index.text(), span);
          } else {
            var dimension = typer.dimension(range.get(), c);
            if (dimension == null) {
              return null;
            }
            stated.put(index.text(), List.of(dimension));
          }
        }
        case Ast.RunBinder(var name, var span) -> {
          var entity = c.frame().find(name.text());
          if (entity instanceof Entity.Run run) {
            stated.put("..." + name.text(), run.dimensions());
          } else {
            wanted.put("..." + name.text(), span);
          }
        }
        case Ast.Missing _ -> {
          return null;
        }
      }
    }
    if (!wanted.isEmpty()) {
      var scope = new ArrayList<Ast.Expr>();
      r.guard().ifPresent(scope::add);
      scope.add(r.body());
      var inferred = typer.ranges().infer(wanted, scope, contextOf(stated, c));
      if (inferred.size() < wanted.size()) {
        return null;
      }
      stated.putAll(inferred);
    }
    var inner = c;
    for (var binder : r.binders()) {
      switch (binder) {
        case Ast.IndexBinder(var index, _, _) -> {
          var axis = c.frame().axis(index.text(), stated.get(index.text()).getFirst());
          axes.add(axis);
          inner = inner.with(index.text(), List.of(axis));
        }
        case Ast.RunBinder(var name, _) -> {
          var run = c.frame().axes(name.text(), stated.get("..." + name.text()));
          axes.addAll(run);
          inner = inner.with(name.text(), run);
        }
        case Ast.Missing _ -> {}
      }
    }
    return inner;
  }

  /** The runs whose lengths are known already, for counting positions. */
  private static Context contextOf(Map<String, List<Dimension>> stated, Context c) {
    var inner = c;
    for (var entry : stated.entrySet()) {
      if (entry.getKey().startsWith("...")) {
        var name = entry.getKey().substring(3);
        inner = inner.with(name, c.frame().axes(name, entry.getValue()));
      }
    }
    return inner;
  }

  private static boolean scalar(Typed.Expr x, String name, Context c) {
    if (x.type().rank() == 0) {
      return true;
    }
    c.frame()
        .report(new EquationProblem.NoScalarBody(x.span(), name, Types.text(x.type().shape())));
    return false;
  }

  /** The element with the type that the reduction works on. */
  private Typed.Expr element(Reducer reducer, Typed.Expr x, String name, Context c) {
    return switch (reducer) {
      case ANY, ALL -> typer.coercions().to(Types.BOOL, x, "`" + name + "`", c);
      case SUM, PROD, MAX, MIN ->
          c.isInteger() && Types.isWhole(x)
              ? Types.asInt(x)
              : typer.coercions().to(Types.REAL, x, "`" + name + "`", c);
      case MEAN, ARGMAX, ARGMIN, LOGSUMEXP ->
          typer.coercions().to(Types.REAL, x, "`" + name + "`", c);
    };
  }

  private static Element result(Reducer reducer, Typed.Expr body, List<Axis> axes) {
    return switch (reducer) {
      case ANY, ALL -> Types.BOOL;
      case SUM, PROD, MAX, MIN, MEAN, LOGSUMEXP -> body.type().element();
      case ARGMAX, ARGMIN ->
          axes.size() == 1 ? new Element.IndexOf(axes.getFirst().range()) : Types.INT;
    };
  }

  /** Whether a reduction gives a place, which one index has. */
  private static boolean isPlace(Reducer reducer) {
    return reducer == Reducer.ARGMAX || reducer == Reducer.ARGMIN;
  }

  private static boolean needsWitness(Reducer reducer) {
    return switch (reducer) {
      case MEAN, ARGMAX, ARGMIN -> true;
      case SUM, PROD, MAX, MIN, ANY, ALL, LOGSUMEXP -> false;
    };
  }

  /** LR-84: one value of the binders that satisfies the guard whatever the other indices are. */
  private static boolean hasWitness(Typed.Expr guard, List<Axis> axes, Context c) {
    var facts = Conditions.holding(guard);
    if (facts == Facts.NONE) {
      return false;
    }
    var candidates = new ArrayList<Poly>();
    candidates.add(Poly.ZERO);
    c.indices().values().forEach(known -> known.forEach(a -> candidates.add(Poly.of(a.index()))));
    return tryAll(facts, guard, axes, 0, new LinkedHashMap<>(), candidates, c);
  }

  private static boolean tryAll(
      Facts facts,
      Typed.Expr guard,
      List<Axis> axes,
      int at,
      Map<dev.nnlang.compiler.size.Atom, Poly> chosen,
      List<Poly> candidates,
      Context c) {
    if (at == axes.size()) {
      return isWhollyFacts(guard)
          && facts.atLeastZero().stream()
              .allMatch(e -> c.prover().atLeastZero(e.substitute(chosen)))
          && facts.zero().stream().allMatch(e -> c.prover().zero(e.substitute(chosen)))
          && facts.notZero().stream()
              .allMatch(
                  e ->
                      c.prover().atLeastZero(e.substitute(chosen).minus(1))
                          || c.prover().atLeastZero(e.substitute(chosen).negate().minus(1)));
    }
    var axis = axes.get(at);
    var all = new ArrayList<>(candidates);
    all.add(axis.range().size().minus(1));
    for (var candidate : all) {
      if (c.prover().inRange(candidate, axis.range().size())) {
        chosen.put(axis.index(), candidate);
        if (tryAll(facts, guard, axes, at + 1, chosen, candidates, c)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether the facts of a guard are all of it. */
  private static boolean isWhollyFacts(Typed.Expr guard) {
    return switch (guard) {
      case Typed.And a -> isWhollyFacts(a.x()) && isWhollyFacts(a.y());
      case Typed.Compare k -> k.x() instanceof Typed.Position && k.y() instanceof Typed.Position;
      default -> false;
    };
  }

  /** {@code sum(x)}: over all dimensions of the argument as written (LR-36). */
  Typed.Expr all(String name, Reducer reducer, Ast.Expr argument, Span span, Context c) {
    var x = typer.type(argument, c);
    return x == null ? null : all(name, reducer, x, span, c);
  }

  Typed.Expr all(String name, Reducer reducer, Typed.Expr x, Span span, Context c) {
    var shape = x.type().shape();
    if (shape.isEmpty() && c.frame().where() != Where.OPTIMIZER) {
      c.frame().report(new ShapeProblem.ReduceScalar(span, name));
      return null;
    }
    if (shape.stream().anyMatch(Dimension::isBatch)) {
      c.frame().report(new ShapeProblem.ReducesBatch(span, name, false));
      return null;
    }
    if (isPlace(reducer) && shape.size() != 1) {
      c.frame().report(new EquationProblem.OneIndex(span, name, shape.size()));
      return null;
    }
    var body = element(reducer, x, name, c);
    if (body == null) {
      return null;
    }
    var element =
        switch (reducer) {
          case ARGMAX, ARGMIN ->
              shape.size() == 1 ? new Element.IndexOf(shape.getFirst()) : Types.INT;
          case SUM, PROD, MEAN, MAX, MIN, ANY, ALL, LOGSUMEXP -> body.type().element();
        };
    return shape.isEmpty() ? body : new Typed.ReduceAll(reducer, body, Types.scalar(element), span);
  }
}
