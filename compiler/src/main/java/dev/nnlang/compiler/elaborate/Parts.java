package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.semantics.Typed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The parts of typed expressions and statements, in the order they are written. */
final class Parts {
  private Parts() {}

  static List<Typed.Expr> of(Typed.Expr expr) {
    return switch (expr) {
      case Typed.Real _, Typed.Bool _, Typed.Position _, Typed.Whole _ -> List.of();
      case Typed.Fan _, Typed.Counter _, Typed.Figure _, Typed.OverParams _ -> List.of();
      case Typed.Access a -> {
        var parts = new ArrayList<Typed.Expr>();
        parts.add(a.target());
        a.subscripts().forEach(s -> s.ifPresent(parts::add));
        a.fallback().ifPresent(parts::add);
        yield parts;
      }
      case Typed.Unary u -> List.of(u.x());
      case Typed.Binary b -> List.of(b.x(), b.y());
      case Typed.Compare c -> List.of(c.x(), c.y());
      case Typed.Not n -> List.of(n.x());
      case Typed.And a -> List.of(a.x(), a.y());
      case Typed.Or o -> List.of(o.x(), o.y());
      case Typed.Select s -> List.of(s.condition(), s.then(), s.otherwise());
      case Typed.Cast c -> List.of(c.x());
      case Typed.Reduce r ->
          Stream.of(r.guard(), Optional.of(r.body()), r.fallback())
              .flatMap(Optional::stream)
              .toList();
      case Typed.ReduceAll r -> List.of(r.argument());
      case Typed.Result r -> r.call().arguments();
      case Typed.Reshape r -> List.of(r.x());
      case Typed.StopGradient s -> List.of(s.x());
      case Typed.Gradient g -> List.of(g.of());
      case Typed.Draw d -> d.arguments();
    };
  }

  static List<Typed.Expr> of(Typed.Statement statement) {
    return switch (statement) {
      case Typed.Define d -> List.of(d.value());
      case Typed.DefineAll d -> d.call().arguments();
    };
  }

  /** Every expression of a statement, outer ones first. */
  static void each(Typed.Statement statement, Consumer<Typed.Expr> visitor) {
    of(statement).forEach(part -> each(part, visitor));
  }

  static void each(Typed.Expr expr, Consumer<Typed.Expr> visitor) {
    visitor.accept(expr);
    of(expr).forEach(part -> each(part, visitor));
  }

  /** What a statement defines; dropped outputs are left out. */
  static List<Typed.Variable> targets(Typed.Statement statement) {
    return switch (statement) {
      case Typed.Define d -> List.of(d.target());
      case Typed.DefineAll d -> d.targets().stream().flatMap(Optional::stream).toList();
    };
  }

  /** Whether the body, or what it calls, draws random numbers. */
  static boolean draws(Typed.Body body) {
    return body.statements().stream().anyMatch(Parts::draws);
  }

  static boolean draws(Typed.Statement statement) {
    var found = new boolean[1];
    if (statement instanceof Typed.DefineAll d && draws(d.call().instance().body())) {
      return true;
    }
    each(
        statement,
        e ->
            found[0] |=
                e instanceof Typed.Draw
                    || e instanceof Typed.Result r && draws(r.call().instance().body()));
    return found[0];
  }
}
