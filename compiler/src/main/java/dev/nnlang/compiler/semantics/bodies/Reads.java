package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.SizeText;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Typed.Element;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.bodies.Shapes.Verdict;
import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.semantics.problem.EquationProblem;
import dev.nnlang.compiler.semantics.problem.ShapeProblem;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads of elements, each proved to be inside or guarded by {@code ??}. */
public final class Reads {
  private final Typer typer;

  Reads(Typer typer) {
    this.typer = typer;
  }

  /** {@code read ?? outside}. */
  Typed.Expr fallback(Ast.Fallback f, Context c) {
    return switch (f.read()) {
      case Ast.Access a -> access(a, f.outside(), c);
      case Ast.Reduction r -> typer.reductions().reduction(r, f.outside(), c);
      case Ast.Missing _ -> null;
      default -> {
        c.frame().report(new EquationProblem.NoOutside(f.read().span(), f.read().span().text()));
        yield null;
      }
    };
  }

  /** A read; {@code outside} is null without {@code ??}. */
  Typed.Expr access(Ast.Access a, Ast.Expr outside, Context c) {
    var target = typer.type(a.target(), c.value());
    if (target == null) {
      return null;
    }
    var shape = target.type().shape();
    var subscripts = expand(a, shape, c);
    if (subscripts == null) {
      return null;
    }
    var items = new ArrayList<Optional<Typed.Expr>>();
    var guarded = new ArrayList<Boolean>();
    var left = new ArrayList<Dimension>();
    boolean failed = false;
    for (int i = 0; i < shape.size(); i++) {
      var subscript = subscripts.get(i);
      if (subscript.isWhole()) {
        items.add(Optional.empty());
        guarded.add(false);
        left.add(shape.get(i));
        continue;
      }
      var item = subscript.typed != null ? subscript.typed : position(subscript.written, c);
      if (item == null) {
        failed = true;
        continue;
      }
      var inside = inside(item, shape.get(i), target, a.span(), outside != null, c);
      failed |= inside == null;
      items.add(Optional.of(item));
      guarded.add(inside != null && inside);
    }
    if (failed) {
      return null;
    }
    var type = Types.of(target.type().element(), left);
    Optional<Typed.Expr> fallback = Optional.empty();
    if (outside != null) {
      fallback = outside(outside, type, c);
      if (fallback.isEmpty()) {
        return null;
      }
      boolean isNeeded = guarded.contains(true);
      if (!c.frame().unit().isLibrary()) {
        c.frame().engine().fallback(a.span(), isNeeded || hasNumbers(c.frame()));
      }
      if (!isNeeded) {
        fallback = Optional.empty();
      }
    }
    return new Typed.Access(target, items, guarded, fallback, type, a.span());
  }

  /** Whether other uses may have other numbers, so that a {@code ??} may be needed there. */
  private static boolean hasNumbers(Frame frame) {
    return frame.symbol().flatMap(Symbol::function).stream()
        .flatMap(f -> f.configs().stream())
        .anyMatch(
            k ->
                k.fallback().isPresent()
                    && (k.fallback().get() instanceof Ast.IntLiteral
                        || k.fallback().get() instanceof Ast.RealLiteral
                        || k.name().isUpper()));
  }

  /** What stands at one dimension: an expression, a typed index of a run, or {@code :}. */
  private record Item(Ast.Expr written, Typed.Expr typed) {
    boolean isWhole() {
      return written == null && typed == null;
    }
  }

  private List<Item> expand(Ast.Access a, List<Dimension> shape, Context c) {
    var items = new ArrayList<Item>();
    for (var s : a.subscripts()) {
      switch (s) {
        case Ast.At at -> items.add(new Item(at.value(), null));
        case Ast.Whole _ -> items.add(new Item(null, null));
        case Ast.Run run -> {
          var axes = c.index(run.name().text());
          if (axes == null) {
            return null;
          }
          for (var axis : axes) {
            items.add(
                new Item(
                    null,
                    new Typed.Position(
                        Poly.of(axis.index()),
                        Types.scalar(new Element.IndexOf(axis.range())),
                        run.span())));
          }
        }
        case Ast.Missing _ -> {
          return null;
        }
      }
    }
    if (items.size() != shape.size()) {
      c.frame()
          .report(
              new ShapeProblem.SubscriptCount(
                  a.span(),
                  a.target().span().text(),
                  items.size(),
                  Types.text(shape),
                  declared(a.target(), c)));
      return null;
    }
    return items;
  }

  private static Span declared(Ast.Expr target, Context c) {
    if (target instanceof Ast.Ref r) {
      var entity = c.frame().find(r.name().text());
      if (entity != null) {
        return entity.span();
      }
    }
    return target.span();
  }

  private Typed.Expr position(Ast.Expr e, Context c) {
    var x = typer.integer(e, "a subscript", c);
    if (x != null && x.type().rank() > 0) {
      c.frame()
          .report(
              new ShapeProblem.BareTensor(
                  e.span(),
                  e.span().text(),
                  Types.text(x.type().shape()),
                  Optional.of(declared(e, c))));
      return null;
    }
    return x;
  }

