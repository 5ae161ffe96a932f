package dev.nnlang.compiler.semantics.plans;

import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Update;
import dev.nnlang.compiler.semantics.bodies.Frame;
import dev.nnlang.compiler.semantics.bodies.Parameters;
import dev.nnlang.compiler.semantics.bodies.Typer;
import dev.nnlang.compiler.semantics.bodies.Value;
import dev.nnlang.compiler.semantics.problem.PlanProblem;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which optimizer trains which parameter (LR-90): one for all, or a list, of which each takes what
 * its declared shape fits, or what {@code params.PATH} behind it names, and those before it left.
 */
public final class Optimizers {
  private final Parameters parameters;
  private final Map<String, Typed.Type> trained;
  private final Function<Ast.Expr, Optional<Value.Maker>> makers;
  private final Typer typer;
  private final Frame frame;
  private final LinkedHashMap<String, Update> updates = new LinkedHashMap<>();

  /**
   * @param frozen parameters that stay as they are
   * @param makers an optimizer with its config; empty where it is none, which has been reported
   */
  Optimizers(
      Parameters parameters,
      Set<String> frozen,
      Function<Ast.Expr, Optional<Value.Maker>> makers,
      Typer typer,
      Frame frame) {
    this.parameters = parameters;
    this.trained = new LinkedHashMap<>(parameters.types());
    trained.keySet().removeAll(frozen);
    this.makers = makers;
    this.typer = typer;
    this.frame = frame;
  }

  /** An update for every parameter that is trained, in their order; none where something failed. */
  List<Update> updates(Ast.Expr written) {
    if (parameters.types().isEmpty()) {
      // That there is nothing to train is said of the model.
      return List.of();
    }
    var items = written instanceof Ast.ListOf list ? list.items() : List.of(written);
    for (var item : items) {
      if (!takes(item)) {
        return List.of();
      }
    }
    var left = trained.keySet().stream().filter(p -> !updates.containsKey(p)).toList();
    if (!left.isEmpty()) {
      frame.report(new PlanProblem.NotOptimized(written.span(), left));
      return List.of();
    }
    return trained.keySet().stream().map(updates::get).toList();
  }

  private boolean takes(Ast.Expr item) {
    var named = named(item);
    var optimizer = named.isPresent() && item instanceof Ast.Call call ? call.callee() : item;
    var maker = makers.apply(optimizer);
    if (maker.isEmpty()) {
      return false;
    }
    var within = named.map(Parameters::path).orElse("");
    if (parameters.types().keySet().stream().noneMatch(p -> Parameters.within(p, within))) {
      frame.report(
          new PlanProblem.NoSuchParams(
              named.orElseThrow().span(),
              named.orElseThrow().span().text(),
              NearNames.near(within, parameters.types().keySet())));
      return false;
    }
    var mine = new ArrayList<String>();
    trained.forEach(
        (path, type) -> {
          if (!updates.containsKey(path)
              && Parameters.within(path, within)
              && fits(maker.get(), type)) {
            mine.add(path);
          }
        });
    if (mine.isEmpty()) {
      frame.report(new PlanProblem.IdleOptimizer(item.span(), item.span().text()));
      return false;
    }
    for (var path : mine) {
      var type = Optional.of(parameters.types().get(path));
      var body = typer.instantiate(maker.get(), List.of(type, type), List.of(), frame, item.span());
      if (body == null) {
        return false;
      }
      updates.put(path, new Update(path, body, item.span()));
    }
    return true;
  }

  /** {@code params.encoder} in {@code Name(lr = 1e-4)(params.encoder)}. */
  private static Optional<Ast.Expr> named(Ast.Expr item) {
    return item instanceof Ast.Call(var callee, var arguments, var _)
            && callee instanceof Ast.Call
            && arguments.size() == 1
            && Parameters.base(arguments.getFirst().value()).equals("params")
        ? Optional.of(arguments.getFirst().value())
        : Optional.empty();
  }

  /**
   * Whether the optimizer is declared element by element, or on so many dimensions; one whose head
   * is broken has no inputs, and the parser has said so.
   */
  private static boolean fits(Value.Maker maker, Typed.Type type) {
    var inputs = maker.function().inputs();
    if (inputs.isEmpty()) {
      return true;
    }
    var dims = inputs.getFirst().dims();
    return dims.isEmpty()
        || dims.get().stream().anyMatch(Ast.DimRun.class::isInstance)
        || dims.get().size() == type.rank();
  }
}
