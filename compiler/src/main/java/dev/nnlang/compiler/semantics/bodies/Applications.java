package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Instance;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.problem.ConfigProblem;
import dev.nnlang.compiler.semantics.problem.ShapeProblem;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Applies instances to their inputs, and makes them at their first use (LR-47, LR-54). */
public final class Applications {
  private final Typer typer;

  Applications(Typer typer) {
    this.typer = typer;
  }

  /** The only output of a call, or the only one that must be taken. */
  Typed.Expr result(Typed.Call call, Span span, Context c) {
    if (call == null) {
      return null;
    }
    var body = call.instance().body();
    if (body.taken() != 1 || body.outputs().isEmpty()) {
      c.frame()
          .report(
              new ConfigProblem.SeveralOutputs(
                  span, body.name(), body.outputs().stream().map(Typed.Variable::name).toList()));
      return null;
    }
    var result = output(call, 0, span);
    return body.kind() == Ast.Kind.LOSS && !call.mapped().isEmpty() ? mean(result) : result;
  }

  /**
   * A loss is one number for each example, wherever it is called (LR-16): over what it is mapped
   * inside of one, every place weighs the same.
   */
  private static Typed.Expr mean(Typed.Expr places) {
    var shape = places.type().shape();
    var kept = shape.stream().filter(Typed.Dimension::isBatch).toList();
    return kept.size() == shape.size()
        ? places
        : new Typed.ReduceAll(
            Typed.Reducer.MEAN, places, Types.of(places.type().element(), kept), places.span());
  }

  /** The call of a loss that a value is, averaged or not; empty where it is another value. */
  public static Optional<Typed.Call> lossCall(Typed.Expr value) {
    return value instanceof Typed.Result r && r.call().instance().body().kind() == Ast.Kind.LOSS
        ? Optional.of(r.call())
        : averaged(value);
  }

  /** The call of a loss that a value is the mean of, over what the call is mapped over. */
  static Optional<Typed.Call> averaged(Typed.Expr value) {
    return value instanceof Typed.ReduceAll mean
            && mean.argument() instanceof Typed.Result r
            && r.call().instance().body().kind() == Ast.Kind.LOSS
        ? Optional.of(r.call())
        : Optional.empty();
  }

  /** One output of a call, as the caller sees it. */
  static Typed.Expr output(Typed.Call call, int output, Span span) {
    var declared = call.instance().body().outputs().get(output).type();
    var mapping = new Mapping(call.mapped(), call.spread(), List.of());
    return new Typed.Result(call, output, mapping.result(declared), span);
  }

  /** A use of a named instance; null where it failed. */
  Typed.Call shared(Entity.Bound bound, List<Optional<Typed.Expr>> inputs, Span at, Context c) {
    return switch (value(bound, c)) {
      case Value.Maker maker when maker.symbol().isMaker() ->
          use(bound.shared, bound.name, maker, 1, false, inputs, at, c, true);
      case Value.Chain(var copies, var maker, _) ->
          use(bound.shared, bound.name, maker, copies, true, inputs, at, c, true);
      case null, default -> null;
    };
  }

  private Value value(Entity.Bound bound, Context c) {
    return typer.statics().evaluate(bound.maker, Optional.empty(), Context.of(c.frame()));
  }

  /** What a named instance is of; empty where it failed. */
  Optional<Ast.Function> function(Entity.Bound bound, Context c) {
    return switch (value(bound, c)) {
      case Value.Maker maker -> Optional.of(maker.function());
      case Value.Chain chain -> Optional.of(chain.maker().function());
      case null, default -> Optional.empty();
    };
  }

  /** A use of a maker that stands nowhere else. */
  public Typed.Call anonymous(
      Ast use, Value.Maker maker, List<Optional<Typed.Expr>> inputs, Span at, Context c) {
    return anonymous(use, maker, 1, false, inputs, at, c);
  }

  public Typed.Call anonymous(
      Ast use, Value.Chain chain, List<Optional<Typed.Expr>> inputs, Span at, Context c) {
    return anonymous(use, chain.maker(), chain.copies(), true, inputs, at, c);
  }

  /** A schedule that learns, whose states lie under a path of their own. */
  Typed.Call schedule(
      Value.Maker maker, String path, List<Optional<Typed.Expr>> inputs, Span at, Context c) {
    return use(new Entity.Shared(), path, maker, 1, false, inputs, at, c, false);
  }

  private Typed.Call anonymous(
      Ast use,
      Value.Maker maker,
      int copies,
      boolean repeated,
      List<Optional<Typed.Expr>> inputs,
      Span at,
      Context c) {
    boolean owns = maker.symbol().isMaker();
    if (owns && !c.frame().where().makesLayers()) {
      c.frame()
          .report(
              new ConfigProblem.NotAllowedHere(
                  at,
                  "a " + maker.symbol().word() + ", here " + maker.symbol().name(),
                  c.frame().where().word(),
                  "layers and models"));
      return null;
    }
    var shared = owns && use != null ? c.frame().anonymous(use) : new Entity.Shared();
    var path =
        owns && use != null ? c.frame().paths().getOrDefault(use, maker.symbol().name()) : "";
    return use(shared, path, maker, copies, repeated, inputs, at, c, false);
  }

