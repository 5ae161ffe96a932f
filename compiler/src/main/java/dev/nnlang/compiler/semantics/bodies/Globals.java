package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Mode;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Typed.NamedDim;
import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.semantics.names.Where;
import dev.nnlang.compiler.semantics.problem.NameProblem;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Dimensions and constants at the top of files: worked out once, in any order (LR-49, 64). */
public final class Globals {
  private final Engine engine;
  private final Map<Symbol, Engine.Made<Optional<Value>>> known = new IdentityHashMap<>();
  private final List<Symbol> working = new ArrayList<>();

  Globals(Engine engine) {
    this.engine = engine;
  }

  /** The dimension that a {@code dim} declares; null where it failed. */
  public Dimension dimension(Symbol symbol, Frame asking) {
    return value(symbol) instanceof Value.Whole w ? w.dimension() : null;
  }

  /** The value of a {@code const}; null where it failed. */
  public Value constant(Symbol symbol, Frame asking) {
    return value(symbol);
  }

  private Value value(Symbol symbol) {
    var earlier = known.get(symbol);
    if (earlier != null) {
      return engine.again(earlier).orElse(null);
    }
    int ring = working.indexOf(symbol);
    if (ring >= 0) {
      var names = new ArrayList<String>();
      working.subList(ring, working.size()).forEach(s -> names.add(s.name()));
      names.add(symbol.name());
      engine.report(
          new NameProblem.Ring(
              symbol.span(),
              symbol.word(),
              names,
              working.subList(ring, working.size()).stream().map(Symbol::span).toList()));
      known.put(symbol, new Engine.Made<>(Optional.empty(), Set.of()));
      return null;
    }
    working.add(symbol);
    var value = engine.making(() -> Optional.ofNullable(compute(symbol)));
    working.removeLast();
    known.putIfAbsent(symbol, value);
    return known.get(symbol).result().orElse(null);
  }

  private Value compute(Symbol symbol) {
    var frame =
        new Frame(
            engine,
            symbol.unit(),
            Where.FILE,
            symbol.name(),
            Mode.INFERENCE,
            Optional.empty(),
            Optional.empty(),
            symbol.span());
    var c = Context.of(frame);
    return switch (symbol.declaration()) {
      case Ast.DimDef d -> {
        var size = engine.typer().dimension(d.value(), c);
        if (size == null
            || !engine.typer().statics().positive(size, d.value().span(), symbol.name(), c)) {
          yield null;
        }
        yield new Value.Whole(
            new Dimension(
                size.size(),
                Optional.of(
                    new NamedDim(
                        symbol.name(), size.size(), List.of(), List.of(), symbol.span()))));
      }
      case Ast.EnumDim d -> {
        var members = d.members().stream().map(m -> m.name().text()).toList();
        var words =
            d.members().stream()
                .map(m -> m.word().map(Ast.Text::value).orElse(m.name().text()))
                .toList();
        if (members.isEmpty()) {
          yield null;
        }
        var size = Poly.of(members.size());
        yield new Value.Whole(
            new Dimension(
                size,
                Optional.of(new NamedDim(symbol.name(), size, members, words, symbol.span()))));
      }
      case Ast.ConstDef k -> engine.typer().statics().evaluate(k.value(), Optional.empty(), c);
      case Ast.Function _, Ast.Data _, Ast.Train _, Ast.Use _, Ast.Missing _ -> null;
    };
  }
}
