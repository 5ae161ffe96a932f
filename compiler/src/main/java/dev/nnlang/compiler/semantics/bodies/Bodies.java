package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Mode;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Variable;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.semantics.names.Where;
import dev.nnlang.compiler.semantics.problem.NameProblem;
import dev.nnlang.compiler.semantics.problem.ShapeProblem;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Instantiates declarations: config and input types given, a {@link Typed.Body} made. A body that
 * failed is null; what was found is in the engine's problems.
 */
public final class Bodies {
  private static final int DEEPEST = 200;

  private final Typer typer;

  Bodies(Typer typer) {
    this.typer = typer;
  }

  /**
   * The body of a declaration at a use.
   *
   * @param inputs types of the arguments less mapped dimensions, {@code batch} in front where it is
   *     declared; empty where an input is left to its default
   * @param given the arguments
   */
  public Typed.Body instantiate(
      Value.Maker maker,
      List<Optional<Typed.Type>> inputs,
      List<Optional<Frame.Given>> given,
      Mode mode,
      Frame caller,
      Span at) {
    var engine = caller.engine();
    var symbol = maker.symbol();
    var making = engine.making();
    if (making.contains(symbol) || making.size() > DEEPEST) {
      if (!engine.isBroken(symbol)) {
        var ring = new ArrayList<String>();
        making
            .subList(Math.max(0, making.indexOf(symbol)), making.size())
            .forEach(s -> ring.add(s.name()));
        ring.add(symbol.name());
        var places =
            making.subList(Math.max(0, making.indexOf(symbol)), making.size()).stream()
                .map(Symbol::span)
                .toList();
        caller.report(new NameProblem.Ring(at, "declaration", ring, places));
        engine.markBroken(symbol);
      }
      return null;
    }
    engine.use(symbol, maker.settings());
    return engine.remembered(
        maker, inputs, caller, mode, () -> make(maker, inputs, given, mode, caller, at));
  }

  private Typed.Body make(
      Value.Maker maker,
      List<Optional<Typed.Type>> inputs,
      List<Optional<Frame.Given>> given,
      Mode mode,
      Frame caller,
      Span at) {
    var engine = caller.engine();
    var symbol = maker.symbol();
    var frame =
        new Frame(
            engine,
            symbol.unit(),
            Where.of(maker.function().kind()),
            symbol.name(),
            mode,
            Optional.of(symbol),
            Optional.of(caller),
            at);
    frame.given(given);
    return instantiate(frame, maker, inputs);
  }

  /** The body in its own frame, which has no names yet. */
  public Typed.Body instantiate(Frame frame, Value.Maker maker, List<Optional<Typed.Type>> inputs) {
    var engine = frame.engine();
    engine.making().add(maker.symbol());
    try {
      var body = body(frame, maker, inputs);
      frame.found(maker.symbol().declaration(), body);
      return body;
    } finally {
      engine.making().removeLast();
    }
  }

  /** How many of the outputs, from the first, every use takes. */
  static int taken(Ast.Function f) {
    int taken = 0;
    while (taken < f.outputs().size() && f.outputs().get(taken).absent().isEmpty()) {
      taken++;
    }
    return Math.max(1, taken);
  }

  private Typed.Body body(Frame frame, Value.Maker maker, List<Optional<Typed.Type>> inputs) {
    var f = maker.function();
    var caller = frame.caller();
    var signature = new Signature(typer, frame, f, caller);
    if (!signature.config(maker.settings())) {
      return null;
    }
    // A body's own dimensions may stand in the outputs and conditions.
    if (f.body() instanceof Ast.Block block) {
      declareSizes(block, frame);
    }
    var heads = signature.inputs(inputs);
    if (heads == null || !signature.conditions()) {
      return null;
    }
    if (caller.isEmpty()
        && !heads.given().stream().allMatch(v -> Statements.fitsMemory(v, frame))) {
      return null;
    }
    var lists = new Lists(typer, frame).of(f);
    var types = lists == null ? null : signature.outputs();
    if (types == null) {
      return null;
    }
    new Paths(typer, frame).name(f.body());
    var statements = new Statements(typer, frame);
    var outputs = new ArrayList<Entity.Local>();
    boolean outputsPrimed = frame.where() == Where.OPTIMIZER;
    for (int i = 0; i < f.outputs().size() && !outputsPrimed; i++) {
      var port = f.outputs().get(i);
      outputs.add(statements.output(port.name().text(), types.get(i), port.name().span()));
    }
    switch (f.body()) {
      case Ast.Single single -> {
        if (outputs.isEmpty()) {
          outputs.add(new Entity.Local("value", f.name().span(), null));
          frame.declare("value", outputs.getFirst());
        }
        statements.single(outputs.getFirst(), single);
      }
      case Ast.Block block -> statements.block(block);
    }
    var done = statements.finish();
    typer.definitions().forget(frame);
    if (done == null) {
      return null;
    }
    var results = new ArrayList<Variable>();
    for (var output : outputs) {
      if (output.variable == null
          || output.definition == null && !heads.all().contains(output.variable)) {
        return null;
      }
      results.add(output.variable);
    }
    if (f.kind() == Ast.Kind.LOSS && !isLossShape(f, results, frame)) {
      return null;
    }
    var all = new ArrayList<Typed.Statement>(lists);
    all.addAll(heads.defaults());
    all.addAll(done);
    var body =
        new Typed.Body(
            f.kind(),
            f.name().text(),
            heads.given(),
            results,
            taken(f),
            statements.owned(),
            all,
            f.span());
    frame.engine().gradients().check(body, frame);
    return body;
  }

  /** LR-7: a loss is a scalar, or one number for each example. */
  private static boolean isLossShape(Ast.Function f, List<Variable> outputs, Frame frame) {
    for (var output : outputs) {
      var shape = output.type().shape();
      if (!shape.isEmpty() && !(shape.size() == 1 && shape.getFirst().isBatch())) {
        frame.report(
            new ShapeProblem.LossShape(
                f.outputs().isEmpty() ? f.name().span() : f.outputs().getFirst().span(),
                f.name().text(),
                Types.text(shape)));
        return false;
      }
    }
    return true;
  }

  private static void declareSizes(Ast.Block block, Frame frame) {
    for (var s : block.statements()) {
      if (s instanceof Ast.DimDef d) {
        frame.declare(d.name().text(), Entity.Size.defined(d));
      } else if (s instanceof Ast.ConstDef k) {
        frame.declare(k.name().text(), new Entity.Setting(k.name().span(), k.value(), Wanted.ANY));
      }
    }
  }
}