  private Typed.Call use(
      Entity.Shared shared,
      String path,
      Value.Maker maker,
      int copies,
      boolean repeated,
      List<Optional<Typed.Expr>> inputs,
      Span at,
      Context c,
      boolean named) {
    var f = maker.function();
    var mapping = Mapping.of(maker.symbol(), f, inputs, at, c);
    if (mapping == null) {
      return null;
    }
    if (repeated && (f.inputs().isEmpty() || Bodies.taken(f) != 1)) {
      c.frame()
          .report(
              new ConfigProblem.BadRepeat(
                  at,
                  f.name().text()
                      + " has "
                      + f.inputs().size()
                      + " inputs and "
                      + Bodies.taken(f)
                      + " outputs",
                  "repeat a layer whose one output feeds its first input"));
      return null;
    }
    var given = inputs.stream().map(x -> x.map(e -> new Frame.Given(e, c.frame()))).toList();
    boolean seesBatch =
        mapping.inputs().stream()
            .flatMap(Optional::stream)
            .anyMatch(t -> t.rank() > 0 && t.shape().getFirst().isBatch());
    if (seesBatch) {
      c.frame().engine().dependsOnUse();
    }
    if (seesBatch && given.stream().flatMap(Optional::stream).noneMatch(Frame.Given::mayDiffer)) {
      c.frame().report(new ShapeProblem.NoExamples(at, f.name().text()));
      return null;
    }
    if (shared.instance == null || !named) {
      if (shared.instance == null || !shared.given.equals(mapping.inputs())) {
        var body = typer.instantiate(maker, mapping.inputs(), given, c.frame(), at);
        if (body == null) {
          return null;
        }
        shared.instance = new Instance(path, body, copies, repeated);
        shared.given = mapping.inputs();
        shared.first = at;
      }
    } else if (!fits(shared, f, mapping, path, at, c)) {
      return null;
    }
    return call(shared.instance, inputs, mapping, at, c);
  }

  /** One instance has one shape. */
  private static boolean fits(
      Entity.Shared shared, Ast.Function f, Mapping mapping, String name, Span at, Context c) {
    for (int i = 0; i < mapping.inputs().size(); i++) {
      var here = mapping.inputs().get(i);
      var first = shared.given.get(i);
      if (here.isPresent() != first.isPresent()) {
        c.frame()
            .report(
                new ConfigProblem.OtherInputsGiven(
                    at, name, given(f, mapping.inputs()), given(f, shared.given), shared.first));
        return false;
      }
      if (here.isPresent() && Shapes.equal(here.get().shape(), first.get().shape(), c).fails()) {
        c.frame()
            .report(
                new ShapeProblem.InstanceDiffers(
                    at,
                    name,
                    Types.text(here.get().shape()),
                    Types.text(first.get().shape()),
                    shared.first));
        return false;
      }
    }
    return true;
  }

  private static List<String> given(Ast.Function f, List<Optional<Typed.Type>> types) {
    var names = new ArrayList<String>();
    for (int i = 0; i < types.size(); i++) {
      if (types.get(i).isPresent()) {
        names.add(f.inputs().get(i).name().text());
      }
    }
    return names;
  }

  private Typed.Call call(
      Instance instance, List<Optional<Typed.Expr>> inputs, Mapping mapping, Span at, Context c) {
    var body = instance.body();
    var arguments = new ArrayList<Typed.Expr>();
    for (var input : inputs.stream().flatMap(Optional::stream).toList()) {
      var wanted = body.inputs().get(arguments.size());
      var argument =
          typer.coercions().to(wanted.type().element(), input, "the input " + wanted.name(), c);
      if (argument == null) {
        return null;
      }
      arguments.add(argument);
    }
    if (instance.repeated() && instance.copies() > 0) {
      if (body.inputs().isEmpty() || body.outputs().isEmpty()) {
        // Its head is broken, and the parser has said so.
        return null;
      }
      var in = body.inputs().getFirst().type();
      var out = body.outputs().getFirst().type();
      if (Shapes.equal(in.shape(), out.shape(), c).fails()) {
        c.frame()
            .report(
                new ShapeProblem.RepeatShape(
                    at, body.name(), Types.text(in.shape()), Types.text(out.shape())));
        return null;
      }
    }
    var made = new Typed.Call(instance, arguments, mapping.mapped(), mapping.spread(), at);
    c.frame().found(made);
    return made;
  }
}
