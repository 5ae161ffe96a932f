package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.semantics.Mode;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Typed.Element;
import dev.nnlang.compiler.semantics.Typed.Variable;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.names.ScalarFunctions;
import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.semantics.names.Unit;
import dev.nnlang.compiler.semantics.names.Where;
import dev.nnlang.compiler.semantics.problem.ConfigProblem;
import dev.nnlang.compiler.semantics.problem.EquationProblem;
import dev.nnlang.compiler.semantics.problem.NameProblem;
import dev.nnlang.compiler.semantics.problem.PlanProblem;
import dev.nnlang.compiler.semantics.problem.ShapeProblem;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.List;
import java.util.Optional;

/**
 * Gives expressions their meaning. Every method returns null where the expression failed and a
 * problem has been reported, here or by an earlier stage (LR-75).
 */
public final class Typer {
  private final Operators operators = new Operators(this);
  private final Reads reads = new Reads(this);
  private final Ranges ranges = new Ranges(this);
  private final Reductions reductions = new Reductions(this);
  private final Statics statics = new Statics(this);
  private final Calls calls = new Calls(this);
  private final Coercions coercions = new Coercions();
  private final Definitions definitions = new Definitions(this);

  Operators operators() {
    return operators;
  }

  Reads reads() {
    return reads;
  }

  Ranges ranges() {
    return ranges;
  }

  Reductions reductions() {
    return reductions;
  }

  public Statics statics() {
    return statics;
  }

  public Calls calls() {
    return calls;
  }

  Coercions coercions() {
    return coercions;
  }

  public Definitions definitions() {
    return definitions;
  }

  /** A declaration with its config, for inputs of these types; null where it failed. */
  public Typed.Body instantiate(
      Value.Maker maker,
      List<Optional<Typed.Type>> inputs,
      List<Optional<Frame.Given>> given,
      Frame caller,
      Span at) {
    return caller.engine().bodies().instantiate(maker, inputs, given, caller.mode(), caller, at);
  }

  /** The meaning of an expression, of whatever type it has. */
  public Typed.Expr type(Ast.Expr e, Context c) {
    var x = meaning(e, c);
    c.frame().found(e.span(), x);
    return x;
  }

  private Typed.Expr meaning(Ast.Expr e, Context c) {
    return switch (e) {
      case Ast.IntLiteral i -> Types.integer(Poly.of(i.value()), i.span());
      case Ast.RealLiteral r -> Types.real(r.value(), r.span());
      case Ast.BoolLiteral b -> Types.bool(b.value(), b.span());
      case Ast.Text t -> unexpected(t, "a string", c);
      case Ast.Ref r -> reference(r, c);
      case Ast.Member m -> member(m, c);
      case Ast.Call call -> calls.call(call, c);
      case Ast.Reduction r -> reductions.reduction(r, null, c);
      case Ast.Access a -> {
        var item = statics.item(a, c);
        yield item.isPresent() ? item.get().orElse(null) : reads.access(a, null, c);
      }
      case Ast.Fallback f -> reads.fallback(f, c);
      case Ast.Unary u -> operators.unary(u, c);
      case Ast.Binary b -> operators.binary(b, c);
      case Ast.Conditional i -> operators.conditional(i, c);
      case Ast.Pipe p -> calls.pipe(p, c);
      case Ast.Named n -> unexpected(n, "`as`", c);
      case Ast.ListOf l -> unexpected(l, "a list", c);
      case Ast.Range r -> unexpected(r, "a range", c);
      case Ast.Missing _ -> null;
    };
  }

  /** An expression that must be an integer: a subscript, a size, a count. */
  Typed.Expr integer(Ast.Expr e, String what, Context c) {
    var x = type(e, c.integer());
    if (x == null) {
      return null;
    }
    if (Types.isReal(x)) {
      if (x instanceof Typed.Real(var value, _, var span) && value == Math.rint(value)) {
        return Types.integer(Poly.of((long) value), span);
      }
      c.frame().report(new ShapeProblem.RealAsIndex(e.span(), what));
      return null;
    }
    if (Types.isBool(x)) {
      c.frame()
          .report(
              new ShapeProblem.WrongType(e.span(), what, "an integer", "bool", Optional.empty()));
      return null;
    }
    return x;
  }

  /** A size: an integer known from config and dimensions; null where it failed. */
  public Dimension dimension(Ast.Expr e, Context c) {
    if (e instanceof Ast.Ref r && !r.primed()) {
      var named = named(r.name(), c);
      if (named != null) {
        return named;
      }
    }
    if (e instanceof Ast.Member m
        && m.object() instanceof Ast.Ref alias
        && c.frame().unit().aliases().get(alias.name().text()) instanceof Unit unit) {
      var symbol = unit.own().get(m.member().text());
      if (symbol != null) {
        return c.frame().engine().globals().dimension(symbol, c.frame());
      }
    }
    var x = integer(e, "a dimension", c);
    if (x == null) {
      return null;
    }
    if (x instanceof Typed.Position p && !p.value().hasIndex()) {
      return Dimension.of(p.value());
    }
    c.frame().report(new ConfigProblem.NotStatic(e.span(), "a dimension"));
    return null;
  }

