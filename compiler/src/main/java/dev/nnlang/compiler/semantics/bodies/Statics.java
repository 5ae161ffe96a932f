package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.names.ScalarFunctions;
import dev.nnlang.compiler.semantics.problem.ConfigProblem;
import dev.nnlang.compiler.semantics.problem.EquationProblem;
import dev.nnlang.compiler.semantics.problem.NameProblem;
import dev.nnlang.compiler.semantics.problem.ShapeProblem;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** What is fixed when compiling: config, constants, dimensions, static conditions (LR-24, 34). */
public final class Statics {
  private final Typer typer;

  Statics(Typer typer) {
    this.typer = typer;
  }

  /** The value of a config or local const; null where it failed. */
  Value value(Entity.Setting setting, Context c) {
    if (setting.state == Entity.State.WORKING) {
      c.frame()
          .report(
              new NameProblem.Ring(
                  setting.span,
                  "config",
                  List.of(setting.span.text(), setting.span.text()),
                  List.of()));
      setting.state = Entity.State.DONE;
      return null;
    }
    if (setting.state == Entity.State.UNKNOWN) {
      setting.state = Entity.State.WORKING;
      var value = evaluate(setting.fallback, setting.wanted, Context.of(c.frame()));
      if (setting.state == Entity.State.WORKING) {
        setting.value = value;
      }
      setting.state = Entity.State.DONE;
    }
    return setting.value;
  }

  /** A dimension of a body; null where it failed. */
  Dimension dimension(Entity.Size size, Context c) {
    if (size.state == Entity.State.WORKING) {
      c.frame()
          .report(
              new NameProblem.Ring(
                  size.span, "dimension", List.of(size.span.text(), size.span.text()), List.of()));
      size.state = Entity.State.DONE;
      return null;
    }
    if (size.state == Entity.State.UNKNOWN) {
      size.state = Entity.State.WORKING;
      var found = typer.dimension(size.definition, Context.of(c.frame()));
      if (size.state == Entity.State.WORKING) {
        size.dimension = found;
      }
      size.state = Entity.State.DONE;
      if (found != null) {
        positive(found, size.definition.span(), size.span.text(), c);
      }
    }
    return size.dimension;
  }

  /** LR-39: every dimension is at least 1. */
  public boolean positive(Dimension dimension, Span at, String what, Context c) {
    var e = dimension.size().minus(1);
    if (e.isConstant() && e.constantTerm() < 0) {
      c.frame()
          .report(
              new ShapeProblem.NotPositive(
                  at, what, arithmetic(at.text(), dimension), Optional.empty()));
      return false;
    }
    return true;
  }

  /** {@code H - 4 = 0}; a number that is written needs no arithmetic. */
  static String arithmetic(String text, Dimension dimension) {
    var size = dimension.size().toString();
    return text.equals(size) ? size : text + " = " + size;
  }

  /**
   * The value of a config with its number of values: a list gives each its own, one value stands
   * for all of them, a config of as many is passed on.
   */
  public Value evaluate(Ast.Expr e, Wanted wanted, Context c) {
    return switch (wanted.howMany()) {
      case Ast.HowMany.One _ -> evaluate(e, wanted.kind(), c);
      case Ast.HowMany.Exactly(var count) -> several(e, wanted.kind(), count, c);
      case Ast.HowMany.Any _ -> several(e, wanted.kind(), 1, c);
    };
  }

  /**
   * A list.
   *
   * @param copies what one value that is no list stands for
   */
  private Value several(Ast.Expr e, Optional<Ast.ConfigKind> kind, int copies, Context c) {
    if (e instanceof Ast.Ref r
        && !r.primed()
        && named(r.name().text(), c).flatMap(v -> v).orElse(null) instanceof Value.Several known) {
      return known;
    }
    if (!(e instanceof Ast.ListOf(var items, _))) {
      var one = evaluate(e, kind, c);
      return one == null ? null : new Value.Several(Collections.nCopies(copies, one));
    }
    var values = new ArrayList<Value>();
    boolean failed = false;
    for (var item : items) {
      var value = evaluate(item, kind, c);
      failed |= value == null;
      values.add(value);
    }
    return failed ? null : new Value.Several(values);
  }

  /** {@code Kernel[0]}: one value of a config that has several; empty where it is none of them. */
  Optional<Optional<Typed.Expr>> item(Ast.Access a, Context c) {
    if (!(a.target() instanceof Ast.Ref r)
        || r.primed()
        || !(c.frame().find(r.name().text()) instanceof Entity.Setting setting)
        || setting.list != null
        || !(value(setting, c) instanceof Value.Several(var items))) {
      return Optional.empty();
    }
    if (a.subscripts().size() != 1 || !(a.subscripts().getFirst() instanceof Ast.At at)) {
      c.frame().report(new ConfigProblem.NotExpected(a.span(), "this", "one value of a config"));
      return Optional.of(Optional.empty());
    }
    var position = typer.integer(at.value(), "a subscript", c.integer());
    if (position == null) {
      return Optional.of(Optional.empty());
    }
    if (!(position instanceof Typed.Position p && p.value().isConstant())) {
      c.frame().report(new ConfigProblem.NotStatic(at.span(), "a subscript of a config"));
      return Optional.of(Optional.empty());
    }
    long which = p.value().constantTerm();
    if (which < 0 || which >= items.size()) {
      c.frame()
          .report(
              new ConfigProblem.NoSuchItem(
                  at.span(), r.name().text(), which, items.size(), setting.span));
      return Optional.of(Optional.empty());
    }
    return Optional.of(
        Optional.ofNullable(typer.value(items.get((int) which), a.span().text(), a.span(), c)));
  }

