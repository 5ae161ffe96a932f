package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Typed.Variable;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.names.ScalarFunctions;
import dev.nnlang.compiler.semantics.problem.ConfigProblem;
import dev.nnlang.compiler.semantics.problem.EquationProblem;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.List;
import java.util.Optional;

/** Calls of what the language itself has: scalar functions, reductions, {@code grad}, ... */
public final class Forms {
  private final Typer typer;

  Forms(Typer typer) {
    this.typer = typer;
  }

  Typed.Expr builtIn(String name, Ast.Call e, List<List<Ast.Argument>> lists, Context c) {
    if (name.equals("repeat")) {
      return repeated(e, lists, c);
    }
    if (lists.size() != 1) {
      c.frame()
          .report(new ConfigProblem.NotCallable(e.span(), name + "(...)", "a number", e.span()));
      return null;
    }
    for (var argument : lists.getFirst()) {
      if (argument.name().isPresent()) {
        c.frame()
            .report(
                new ConfigProblem.InputByName(
                    argument.name().get().span(), name, argument.name().get().text()));
        return null;
      }
    }
    var arguments = lists.getFirst().stream().map(Ast.Argument::value).toList();
    if (ScalarFunctions.DRAWS.containsKey(name)) {
      c.frame().report(new ConfigProblem.DrawOutsideTilde(e.span(), name));
      return null;
    }
    var reducer = ScalarFunctions.REDUCERS.get(name);
    if (reducer != null && !(ScalarFunctions.BINARY.containsKey(name) && arguments.size() != 1)) {
      return count(name, e, arguments, 1, c)
          ? typer.reductions().all(name, reducer, arguments.getFirst(), e.span(), c)
          : null;
    }
    if (ScalarFunctions.UNARY.containsKey(name)) {
      return count(name, e, arguments, 1, c)
          ? unary(name, arguments.getFirst(), e.span(), c)
          : null;
    }
    if (ScalarFunctions.BINARY.containsKey(name)) {
      return count(name, e, arguments, 2, c) ? binary(name, arguments, e.span(), c) : null;
    }
    return form(name, e, arguments, c);
  }

  private static boolean count(
      String name, Ast.Expr e, List<Ast.Expr> arguments, int wanted, Context c) {
    if (arguments.size() == wanted) {
      return true;
    }
    c.frame()
        .report(
            new ConfigProblem.WrongInputCount(
                e.span(),
                name,
                arguments.size(),
                wanted == 0 ? List.of() : wanted == 1 ? List.of("x") : List.of("a", "b"),
                e.span()));
    return false;
  }

  private Typed.Expr form(String name, Ast.Call e, List<Ast.Expr> arguments, Context c) {
    int wanted = name.equals("grad") ? 2 : 1;
    if (!count(name, e, arguments, wanted, c)) {
      return null;
    }
    var first = arguments.getFirst();
    return switch (name) {
      case "real" -> {
        var x = typer.type(first, c.value());
        yield x == null ? null : typer.coercions().to(Types.REAL, x, "`real`", c);
      }
      case "int" -> truncated(first, e.span(), c);
      case "product", "rank" -> run(name, first, e.span(), c);
      case "stop_gradient" -> {
        var x = typer.type(first, c.value());
        yield x == null ? null : new Typed.StopGradient(x, x.type(), e.span());
      }
      case "grad" -> grad(first, arguments.get(1), e.span(), c);
      case "reshape" -> {
        c.frame().report(new ConfigProblem.ReshapeNeedsShape(e.span()));
        yield null;
      }
      default -> throw new dev.nnlang.compiler.diagnostic.CompilerBug("no form " + name);
    };
  }

  private Typed.Expr truncated(Ast.Expr argument, Span span, Context c) {
    var x = typer.type(argument, c.value());
    if (x == null) {
      return null;
    }
    if (Types.isBool(x)) {
      return typer.coercions().to(Types.INT, x, "`int`", c);
    }
    var whole =
        Types.isWhole(x)
            ? Types.asInt(x)
            : new Typed.Cast(x, Types.of(Types.INT, x.type().shape()), span);
    return c.isInteger() ? whole : Types.asReal(whole);
  }

  private Typed.Expr unary(String name, Ast.Expr argument, Span span, Context c) {
    if (c.isInteger() && ScalarFunctions.ROUNDING.contains(name)) {
      var rounded = wholeQuotient(name, argument, c);
      if (rounded != null) {
        return rounded;
      }
    }
    var x = typer.type(argument, c.isInteger() ? c.value() : c);
    return x == null ? null : unary(name, x, span, c);
  }

