package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Element;
import dev.nnlang.compiler.semantics.Typed.Role;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.names.Where;
import dev.nnlang.compiler.semantics.problem.EquationProblem;
import dev.nnlang.compiler.semantics.problem.ShapeProblem;
import dev.nnlang.compiler.source.Span;
import java.util.Optional;

/** From the type that a value has to the one that its place wants (LR-4). */
public final class Coercions {

  /**
   * The value with the wanted element type.
   *
   * @param what the place, for messages: {@code the input label}
   */
  Typed.Expr to(Element wanted, Typed.Expr x, String what, Context c) {
    return switch (wanted) {
      case Element.Real _ -> Types.isBool(x) ? wrong(x, what, "a number", c) : Types.asReal(x);
      case Element.Int _ -> {
        if (Types.isReal(x) && x instanceof Typed.Real r && r.value() == Math.rint(r.value())) {
          yield Types.integer(dev.nnlang.compiler.size.Poly.of((long) r.value()), x.span());
        }
        yield Types.isWhole(x) ? Types.asInt(x) : wrong(x, what, "int", c);
      }
      case Element.Bool _ -> Types.isBool(x) ? x : wrong(x, what, "bool", c);
      case Element.IndexOf index -> index(index, x, what, c);
    };
  }

  private Typed.Expr index(Element.IndexOf wanted, Typed.Expr x, String what, Context c) {
    var dimension = wanted.dimension();
    if (x.type().element() instanceof Element.IndexOf(var own)) {
      if (Shapes.differ(own, dimension)) {
        c.frame().report(ShapeProblem.IndexIdentity.ofNames(x.span(), dimension, own));
        return null;
      }
      boolean isPosition = x instanceof Typed.Position;
      if (!isPosition || own.size().equals(dimension.size())) {
        var verdict = Shapes.equal(own.size(), dimension.size(), c);
        if (verdict.fails()) {
          c.frame().report(ShapeProblem.IndexIdentity.ofSizes(x.span(), dimension, own));
          return null;
        }
        Shapes.leaveToUses(verdict, c, x.span(), "whether the index sets agree");
        return retyped(x, wanted);
      }
    }
    if (x instanceof Typed.Position p) {
      return position(p, wanted, c);
    }
    if (x instanceof Typed.Select s && s.type().rank() == 0) {
      var then = index(wanted, s.then(), what, c.where(s.condition()));
      var otherwise = index(wanted, s.otherwise(), what, c.unless(s.condition()));
      return then == null || otherwise == null
          ? null
          : new Typed.Select(s.condition(), then, otherwise, Types.scalar(wanted), s.span());
    }
    if (c.frame().where() == Where.SAMPLE && readsSource(x)) {
      return new Typed.Cast(x, Types.of(wanted, x.type().shape()), x.span());
    }
    if (Types.isBool(x)) {
      return wrong(x, what, "index " + Types.text(dimension), c);
    }
    if (Types.isReal(x)) {
      c.frame().report(new ShapeProblem.RealAsIndex(x.span(), what));
      return null;
    }
    c.frame()
        .report(
            new EquationProblem.NotInIndexSet(
                x.span(), x.span().text(), Types.size(dimension), Optional.empty()));
    return null;
  }

  private static Typed.Expr position(Typed.Position p, Element.IndexOf wanted, Context c) {
    var dimension = wanted.dimension();
    boolean isMember = p.type().element() instanceof Element.IndexOf;
    if (Shapes.isEnumerated(dimension) && p.value().isConstant() && !isMember) {
      c.frame()
          .report(
              new EquationProblem.NumberIntoEnum(
                  p.span(),
                  p.span().text(),
                  Types.text(dimension),
                  dimension.named().orElseThrow().members()));
      return null;
    }
    var low = Shapes.atLeastZero(p.value(), c);
    var high =
        low.fails() ? low : Shapes.atLeastZero(dimension.size().minus(1).minus(p.value()), c);
    if (high.fails()) {
      c.frame()
          .report(
              new EquationProblem.NotInIndexSet(
                  p.span(), p.span().text(), Types.size(dimension), high.counterexample()));
      return null;
    }
    Shapes.leaveToUses(high, c, p.span(), "whether " + p.span().text() + " is in range");
    return retyped(p, wanted);
  }

  /** LR-4: in a sample, what is read from a source is checked before training. */
  private static boolean readsSource(Typed.Expr x) {
    return switch (x) {
      case Typed.Whole w -> w.variable().role() == Role.SOURCE;
      case Typed.Access a ->
          readsSource(a.target()) || a.fallback().filter(Coercions::readsSource).isPresent();
      case Typed.Unary u -> readsSource(u.x());
      case Typed.Binary b -> readsSource(b.x()) || readsSource(b.y());
      case Typed.Cast cast -> readsSource(cast.x());
      default -> false;
    };
  }

  private static Typed.Expr retyped(Typed.Expr x, Element wanted) {
    return switch (x) {
      case Typed.Position p -> new Typed.Position(p.value(), Types.scalar(wanted), p.span());
      default ->
          x.type().element().equals(wanted)
              ? x
              : new Typed.Cast(x, Types.of(wanted, x.type().shape()), x.span());
    };
  }

  private static Typed.Expr wrong(Typed.Expr x, String what, String wanted, Context c) {
    Span at = x.span();
    Optional<String> mend = Optional.empty();
    if (Types.isBool(x)) {
      mend = Optional.of("write `if " + at.text() + " then 1 else 0`");
    } else if (wanted.equals("int")) {
      mend = Optional.of("write `floor(" + at.text() + ")`, `round(...)` or `int(...)`");
    } else if (wanted.equals("bool")) {
      mend = Optional.of("compare it: `" + at.text() + " != 0`");
    }
    c.frame().report(new ShapeProblem.WrongType(at, what, wanted, Types.describe(x.type()), mend));
    return null;
  }
}
