package dev.nnlang.compiler.semantics;

import dev.nnlang.compiler.semantics.Typed.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Walks over typed expressions: their parts, the variables they read, the calls they make. */
public final class TypedWalk {
  private TypedWalk() {}

  /** What is told of a read of a variable; subscripts are empty items for {@code :}. */
  public interface OnRead {
    void read(
        Variable variable, boolean primed, List<Optional<Typed.Expr>> subscripts, Typed.Expr at);
  }

  /** The direct operands, those inside subscripts included. */
  public static List<Typed.Expr> parts(Typed.Expr x) {
    return switch (x) {
      case Typed.Real _,
          Typed.Bool _,
          Typed.Position _,
          Typed.Whole _,
          Typed.Fan _,
          Typed.Counter _,
          Typed.Figure _,
          Typed.OverParams _ ->
          List.of();
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
      case Typed.Reduce r -> {
        var parts = new ArrayList<Typed.Expr>();
        r.guard().ifPresent(parts::add);
        parts.add(r.body());
        r.fallback().ifPresent(parts::add);
        yield parts;
      }
      case Typed.ReduceAll r -> List.of(r.argument());
      case Typed.Result r -> r.call().arguments();
      case Typed.Reshape r -> List.of(r.x());
      case Typed.StopGradient s -> List.of(s.x());
      case Typed.Gradient g -> List.of(g.of());
      case Typed.Draw d -> d.arguments();
    };
  }

  /** Tells of every read of a variable, outermost first. */
  public static void reads(Typed.Expr root, OnRead told) {
    var work = new ArrayList<Typed.Expr>();
    work.add(root);
    while (!work.isEmpty()) {
      var x = work.removeLast();
      switch (x) {
        case Typed.Whole w -> told.read(w.variable(), w.primed(), whole(w), w);
        case Typed.Access a when a.target() instanceof Typed.Whole w -> {
          told.read(w.variable(), w.primed(), a.subscripts(), a);
          a.subscripts().forEach(s -> s.ifPresent(work::add));
          a.fallback().ifPresent(work::add);
        }
        case Typed.Gradient g -> {
          told.read(g.by(), false, List.of(), g);
          work.add(g.of());
        }
        default -> work.addAll(parts(x));
      }
    }
  }

  private static List<Optional<Typed.Expr>> whole(Typed.Whole w) {
    var items = new ArrayList<Optional<Typed.Expr>>();
    w.type().shape().forEach(d -> items.add(Optional.empty()));
    return items;
  }

  /** Every call in an expression. */
  public static List<Typed.Call> calls(Typed.Expr root) {
    var calls = new ArrayList<Typed.Call>();
    var work = new ArrayList<Typed.Expr>();
    work.add(root);
    while (!work.isEmpty()) {
      var x = work.removeLast();
      if (x instanceof Typed.Result r) {
        calls.add(r.call());
      }
      work.addAll(parts(x));
    }
    return calls;
  }
}
