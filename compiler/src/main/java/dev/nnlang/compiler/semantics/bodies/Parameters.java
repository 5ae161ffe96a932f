package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Instance;
import dev.nnlang.compiler.semantics.Typed.ParamTerm;
import dev.nnlang.compiler.semantics.Typed.Role;
import dev.nnlang.compiler.semantics.TypedWalk;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.problem.PlanProblem;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The trained parameters of a model by path, and {@code params} in a plan (LR-37). */
public final class Parameters {
  private final Typer typer;
  private final Map<String, Typed.Type> types = new LinkedHashMap<>();

  public Parameters(Typer typer, Instance model) {
    this.typer = typer;
    collect("", model);
  }

  /** Types by path, in source order; frozen ones are left out. */
  public Map<String, Typed.Type> types() {
    return types;
  }

  private void collect(String outer, Instance instance) {
    var path = join(outer, instance.path());
    for (int copy = 0; copy < instance.copies(); copy++) {
      var own = instance.repeated() ? join(path, String.valueOf(copy)) : path;
      for (var owned : instance.body().owned()) {
        if (owned.variable().role() == Role.PARAM) {
          types.put(join(own, owned.variable().name()), owned.variable().type());
        }
      }
      for (var inner : made(instance.body())) {
        collect(own, inner);
      }
    }
  }

  /** The instances that a body uses, each once, in source order. */
  private static Set<Instance> made(Typed.Body body) {
    var found = new LinkedHashSet<Instance>();
    for (var statement : body.statements()) {
      switch (statement) {
        case Typed.Define d -> calls(d.value(), found);
        case Typed.DefineAll d -> call(d.call(), found);
      }
    }
    return found;
  }

  private static void calls(Typed.Expr e, Set<Instance> found) {
    if (e instanceof Typed.Result r) {
      call(r.call(), found);
    } else {
      TypedWalk.parts(e).forEach(p -> calls(p, found));
    }
  }

  private static void call(Typed.Call call, Set<Instance> found) {
    call.arguments().forEach(a -> calls(a, found));
    found.add(call.instance());
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : name.isEmpty() ? path : path + "/" + name;
  }

  /** Whether a call in a plan has {@code params} for its argument. */
  static boolean isAskedFor(Ast.Call e, Context c) {
    return c.frame().parameters().isPresent()
        && e.arguments().size() == 1
        && base(e.arguments().getFirst().value()).equals("params");
  }

  public static String base(Ast.Expr e) {
    return switch (e) {
      case Ast.Ref r -> r.name().text();
      case Ast.Member m -> base(m.object());
      default -> "";
    };
  }

  public static String path(Ast.Expr e) {
    return e instanceof Ast.Member m ? join(path(m.object()), m.member().text()) : "";
  }

  /** The function of every parameter that the argument names, added up; null where it failed. */
  Typed.Expr sum(Ast.Call e, Context c) {
    var argument = e.arguments().getFirst().value();
    var wanted = path(argument);
    var terms = new ArrayList<ParamTerm>();
    boolean failed = false;
    var maker = typer.calls().callee(e.callee(), c) instanceof Callee.Made(var made) ? made : null;
    if (maker == null || !maker.symbol().is(Ast.Kind.FN)) {
      c.frame()
          .report(new PlanProblem.ParamsOnlyInFn(e.span(), Optional.of(e.callee().span().text())));
      return null;
    }
    for (var entry : types.entrySet()) {
      if (!within(entry.getKey(), wanted)) {
        continue;
      }
      var body =
          typer.instantiate(
              maker, List.of(Optional.of(entry.getValue())), List.of(), c.frame(), e.span());
      if (body == null) {
        failed = true;
        break;
      }
      terms.add(new ParamTerm(entry.getKey(), body));
    }
    if (failed) {
      return null;
    }
    if (terms.isEmpty()) {
      c.frame()
          .report(
              new PlanProblem.NoSuchParams(
                  argument.span(), argument.span().text(), NearNames.near(wanted, types.keySet())));
      return null;
    }
    return new Typed.OverParams(terms, Types.scalar(Types.REAL), e.span());
  }

  /** Those that {@code freeze = [params.enc]} names; what names none is reported. */
  public Set<String> frozen(Optional<Ast.Expr> written, Frame frame) {
    var frozen = new LinkedHashSet<String>();
    var items =
        written
            .map(e -> e instanceof Ast.ListOf list ? list.items() : List.of(e))
            .orElse(List.of());
    for (var item : items) {
      var wanted = path(item);
      var found = types.keySet().stream().filter(p -> within(p, wanted)).toList();
      if (!base(item).equals("params") || wanted.isEmpty() || found.isEmpty()) {
        var fronts = new LinkedHashSet<String>();
        types.keySet().forEach(p -> fronts.add("params." + p.replace('/', '.')));
        frame.report(
            new PlanProblem.NoSuchParams(
                item.span(), item.span().text(), NearNames.near(item.span().text(), fronts)));
      }
      frozen.addAll(found);
    }
    return frozen;
  }

  /** Whether a path is, or lies below, another; all lie below the empty one. */
  public static boolean within(String path, String front) {
    return front.isEmpty() || path.equals(front) || path.startsWith(front + "/");
  }
}