  /** {@code floor(a / b)} of ints in an integer position stays a polynomial (LR-1). */
  private Typed.Expr wholeQuotient(String name, Ast.Expr argument, Context c) {
    if (!(argument instanceof Ast.Binary b) || b.op() != Ast.BinaryOp.DIV || name.equals("round")) {
      return null;
    }
    return c.frame()
        .engine()
        .quietly(
            () -> {
              var x = typer.type(b.left(), c);
              var y = typer.type(b.right(), c);
              if (!(x instanceof Typed.Position p)
                  || !(y instanceof Typed.Position q)
                  || q.value().is(0)) {
                return null;
              }
              return Types.integer(
                  name.equals("floor")
                      ? p.value().floorDiv(q.value())
                      : p.value().negate().floorDiv(q.value()).negate(),
                  argument.span());
            });
  }

  private Typed.Expr unary(String name, Typed.Expr x, Span span, Context c) {
    var op = ScalarFunctions.UNARY.get(name);
    if (c.isInteger() && Types.isWhole(x)) {
      if (ScalarFunctions.ROUNDING.contains(name)) {
        return Types.asInt(x);
      }
      if (op == UnaryOp.ABS || op == UnaryOp.SIGN) {
        var whole = Types.asInt(x);
        return new Typed.Unary(op, whole, whole.type(), span);
      }
    }
    var real = typer.coercions().to(Types.REAL, x, "`" + name + "`", c);
    if (real == null) {
      return null;
    }
    var result = new Typed.Unary(op, real, real.type(), span);
    return c.isInteger() && ScalarFunctions.ROUNDING.contains(name)
        ? new Typed.Cast(result, Types.of(Types.INT, real.type().shape()), span)
        : result;
  }

  private Typed.Expr binary(String name, List<Ast.Expr> arguments, Span span, Context c) {
    var op = ScalarFunctions.BINARY.get(name);
    var x = typer.type(arguments.get(0), c);
    var y = typer.type(arguments.get(1), c);
    if (x == null || y == null) {
      return null;
    }
    var shape = typer.operators().joined(x, y, "`" + name + "`", c);
    if (shape == null) {
      return null;
    }
    boolean whole = c.isInteger() && Types.isWhole(x) && Types.isWhole(y) && op != BinaryOp.ATAN2;
    if (whole) {
      return extreme(op, Types.asInt(x), Types.asInt(y), shape, span, c);
    }
    var a = typer.coercions().to(Types.REAL, x, "`" + name + "`", c);
    var b = typer.coercions().to(Types.REAL, y, "`" + name + "`", c);
    return a == null || b == null
        ? null
        : new Typed.Binary(op, a, b, Types.of(Types.REAL, shape), span);
  }

  private static Typed.Expr extreme(
      BinaryOp op, Typed.Expr x, Typed.Expr y, List<Dimension> shape, Span span, Context c) {
    if (x instanceof Typed.Position p && y instanceof Typed.Position q) {
      if (c.prover().atMost(p.value(), q.value())) {
        return op == BinaryOp.MIN ? x : y;
      }
      if (c.prover().atMost(q.value(), p.value())) {
        return op == BinaryOp.MIN ? y : x;
      }
    }
    return new Typed.Binary(op, x, y, Types.of(Types.INT, shape), span);
  }

  /** {@code product(S)}, {@code rank(S)} of a run or of a tensor's shape. */
  private Typed.Expr run(String name, Ast.Expr argument, Span span, Context c) {
    List<Dimension> dimensions = null;
    if (argument instanceof Ast.Ref r && !r.primed()) {
      dimensions =
          switch (c.frame().find(r.name().text())) {
            case Entity.Run run -> run.dimensions();
            case Entity.Tensor t -> t.variable().type().shape();
            case null, default -> null;
          };
    }
    if (dimensions == null) {
      c.frame().report(new ConfigProblem.NotExpected(argument.span(), "this", "`" + name + "`"));
      return null;
    }
    return Types.integer(
        name.equals("rank")
            ? Poly.of(dimensions.size())
            : Poly.product(dimensions.stream().map(Dimension::size).toList()),
        span);
  }