  /**
   * The value of a config, const or setting.
   *
   * @param kind the type that is wanted, where one is written or follows from the default
   */
  public Value evaluate(Ast.Expr e, Optional<Ast.ConfigKind> kind, Context c) {
    if (kind.isPresent()) {
      switch (kind.get()) {
        case DIM -> {
          var dimension = typer.dimension(e, c);
          return dimension == null || !positive(dimension, e.span(), "a dimension", c)
              ? null
              : new Value.Whole(dimension);
        }
        case INT -> {
          var x = typer.integer(e, "an int", c.integer());
          return x == null ? null : number(x, e, c);
        }
        case REAL, BOOL, STRING, FN, LAYER, INIT, SCHEDULE -> {}
      }
    }
    var words = words(e, c);
    if (words.isPresent()) {
      return words.get();
    }
    if (joinsOther(e, c)) {
      return null;
    }
    var made = typer.calls().asValue(e, c);
    if (made.isPresent()) {
      return made.get().orElse(null);
    }
    if (e instanceof Ast.Ref r && !r.primed() && c.index(r.name().text()) == null) {
      var known = named(r.name().text(), c);
      if (known.isPresent()) {
        return known.get().orElse(null);
      }
    }
    var x = typer.type(e, c);
    return x == null ? null : number(x, e, c);
  }

  /** A name that stands for a value as it is: a config passed on, a const, a dimension. */
  private Optional<Optional<Value>> named(String name, Context c) {
    var frame = c.frame();
    return switch (frame.find(name)) {
      case Entity.Setting s -> Optional.of(Optional.ofNullable(value(s, c)));
      case Entity.Size s -> Optional.of(Optional.ofNullable(dimension(s, c)).map(Value.Whole::new));
      case null ->
          frame
              .unit()
              .find(name)
              .filter(s -> s.word().equals("const") || s.word().equals("dim"))
              .map(
                  s ->
                      s.word().equals("const")
                          ? Optional.ofNullable(frame.engine().globals().constant(s, frame))
                          : Optional.ofNullable(frame.engine().globals().dimension(s, frame))
                              .map(Value.Whole::new));
      default -> Optional.empty();
    };
  }

  private static Value number(Typed.Expr x, Ast.Expr e, Context c) {
    if (x.type().rank() > 0) {
      c.frame().report(new ConfigProblem.NotStatic(e.span(), "a config"));
      return null;
    }
    if (x instanceof Typed.Position p) {
      if (p.value().hasIndex()) {
        c.frame().report(new ConfigProblem.NotStatic(e.span(), "a config"));
        return null;
      }
      return Value.Whole.of(p.value());
    }
    if (Types.isBool(x)) {
      var truth = Folding.truth(x, c.prover());
      if (truth.isEmpty()) {
        c.frame().report(new ConfigProblem.NotStatic(e.span(), "a config"));
        return null;
      }
      return new Value.Truth(truth.get());
    }
    var number = Folding.number(x);
    if (number.isPresent()) {
      double value = number.get();
      return Types.isWhole(x) && value == Math.rint(value)
          ? Value.Whole.of(Poly.of((long) value))
          : new Value.Number(value);
    }
    if (!isFixed(x)) {
      c.frame().report(new ConfigProblem.NotStatic(e.span(), "a config"));
      return null;
    }
    return new Value.Formula(x);
  }

  /** Whether it depends on nothing but sizes, the step and draws of none. */
  private static boolean isFixed(Typed.Expr x) {
    return switch (x) {
      case Typed.Real _,
          Typed.Bool _,
          Typed.Position _,
          Typed.Counter _,
          Typed.Fan _,
          Typed.Figure _ ->
          true;
      case Typed.Unary u -> isFixed(u.x());
      case Typed.Binary b -> isFixed(b.x()) && isFixed(b.y());
      case Typed.Cast k -> isFixed(k.x());
      case Typed.Compare k -> isFixed(k.x()) && isFixed(k.y());
      case Typed.Not n -> isFixed(n.x());
      case Typed.And a -> isFixed(a.x()) && isFixed(a.y());
      case Typed.Or o -> isFixed(o.x()) && isFixed(o.y());
      case Typed.Select s -> isFixed(s.condition()) && isFixed(s.then()) && isFixed(s.otherwise());
      case Typed.Result r -> r.call().arguments().stream().allMatch(Statics::isFixed);
      default -> false;
    };
  }

