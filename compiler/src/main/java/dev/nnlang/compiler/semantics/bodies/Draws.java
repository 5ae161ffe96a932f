package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.names.ScalarFunctions;
import dev.nnlang.compiler.semantics.problem.ConfigProblem;
import dev.nnlang.compiler.semantics.problem.ShapeProblem;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What stands after {@code ~}: a distribution, or an init that draws (LR-29). */
public final class Draws {
  private final Typer typer;

  Draws(Typer typer) {
    this.typer = typer;
  }

  Typed.Expr draw(Ast.Expr e, Context c) {
    if (e instanceof Ast.Missing) {
      return null;
    }
    var arguments = List.<Ast.Argument>of();
    var callee = e;
    if (e instanceof Ast.Call call) {
      callee = call.callee();
      arguments = call.arguments();
    }
    if (!(callee instanceof Ast.Ref || callee instanceof Ast.Member)) {
      return notADraw(e.span(), c);
    }
    return switch (typer.calls().callee(callee, c)) {
      case Callee.Made(var maker) when maker.symbol().is(Ast.Kind.INIT) -> {
        var configured = typer.calls().configs().configure(maker, arguments, c);
        yield configured == null ? null : typer.calls().ownedByConfig(configured, e.span(), c);
      }
      case Callee.BuiltIn(var name) when ScalarFunctions.DRAWS.containsKey(name) ->
          distribution(name, arguments, e.span(), c);
      case Callee.Failed _ -> null;
      case Callee.Made _, Callee.BuiltIn _, Callee.Repeated _, Callee.Shared _, Callee.Other _ ->
          notADraw(e.span(), c);
    };
  }

  private Typed.Expr distribution(String name, List<Ast.Argument> arguments, Span span, Context c) {
    var distribution = ScalarFunctions.DRAWS.get(name);
    int wanted = ScalarFunctions.arguments(distribution);
    if (arguments.size() != wanted) {
      var names = Map.of(0, List.<String>of(), 1, List.of("p"), 2, List.of("a", "b")).get(wanted);
      c.frame()
          .report(new ConfigProblem.WrongInputCount(span, name, arguments.size(), names, span));
      return null;
    }
    var values = new ArrayList<Typed.Expr>();
    for (var argument : arguments) {
      var x = typer.type(argument.value(), c.value());
      if (x == null) {
        return null;
      }
      if (x.type().rank() > 0) {
        c.frame()
            .report(
                new ShapeProblem.BareTensor(
                    x.span(), x.span().text(), Types.text(x.type().shape()), Optional.empty()));
        return null;
      }
      x = typer.coercions().to(Types.REAL, x, "`" + name + "`", c);
      if (x == null) {
        return null;
      }
      values.add(x);
    }
    return new Typed.Draw(distribution, values, Types.scalar(Types.REAL), span);
  }

  private static Typed.Expr notADraw(Span span, Context c) {
    c.frame().report(new ConfigProblem.NotADraw(span, span.text()));
    return null;
  }
}
