package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Typed.Role;
import dev.nnlang.compiler.semantics.Typed.Variable;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Configs that are lists of any length, {@code milestones: real[]}: each is a tensor of the body,
 * with an equation that gives the first value for index 0, the second for 1, and so on.
 */
public final class Lists {
  private final Typer typer;
  private final Frame frame;

  Lists(Typer typer, Frame frame) {
    this.typer = typer;
    this.frame = frame;
  }

  /** The equations of a declaration whose config has its values; null where one failed. */
  List<Typed.Define> of(Ast.Function f) {
    var defines = new ArrayList<Typed.Define>();
    for (var config : f.configs()) {
      if (config.type().map(Ast.ConfigType::howMany).orElse(null) instanceof Ast.HowMany.Any
          && frame.find(config.name().text()) instanceof Entity.Setting setting) {
        if (!(typer.statics().value(setting, Context.of(frame)) instanceof Value.Several(var items))
            || items.isEmpty()) {
          return null;
        }
        var define = define(config, items);
        setting.list = define.target();
        defines.add(define);
      }
    }
    return defines;
  }

  private Typed.Define define(Ast.Config config, List<Value> items) {
    var span = config.name().span();
    boolean isWhole = config.type().orElseThrow().kind() == Ast.ConfigKind.INT;
    var type = Types.scalar(isWhole ? Types.INT : Types.REAL);
    var axis = frame.axis("_" + config.name().text(), Dimension.of(Poly.of(items.size())));
    Typed.Expr chosen = null;
    for (int k = items.size() - 1; k >= 0; k--) {
      var item = typer.value(items.get(k), config.name().text(), span, Context.of(frame));
      var value = isWhole ? Types.asInt(item) : Types.asReal(item);
      var here =
          new Typed.Compare(
              Comparison.EQ,
              Types.integer(Poly.of(axis.index()), span),
              Types.integer(Poly.of(k), span),
              Types.scalar(Types.BOOL),
              span);
      chosen = chosen == null ? value : new Typed.Select(here, value, chosen, type, span);
    }
    var variable =
        new Variable(
            config.name().text(),
            Role.LOCAL,
            Types.of(type.element(), List.of(axis.range())),
            span);
    return new Typed.Define(variable, false, List.of(Optional.of(axis)), chosen, span);
  }
}