  /**
   * Whether a subscript needs its guard: false where it is proved to be inside, true where {@code
   * ??} stands for it, null where it is wrong.
   */
  private static Boolean inside(
      Typed.Expr item,
      Dimension dimension,
      Typed.Expr target,
      Span read,
      boolean hasFallback,
      Context c) {
    return item instanceof Typed.Position p
        ? affine(p, dimension, target, read, hasFallback, c)
        : computed(item, dimension, hasFallback, c);
  }

  private static Boolean computed(
      Typed.Expr item, Dimension dimension, boolean hasFallback, Context c) {
    if (item.type().element() instanceof Element.IndexOf(var own)) {
      if (Shapes.differ(own, dimension)) {
        c.frame().report(ShapeProblem.IndexIdentity.ofNames(item.span(), dimension, own));
        return null;
      }
      var verdict = Shapes.atLeastZero(dimension.size().minus(own.size()), c);
      if (!verdict.fails()) {
        Shapes.leaveToUses(verdict, c, item.span(), "whether " + item.span().text() + " is inside");
        return false;
      }
      if (!hasFallback) {
        c.frame().report(ShapeProblem.IndexIdentity.ofSizes(item.span(), dimension, own));
        return null;
      }
    }
    if (!hasFallback) {
      c.frame()
          .report(
              new EquationProblem.ComputedSubscript(
                  item.span(), item.span().text(), Types.text(dimension)));
      return null;
    }
    return true;
  }

  private static Boolean affine(
      Typed.Position p,
      Dimension dimension,
      Typed.Expr target,
      Span read,
      boolean hasFallback,
      Context c) {
    var e = p.value();
    if (p.type().element() instanceof Element.IndexOf(var own)
        && Shapes.isEnumerated(dimension)
        && Shapes.isEnumerated(own)
        && Shapes.differ(own, dimension)) {
      c.frame().report(ShapeProblem.IndexIdentity.ofNames(p.span(), dimension, own));
      return null;
    }
    if (Shapes.isEnumerated(dimension)
        && e.isConstant()
        && !(p.type().element() instanceof Element.IndexOf)) {
      c.frame()
          .report(
              new EquationProblem.NumberIntoEnum(
                  p.span(),
                  p.span().text(),
                  Types.text(dimension),
                  dimension.named().orElseThrow().members()));
      return null;
    }
    var bounds = c.frame().sampleBounds();
    if (bounds.isPresent() && e.mentions(bounds.get().axis().index())) {
      var needed = bounds.get().read(e, dimension.size(), hasFallback, c);
      if (needed.isPresent()) {
        return needed.get();
      }
    }
    if (p.type().element() instanceof Element.IndexOf(var own)
        && own.size().equals(dimension.size())) {
      // A value of the set itself: most reads.
      return false;
    }
    var low = Shapes.atLeastZero(e, c);
    var room = dimension.size().minus(1).minus(e);
    if (low instanceof Verdict.Proved && c.prover().atLeastZero(room)) {
      return false;
    }
    if (hasFallback) {
      // At a use it may be so: a sequence of one step has no step before.
      if (!c.frame().isNested()
          && (c.prover().atLeastZero(e.negate().minus(1))
              || c.prover().atLeastZero(e.minus(dimension.size())))) {
        c.frame()
            .report(
                new EquationProblem.NeverInside(
                    p.span(),
                    target.span().text() + " has " + Types.text(target.type().shape()),
                    c.prover().atLeastZero(e.negate().minus(1))
                        ? p.span().text() + " < 0"
                        : p.span().text() + " >= " + Types.text(dimension),
                    target instanceof Typed.Whole w ? w.variable().span() : target.span()));
        return null;
      }
      return true;
    }
    if (low.fails()) {
      return outOfRange(p, "0 <= " + p.span().text(), low, target, read, c);
    }
    var high = Shapes.atLeastZero(room, c);
    if (high.fails()) {
      var bound =
          dimension.size().isConstant()
              ? SizeText.of(dimension.size().minus(1))
              : Types.text(dimension) + " - 1";
      return outOfRange(p, p.span().text() + " <= " + bound, high, target, read, c);
    }
    var open = low instanceof Verdict.Undecided ? low : high;
    Shapes.leaveToUses(open, c, p.span(), "whether " + p.span().text() + " is inside");
    return false;
  }

  private static Boolean outOfRange(
      Typed.Position p,
      String inequality,
      Verdict verdict,
      Typed.Expr target,
      Span read,
      Context c) {
    var has = target.span().text() + " has " + Types.text(target.type().shape());
    var declared = target instanceof Typed.Whole w ? w.variable().span() : target.span();
    c.frame()
        .report(
            new EquationProblem.OutOfRange(
                p.span(), read.text(), has, inequality, verdict.counterexample(), declared));
    return null;
  }

  /** The value of {@code ??}: a scalar, or of the shape that {@code :} leaves (LR-31). */
  private Optional<Typed.Expr> outside(Ast.Expr outside, Typed.Type type, Context c) {
    var x = typer.type(outside, c.value());
    if (x == null) {
      return Optional.empty();
    }
    if (x.type().rank() > 0) {
      var verdict = Shapes.equal(x.type().shape(), type.shape(), c);
      if (verdict.fails()) {
        c.frame()
            .report(
                new EquationProblem.FallbackShape(
                    x.span(), Types.text(type.shape()), Types.text(x.type().shape())));
        return Optional.empty();
      }
    }
    return Optional.ofNullable(typer.coercions().to(type.element(), x, "the value of `??`", c));
  }
}
