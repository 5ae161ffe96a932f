package dev.nnlang.compiler.semantics.check;

import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.semantics.Mode;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.bodies.Context;
import dev.nnlang.compiler.semantics.bodies.Engine;
import dev.nnlang.compiler.semantics.bodies.Frame;
import dev.nnlang.compiler.semantics.bodies.Value;
import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.semantics.names.Unit;
import dev.nnlang.compiler.semantics.names.Where;
import dev.nnlang.compiler.semantics.problem.ConfigProblem;
import dev.nnlang.compiler.semantics.problem.NameProblem;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Instances that no line of the program asks for: those of {@code nn run} and of a plan. */
public final class Instances {
  private final Engine engine;

  Instances(Engine engine) {
    this.engine = engine;
  }

  Optional<Typed.Instance> of(
      String name, Map<String, Ast.Expr> config, List<Optional<Typed.Type>> inputs, Mode mode) {
    var main = engine.workspace().main();
    var symbol = engine.workspace().find(name).filter(s -> s.function().isPresent());
    if (symbol.isEmpty()) {
      engine.report(
          new NameProblem.UnknownName(
              main.file().span().before(), name, NearNames.near(name, main.names())));
      return Optional.empty();
    }
    var frame = frame(main, Where.PLAN, name, mode, symbol.get().span());
    var settings = settings(symbol.get(), config, frame);
    if (settings == null) {
      return Optional.empty();
    }
    var maker = new Value.Maker(symbol.get(), settings, symbol.get().span());
    var f = maker.function();
    if (f.inputs().size() != inputs.size()) {
      frame.report(
          new ConfigProblem.WrongInputCount(
              symbol.get().span(),
              name,
              inputs.size(),
              f.inputs().stream().map(p -> p.name().text()).toList(),
              symbol.get().span()));
      return Optional.empty();
    }
    var body = body(maker, inputs, mode);
    return Optional.ofNullable(body).map(b -> new Typed.Instance("", b, 1, false));
  }

  /** The body in a frame of its own, without a caller; null where it failed. */
  Typed.Body body(Value.Maker maker, List<Optional<Typed.Type>> inputs, Mode mode) {
    var symbol = maker.symbol();
    var own =
        new Frame(
            engine,
            symbol.unit(),
            Where.of(maker.function().kind()),
            symbol.name(),
            mode,
            Optional.of(symbol),
            Optional.empty(),
            symbol.span());
    return engine.bodies().instantiate(own, maker, inputs);
  }

  Frame frame(Unit unit, Where where, String name, Mode mode, Span at) {
    return new Frame(engine, unit, where, name, mode, Optional.empty(), Optional.empty(), at);
  }

  private Map<String, Value> settings(Symbol symbol, Map<String, Ast.Expr> config, Frame frame) {
    var arguments =
        config.entrySet().stream()
            .map(
                e ->
                    new Ast.Argument(
                        Optional.of(new Ast.Name(e.getKey(), e.getValue().span())),
                        e.getValue(),
                        e.getValue().span()))
            .toList();
    return engine
        .typer()
        .calls()
        .configs()
        .bind(
            symbol,
            symbol.function().orElseThrow().configs(),
            arguments,
            new LinkedHashMap<>(),
            Context.of(frame));
  }
}