  /** Strings and their sums (LR-65); empty where it is no string. */
  private Optional<Value> words(Ast.Expr e, Context c) {
    return switch (e) {
      case Ast.Text t -> Optional.of(new Value.Words(t.value()));
      case Ast.Binary b when b.op() == Ast.BinaryOp.ADD -> {
        var left = words(b.left(), c);
        var right = left.isEmpty() ? Optional.<Value>empty() : words(b.right(), c);
        yield left.isPresent()
                && right.isPresent()
                && left.get() instanceof Value.Words l
                && right.get() instanceof Value.Words r
            ? Optional.of(new Value.Words(l.value() + r.value()))
            : Optional.empty();
      }
      case Ast.Ref r when !r.primed() ->
          named(r.name().text(), c).flatMap(v -> v).filter(v -> v instanceof Value.Words);
      default -> Optional.empty();
    };
  }

  /** Whether `+` joins a string and what is none; then it has been said. */
  private boolean joinsOther(Ast.Expr e, Context c) {
    if (!(e instanceof Ast.Binary b) || b.op() != Ast.BinaryOp.ADD) {
      return false;
    }
    boolean left = words(b.left(), c).isPresent();
    boolean right = words(b.right(), c).isPresent();
    if (left == right) {
      return !left && (joinsOther(b.left(), c) || joinsOther(b.right(), c));
    }
    var other = left ? b.right() : b.left();
    c.frame()
        .report(
            new ShapeProblem.WrongType(
                other.span(),
                "`+` beside a string",
                "a string",
                "none",
                Optional.of("write it as text, in quotes")));
    return true;
  }

  // Conditions.

  /** Whether a condition is one that the compiler decides: config, dimensions, {@code training}. */
  boolean isStatic(Ast.Expr e, Context c) {
    return switch (e) {
      case Ast.IntLiteral _, Ast.RealLiteral _, Ast.BoolLiteral _, Ast.Text _ -> true;
      case Ast.Ref r -> !r.primed() && isStaticName(r.name().text(), c);
      case Ast.Member m -> m.object() instanceof Ast.Ref owner && isStatic(owner, c);
      case Ast.Unary u -> isStatic(u.operand(), c);
      case Ast.Binary b -> isStatic(b.left(), c) && isStatic(b.right(), c);
      case Ast.Conditional i ->
          isStatic(i.condition(), c) && isStatic(i.then(), c) && isStatic(i.otherwise(), c);
      case Ast.Call call ->
          call.callee() instanceof Ast.Ref f
              && (f.name().text().equals("product")
                  || f.name().text().equals("rank")
                  || (ScalarFunctions.isScalar(f.name().text())
                          || ScalarFunctions.FORMS.contains(f.name().text()))
                      && call.arguments().stream().allMatch(a -> isStatic(a.value(), c)));
      case Ast.Access a ->
          a.target() instanceof Ast.Ref r
              && isStatic(r, c)
              && a.subscripts().stream()
                  .allMatch(s -> s instanceof Ast.At i && isStatic(i.value(), c));
      case Ast.Reduction _,
          Ast.Fallback _,
          Ast.Pipe _,
          Ast.Named _,
          Ast.ListOf _,
          Ast.Range _,
          Ast.Missing _ ->
          false;
    };
  }

  private boolean isStaticName(String name, Context c) {
    if (c.index(name) != null) {
      return false;
    }
    return switch (c.frame().find(name)) {
      case Entity.Setting s -> !(value(s, c) instanceof Value.Formula);
      case Entity.Size _, Entity.Run _ -> true;
      case null -> {
        var symbol = c.frame().unit().find(name);
        if (symbol.isPresent()) {
          yield symbol.get().word().equals("dim") || symbol.get().word().equals("const");
        }
        yield name.equals("training") || name.equals("pi") || name.equals("inf");
      }
      default -> false;
    };
  }

  /**
   * The branch that a static if takes; empty where it failed and was reported.
   *
   * <p>Checking generically, a condition that symbols leave open is taken both ways, one run after
   * the other.
   */
  Optional<Boolean> decide(Ast.Expr condition, Context c) {
    if (condition instanceof Ast.Missing) {
      return Optional.empty();
    }
    if (!isStatic(condition, c)) {
      var probe = c.frame().engine().failing(() -> typer.type(condition, c));
      if (probe) {
        typer.type(condition, c);
      } else {
        c.frame().report(new EquationProblem.StaticIf(condition.span(), condition.span().text()));
      }
      return Optional.empty();
    }
    var test = typer.operators().condition(condition, c);
    if (test == null) {
      return Optional.empty();
    }
    var known = Folding.truth(test, c.prover());
    if (known.isPresent()) {
      return known;
    }
    if (!c.frame().isGeneric()) {
      c.frame().report(new EquationProblem.StaticIf(condition.span(), condition.span().text()));
      return Optional.empty();
    }
    boolean taken = c.frame().engine().fork();
    c.frame().assume(taken ? Conditions.holding(test) : Conditions.failing(test));
    return Optional.of(taken);
  }
}