  /** The dimension that a bare name is, with its identity; null where it is something else. */
  private Dimension named(Ast.Name name, Context c) {
    var frame = c.frame();
    if (name.text().equals("batch") && frame.seesBatch()) {
      return Dimension.batch();
    }
    return switch (frame.find(name.text())) {
      case Entity.Size size -> statics.dimension(size, c);
      case Entity.Setting setting ->
          statics.value(setting, c) instanceof Value.Whole w ? w.dimension() : null;
      case null ->
          c.index(name.text()) == null
              ? frame
                  .unit()
                  .find(name.text())
                  .filter(s -> s.word().equals("dim"))
                  .map(s -> frame.engine().globals().dimension(s, frame))
                  .orElse(null)
              : null;
      default -> null;
    };
  }

  private Typed.Expr unexpected(Ast.Expr e, String what, Context c) {
    c.frame().report(new ConfigProblem.NotExpected(e.span(), what, "a value"));
    return null;
  }

  // Names.

  private Typed.Expr reference(Ast.Ref r, Context c) {
    if (r.name().isMissing()) {
      return null;
    }
    var name = r.name().text();
    var frame = c.frame();
    var axes = c.index(name);
    if (axes != null && !r.primed()) {
      if (axes.size() != 1) {
        frame.report(new EquationProblem.RunLength(r.span(), name));
        return null;
      }
      var axis = axes.getFirst();
      return new Typed.Position(
          Poly.of(axis.index()), Types.scalar(new Element.IndexOf(axis.range())), r.span());
    }
    var entity = frame.find(name);
    if (entity != null) {
      return entity(entity, r, c);
    }
    var symbol = frame.unit().find(name);
    if (symbol.isPresent()) {
      return symbol(symbol.get(), r.span(), c);
    }
    return builtIn(r, c);
  }

  private Typed.Expr entity(Entity entity, Ast.Ref r, Context c) {
    return switch (entity) {
      case Entity.Setting s when s.list != null -> whole(s.list, r);
      case Entity.Setting s -> value(statics.value(s, c), r.name().text(), r.span(), c);
      case Entity.Size s -> {
        var dimension = statics.dimension(s, c);
        yield dimension == null ? null : Types.integer(dimension.size(), r.span());
      }
      case Entity.Run _ -> {
        c.frame().report(new EquationProblem.RunLength(r.span(), r.name().text()));
        yield null;
      }
      case Entity.Tensor t -> whole(t.variable(), r);
      case Entity.Local l -> {
        var variable = definitions.variable(l, c.frame());
        yield variable == null ? null : whole(variable, r);
      }
      case Entity.Bound b -> {
        c.frame().report(new ConfigProblem.MakerAsTensor(r.span(), b.name, true));
        yield null;
      }
      case Entity.Failed _ -> null;
    };
  }

  private static Typed.Expr whole(Variable variable, Ast.Ref r) {
    return new Typed.Whole(variable, r.primed(), variable.type(), r.span());
  }

  /** A config or const where a number is wanted. */
  Typed.Expr value(Value value, String name, Span span, Context c) {
    return switch (value) {
      case null -> null;
      case Value.Whole w -> Types.integer(w.poly(), span);
      case Value.Number n -> number(n.value(), name, span, c);
      case Value.Truth t -> Types.bool(t.value(), span);
      case Value.Formula f -> f.expr();
      case Value.Several s -> {
        c.frame()
            .report(
                new ConfigProblem.NotExpected(span, name + ", " + s.describe() + ",", "one value"));
        yield null;
      }
      case Value.Words _ -> {
        c.frame().report(new ConfigProblem.NotExpected(span, "the string " + name, "an equation"));
        yield null;
      }
      case Value.Maker m when m.symbol().isMaker() -> {
        c.frame().report(new ConfigProblem.MakerAsTensor(span, name, false));
        yield null;
      }
      case Value.Maker m -> {
        c.frame().report(new ConfigProblem.FunctionAsValue(span, name, m.symbol().word()));
        yield null;
      }
      case Value.Chain _ -> {
        c.frame().report(new ConfigProblem.MakerAsTensor(span, name, false));
        yield null;
      }
      case Value.BuiltIn _ -> {
        c.frame().report(new ConfigProblem.FunctionAsValue(span, name, "function"));
        yield null;
      }
    };
  }

  /** LR-24: a config that stands in an integer position must be integral. */
  private static Typed.Expr number(double value, String name, Span span, Context c) {
    if (!c.isInteger()) {
      return Types.real(value, span);
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e18) {
      return Types.integer(Poly.of((long) value), span);
    }
    var from =
        c.frame().find(name) instanceof Entity.Setting s
            ? Optional.of(s.span())
            : Optional.<Span>empty();
    c.frame().report(new ConfigProblem.NotIntegral(span, name, value, from));
    return null;
  }