  private Typed.Expr grad(Ast.Expr of, Ast.Expr by, Span span, Context c) {
    var e = typer.type(of, c.value());
    if (!(by instanceof Ast.Ref r) || r.primed() || c.index(r.name().text()) != null) {
      c.frame().report(new EquationProblem.GradByExpression(by.span(), by.span().text()));
      return null;
    }
    var x = typer.type(by, c.value());
    if (e == null || x == null) {
      return null;
    }
    if (!(x instanceof Typed.Whole(Variable variable, _, _, _))) {
      c.frame().report(new EquationProblem.GradByExpression(by.span(), by.span().text()));
      return null;
    }
    if (e.type().rank() > 0) {
      c.frame()
          .report(
              new EquationProblem.GradOfTensor(
                  of.span(), of.span().text(), Types.text(e.type().shape())));
      return null;
    }
    if (!Types.isReal(x) || Types.isBool(e)) {
      var odd = Types.isReal(x) ? e : x;
      c.frame()
          .report(
              new EquationProblem.GradNotReal(
                  odd.span(), odd.span().text(), Types.describe(odd.type())));
      return null;
    }
    c.frame().engine().dependsOnUse();
    if (Folding.number(e).isPresent() || !Dependence.mayDepend(e, variable, c.frame())) {
      c.frame()
          .report(
              new EquationProblem.GradIndependent(
                  span, of.span().text(), by.span().text(), Optional.empty(), of.span()));
      return null;
    }
    return new Typed.Gradient(
        Types.asReal(e), variable, Types.of(Types.REAL, x.type().shape()), span);
  }

  /** A stage of a pipe that is a function of the language. */
  Typed.Expr stage(String name, Ast.Stage stage, Typed.Expr x, Context c) {
    var at = stage.function().span();
    if (!(stage.function() instanceof Ast.Ref)) {
      c.frame().report(new ConfigProblem.NotCallable(at, at.text(), "no stage of a pipe", at));
      return null;
    }
    if (ScalarFunctions.UNARY.containsKey(name)) {
      return unary(name, x, stage.span(), c);
    }
    var reducer = ScalarFunctions.REDUCERS.get(name);
    if (reducer != null) {
      return typer.reductions().all(name, reducer, x, stage.span(), c);
    }
    return switch (name) {
      case "stop_gradient" -> new Typed.StopGradient(x, x.type(), stage.span());
      case "real" -> typer.coercions().to(Types.REAL, x, "`real`", c);
      case "reshape" -> {
        c.frame().report(new ConfigProblem.ReshapeNeedsShape(at));
        yield null;
      }
      default -> {
        c.frame().report(new ConfigProblem.NotCallable(at, name, "no stage of a pipe", at));
        yield null;
      }
    };
  }

  // repeat.

  private Typed.Expr repeated(Ast.Call e, List<List<Ast.Argument>> lists, Context c) {
    if (lists.size() != 2) {
      c.frame().report(new ConfigProblem.MakerAsTensor(e.span(), e.span().text(), false));
      return null;
    }
    var chain = repeat((Ast.Call) e.callee(), c);
    var inputs =
        typer
            .calls()
            .inputs(Optional.ofNullable(chain).map(k -> k.maker().function()), lists.get(1), c);
    if (inputs == null) {
      return null;
    }
    var applications = typer.calls().applications();
    return applications.result(applications.anonymous(e, chain, inputs, e.span(), c), e.span(), c);
  }

  /** {@code repeat(n, C)}: a number and a constructor (LR-47); null where it failed. */
  Value.Chain repeat(Ast.Call e, Context c) {
    if (e.arguments().size() != 2 || e.arguments().stream().anyMatch(a -> a.name().isPresent())) {
      c.frame()
          .report(
              new ConfigProblem.BadRepeat(
                  e.span(), "`repeat` wants a count and a layer", "write `repeat(4, Block())`"));
      return null;
    }
    var count = typer.integer(e.arguments().get(0).value(), "the count of `repeat`", c.integer());
    var what = e.arguments().get(1).value();
    if (what instanceof Ast.Ref r && c.frame().find(r.name().text()) instanceof Entity.Bound b) {
      c.frame()
          .report(
              new ConfigProblem.BadRepeat(
                  what.span(),
                  "`" + b.name + "` is one instance: repeated it would share its parameters",
                  "name the layer: `repeat(n, " + b.maker.span().text() + ")`"));
      return null;
    }
    var value = typer.statics().evaluate(what, Optional.of(Ast.ConfigKind.LAYER), c.value());
    if (count == null || value == null) {
      return null;
    }
    if (!(value instanceof Value.Maker maker) || !maker.symbol().isMaker()) {
      c.frame()
          .report(
              new ConfigProblem.BadRepeat(
                  what.span(), value.describe() + " is no layer", "name a layer or model"));
      return null;
    }
    int copies = 1;
    if (count instanceof Typed.Position p && p.value().isConstant()) {
      long n = p.value().constantTerm();
      if (n < 1 || n > 100_000) {
        c.frame()
            .report(
                new ConfigProblem.BadRepeat(
                    e.arguments().get(0).span(), "the count is " + n, "repeat at least once"));
        return null;
      }
      copies = (int) n;
    } else if (!c.frame().isGeneric()) {
      c.frame()
          .report(
              new ConfigProblem.NotStatic(e.arguments().get(0).span(), "the count of `repeat`"));
      return null;
    }
    return new Value.Chain(copies, maker, e.span());
  }
}
