package dev.nnlang.compiler.semantics.plans;

import dev.nnlang.compiler.semantics.Search;
import dev.nnlang.compiler.semantics.bodies.Context;
import dev.nnlang.compiler.semantics.bodies.Frame;
import dev.nnlang.compiler.semantics.bodies.Typer;
import dev.nnlang.compiler.semantics.problem.PlanProblem;
import dev.nnlang.compiler.syntax.Ast;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The searches of a plan. Each stands for the value that was chosen for it from outside, or else
 * for its middle, and says so: {@code nn tune} is what explores it.
 */
public final class Searches {
  private final Frame frame;
  private final Typer typer;
  private final Overrides overrides;
  private final Map<String, Search> found = new LinkedHashMap<>();

  Searches(Frame frame, Typer typer, Overrides overrides) {
    this.frame = frame;
    this.typer = typer;
    this.overrides = overrides;
  }

  /** The same plan with a number for every search in it. */
  Ast.Train settled(Ast.Train train) {
    return new Ast.Train(
        train.doc(),
        train.name(),
        settled(train.model(), "model"),
        settled(train.data(), "data"),
        train.settings().stream()
            .map(
                s ->
                    new Ast.Setting(
                        s.doc(), s.name(), settled(s.value(), s.name().text()), s.span()))
            .toList(),
        train.span());
  }

  /** Every search that was met, in the order written. */
  List<Search> found() {
    return List.copyOf(found.values());
  }

  /** What is set from outside and was not one of the searches. */
  Overrides rest() {
    return overrides.without(found.keySet());
  }

  private Ast.Expr settled(Ast.Expr e, String name) {
    return switch (e) {
      case Ast.Call call when isSearch(call) -> value(call, name);
      case Ast.Call call ->
          new Ast.Call(
              settled(call.callee(), name),
              call.arguments().stream()
                  .map(
                      a ->
                          new Ast.Argument(
                              a.name(),
                              settled(a.value(), a.name().map(Ast.Name::text).orElse(name)),
                              a.span()))
                  .toList(),
              call.span());
      case Ast.Binary b ->
          new Ast.Binary(b.op(), settled(b.left(), name), settled(b.right(), name), b.span());
      case Ast.Unary u -> new Ast.Unary(u.op(), settled(u.operand(), name), u.span());
      case Ast.ListOf list ->
          new Ast.ListOf(
              list.items().stream().map(item -> settled(item, name)).toList(), list.span());
      default -> e;
    };
  }

  private static boolean isSearch(Ast.Call call) {
    return call.callee() instanceof Ast.Ref r && r.name().text().equals("search");
  }

  private Ast.Expr value(Ast.Call call, String name) {
    var unique = name;
    for (int k = 2; found.containsKey(unique); k++) {
      unique = name + "_" + k;
    }
    var search = search(call, unique);
    if (search.isEmpty()) {
      frame.report(new PlanProblem.BadSearch(call.span()));
      return new Ast.Missing(call.span());
    }
    found.put(unique, search.get());
    var chosen = overrides.values().get(unique);
    if (chosen != null) {
      return Overrides.literal(chosen, call.span());
    }
    var middle = middle(search.get());
    frame.report(new PlanProblem.SearchMiddle(call.span(), middle));
    return Overrides.literal(middle, call.span());
  }

  private static String middle(Search search) {
    return switch (search) {
      case Search.Choice(_, var items) -> items.get((items.size() - 1) / 2);
      case Search.Interval(_, var from, var to, var log, var whole) -> {
        double middle = log ? Math.sqrt(from * to) : (from + to) / 2;
        yield whole ? Long.toString((long) middle) : Double.toString(middle);
      }
    };
  }

  private Optional<Search> search(Ast.Call call, String name) {
    if (call.arguments().isEmpty()) {
      return Optional.empty();
    }
    return switch (call.arguments().getFirst().value()) {
      case Ast.ListOf list when !list.items().isEmpty() && call.arguments().size() == 1 ->
          Optional.of(
              new Search.Choice(
                  name, list.items().stream().map(item -> item.span().text()).toList()));
      case Ast.Range range -> {
        var from = number(range.from());
        var to = number(range.to());
        boolean log = call.arguments().size() == 2 && isLog(call.arguments().get(1).value());
        boolean wrong =
            from.isEmpty()
                || to.isEmpty()
                || call.arguments().size() > (log ? 2 : 1)
                || log && (from.get() <= 0 || to.get() <= 0);
        boolean whole =
            range.from() instanceof Ast.IntLiteral && range.to() instanceof Ast.IntLiteral;
        yield wrong
            ? Optional.empty()
            : Optional.of(new Search.Interval(name, from.get(), to.get(), log, whole));
      }
      default -> Optional.empty();
    };
  }

  private static boolean isLog(Ast.Expr e) {
    return e instanceof Ast.Ref r && r.name().text().equals("log");
  }

  private Optional<Double> number(Ast.Expr e) {
    var value =
        frame
            .engine()
            .quietly(() -> typer.statics().evaluate(e, Optional.empty(), Context.of(frame)));
    return value == null ? Optional.empty() : value.number();
  }
}