  private Typed.Expr symbol(Symbol symbol, Span span, Context c) {
    var globals = c.frame().engine().globals();
    return switch (symbol.declaration()) {
      case Ast.DimDef _, Ast.EnumDim _ -> {
        var dimension = globals.dimension(symbol, c.frame());
        yield dimension == null ? null : Types.integer(dimension.size(), span);
      }
      case Ast.ConstDef _ -> value(globals.constant(symbol, c.frame()), symbol.name(), span, c);
      case Ast.Function f when f.kind() == Ast.Kind.SCHEDULE || f.kind() == Ast.Kind.INIT ->
          calls.ownedByConfig(new Value.Maker(symbol, java.util.Map.of(), span), span, c);
      case Ast.Function _ when symbol.isMaker() -> {
        c.frame().report(new ConfigProblem.MakerAsTensor(span, symbol.name(), false));
        yield null;
      }
      case Ast.Function f -> {
        c.frame().report(new ConfigProblem.FunctionAsValue(span, symbol.name(), f.kind().word()));
        yield null;
      }
      case Ast.Data _, Ast.Train _ -> {
        c.frame().report(new ConfigProblem.FunctionAsValue(span, symbol.name(), symbol.word()));
        yield null;
      }
      case Ast.Use _, Ast.Missing _ -> null;
    };
  }

  /** Names of the language; where they have no place the check of names has said so. */
  private Typed.Expr builtIn(Ast.Ref r, Context c) {
    var frame = c.frame();
    var where = frame.where();
    var integer = Types.scalar(Types.INT);
    var real = Types.scalar(Types.REAL);
    return switch (r.name().text()) {
      case "inf" -> Types.real(Double.POSITIVE_INFINITY, r.span());
      case "pi" -> Types.real(Math.PI, r.span());
      case "batch" -> frame.seesBatch() ? Types.integer(Poly.dim("batch"), r.span()) : null;
      case "training" -> {
        frame.engine().askedForTraining();
        yield Types.bool(frame.mode() == Mode.TRAINING, r.span());
      }
      case "step" ->
          where.knowsStep() ? new Typed.Counter(Typed.Counter.Which.STEP, integer, r.span()) : null;
      case "steps" ->
          where.knowsStep()
              ? new Typed.Counter(Typed.Counter.Which.STEPS, integer, r.span())
              : null;
      case "fan_in" ->
          where.knowsFans() ? new Typed.Fan(Typed.Fan.Direction.IN, real, r.span()) : null;
      case "fan_out" ->
          where.knowsFans() ? new Typed.Fan(Typed.Fan.Direction.OUT, real, r.span()) : null;
      default -> {
        if (r.name().text().equals("params") && frame.parameters().isPresent()) {
          frame.report(new PlanProblem.ParamsOnlyInFn(r.span(), Optional.empty()));
        } else if (ScalarFunctions.isCallable(r.name().text())) {
          frame.report(new ConfigProblem.FunctionAsValue(r.span(), r.name().text(), "function"));
        } else {
          frame.unknown(r.name());
        }
        yield null;
      }
    };
  }

  private Typed.Expr member(Ast.Member m, Context c) {
    var frame = c.frame();
    if (!(m.object() instanceof Ast.Ref owner) || m.member().isMissing()) {
      if (!(m.object() instanceof Ast.Missing) && !m.member().isMissing()) {
        frame.report(new ConfigProblem.NotExpected(m.span(), "`.`", "a value"));
      }
      return null;
    }
    var alias = frame.unit().aliases().get(owner.name().text());
    if (alias != null && frame.find(owner.name().text()) == null) {
      var symbol = alias.own().get(m.member().text());
      return symbol == null ? null : symbol(symbol, m.span(), c);
    }
    var dimension = named(owner.name(), c);
    var named = dimension == null ? null : dimension.named().orElse(null);
    if (named == null) {
      if (frame.find(owner.name().text()) != null && c.index(owner.name().text()) == null) {
        frame.report(
            new NameProblem.UnknownMember(
                m.span(), owner.name().text(), m.member().text(), List.of(), List.of()));
      } else if (frame.where() == Where.PLAN && Results.PARTS.contains(owner.name().text())) {
        frame.report(new PlanProblem.ResultAsValue(m.span(), m.span().text()));
      } else if (frame.find(owner.name().text()) == null) {
        frame.unknown(owner.name());
      }
      return null;
    }
    int at = named.members().indexOf(m.member().text());
    if (at < 0) {
      var near = NearNames.near(m.member().text(), named.members());
      frame.report(
          new NameProblem.UnknownMember(
              m.member().span(), named.name(), m.member().text(), named.members(), near));
      return null;
    }
    return new Typed.Position(Poly.of(at), Types.scalar(new Element.IndexOf(dimension)), m.span());
  }
}
