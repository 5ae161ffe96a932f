package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.names.ScalarFunctions;
import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.semantics.problem.ConfigProblem;
import dev.nnlang.compiler.semantics.problem.PlanProblem;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Calls and pipes: which list is config, which is inputs (LR-23), and what is called. */
public final class Calls {
  private final Typer typer;
  private final Configs configs;
  private final Applications applications;
  private final Forms forms;

  Calls(Typer typer) {
    this.typer = typer;
    this.configs = new Configs(typer);
    this.applications = new Applications(typer);
    this.forms = new Forms(typer);
  }

  public Configs configs() {
    return configs;
  }

  public Applications applications() {
    return applications;
  }

  Forms forms() {
    return forms;
  }

  /** What a name or {@code m.name} calls. */
  Callee callee(Ast.Expr e, Context c) {
    return switch (e) {
      case Ast.Ref r -> named(r, c);
      case Ast.Member m when m.object() instanceof Ast.Ref owner -> {
        var alias = c.frame().unit().aliases().get(owner.name().text());
        if (alias == null) {
          yield new Callee.Other(m.span().text(), "a value", m.span());
        }
        var symbol = alias.own().get(m.member().text());
        yield symbol == null ? new Callee.Failed() : of(symbol, m.span(), c);
      }
      case Ast.Missing _ -> new Callee.Failed();
      default -> new Callee.Other(e.span().text(), "a value", e.span());
    };
  }

  private Callee named(Ast.Ref r, Context c) {
    var name = r.name().text();
    if (r.name().isMissing()) {
      return new Callee.Failed();
    }
    if (c.index(name) != null) {
      return new Callee.Other(name, "an index", r.span());
    }
    var entity = c.frame().find(name);
    if (entity != null) {
      return switch (entity) {
        case Entity.Bound b -> new Callee.Shared(b);
        case Entity.Setting s ->
            switch (typer.statics().value(s, c)) {
              case null -> new Callee.Failed();
              case Value.Maker m -> new Callee.Made(m);
              case Value.Chain k -> new Callee.Repeated(k);
              case Value.BuiltIn b -> new Callee.BuiltIn(b.name());
              case Value v -> new Callee.Other(name, v.describe(), s.span);
            };
        case Entity.Failed _ -> new Callee.Failed();
        case Entity.Size s -> new Callee.Other(name, "a dimension", s.span);
        case Entity.Run s -> new Callee.Other(name, "a run of dimensions", s.span());
        case Entity.Tensor t -> new Callee.Other(name, "a tensor", t.span());
        case Entity.Local l -> new Callee.Other(name, "a tensor", l.span);
      };
    }
    var symbol = c.frame().unit().find(name);
    boolean isItself =
        symbol.isPresent() && c.frame().symbol().filter(s -> s == symbol.get()).isPresent();
    if (symbol.isPresent() && !(isItself && ScalarFunctions.isCallable(name))) {
      return of(symbol.get(), r.span(), c);
    }
    if (ScalarFunctions.isCallable(name)) {
      return new Callee.BuiltIn(name);
    }
    if (!ScalarFunctions.isKnown(name)) {
      c.frame().unknown(r.name());
    }
    return new Callee.Failed();
  }

  private static Callee of(Symbol symbol, Span span, Context c) {
    return symbol.function().isPresent() && !symbol.is(Ast.Kind.OPTIMIZER)
        ? new Callee.Made(new Value.Maker(symbol, Map.of(), span))
        : new Callee.Other(symbol.name(), "a " + symbol.word(), symbol.span());
  }

  /** A call split into what is called and its lists. */
  private record Parts(Ast.Expr callee, List<List<Ast.Argument>> lists) {}

  private static Parts parts(Ast.Expr e) {
    var lists = new ArrayList<List<Ast.Argument>>();
    while (e instanceof Ast.Call call) {
      lists.addFirst(call.arguments());
      e = call.callee();
    }
    return new Parts(e, lists);
  }

  // Values: functions, constructors and what is configured.

  /**
   * A function, constructor or {@code repeat} as a value; the outer empty where it is none of them,
   * the inner where it failed.
   */
  Optional<Optional<Value>> asValue(Ast.Expr e, Context c) {
    if (!(e instanceof Ast.Ref || e instanceof Ast.Member || e instanceof Ast.Call)) {
      return Optional.empty();
    }
    var parts = parts(e);
    if (!(parts.callee() instanceof Ast.Ref || parts.callee() instanceof Ast.Member)
        || parts.lists().size() > 1) {
      return Optional.empty();
    }
    boolean isPlainMember = parts.callee() instanceof Ast.Member m && !isAlias(m, c);
    if (isPlainMember) {
      return Optional.empty();
    }
    return switch (callee(parts.callee(), c)) {
      case Callee.Made(var maker) -> {
        if (maker.symbol().is(Ast.Kind.SCHEDULE)) {
          yield Optional.empty();
        }
        var arguments =
            parts.lists().isEmpty() ? List.<Ast.Argument>of() : parts.lists().getFirst();
        boolean isInputs =
            !parts.lists().isEmpty()
                && !maker.symbol().isMaker()
                && !maker.symbol().is(Ast.Kind.INIT)
                && isInputList(maker, arguments);
        yield isInputs
            ? Optional.empty()
            : Optional.of(Optional.ofNullable(configs.configure(maker, arguments, c)));
      }
      case Callee.Repeated(var chain) ->
          parts.lists().isEmpty() ? Optional.of(Optional.of(chain)) : Optional.empty();
      case Callee.BuiltIn(var name) -> {
        if (parts.lists().isEmpty() && ScalarFunctions.isScalar(name)) {
          yield Optional.of(Optional.of(new Value.BuiltIn(name)));
        }
        yield name.equals("repeat") && parts.lists().size() == 1
            ? Optional.of(Optional.ofNullable(forms.repeat((Ast.Call) e, c)))
            : Optional.empty();
      }
      case Callee.Failed _, Callee.Shared _, Callee.Other _ -> Optional.empty();
    };
  }

  private static boolean isAlias(Ast.Member m, Context c) {
    return m.object() instanceof Ast.Ref owner
        && c.frame().unit().aliases().containsKey(owner.name().text());
  }

  /** LR-23: the only list of a lower-case function is inputs, unless all of it names config. */
  private static boolean isInputList(Value.Maker maker, List<Ast.Argument> arguments) {
    return arguments.isEmpty()
        || !arguments.stream()
            .allMatch(
                a ->
                    a.name().isPresent()
                        && maker.function().configs().stream()
                            .anyMatch(k -> k.name().text().equals(a.name().get().text())));
  }

  // Calls.

  Typed.Expr call(Ast.Call e, Context c) {
    if (Parameters.isAskedFor(e, c)) {
      return c.frame().parameters().orElseThrow().sum(e, c);
    }
    var parts = parts(e);
    return switch (callee(parts.callee(), c)) {
      case Callee.Failed _ -> {
        typeArguments(parts.lists(), c);
        yield null;
      }
      case Callee.Other(var name, var what, var declared) -> {
        c.frame()
            .report(new ConfigProblem.NotCallable(parts.callee().span(), name, what, declared));
        yield null;
      }
      case Callee.BuiltIn(var name) -> forms.builtIn(name, e, parts.lists(), c);
      case Callee.Shared(var bound) -> {
        if (parts.lists().size() != 1) {
          c.frame()
              .report(
                  new ConfigProblem.NotCallable(
                      e.span(), bound.name + "(...)", "a tensor", bound.span));
          yield null;
        }
        var inputs = inputs(applications.function(bound, c), parts.lists().getFirst(), c);
        yield inputs == null
            ? null
            : applications.result(applications.shared(bound, inputs, e.span(), c), e.span(), c);
      }
      case Callee.Repeated(var chain) -> {
        var inputs = inputs(Optional.of(chain.maker().function()), parts.lists().getFirst(), c);
        yield inputs == null
            ? null
            : applications.result(
                applications.anonymous(e, chain, inputs, e.span(), c), e.span(), c);
      }
      case Callee.Made(var maker) -> made(e, maker, parts.lists(), c);
    };
  }

  /** The call of a declaration, which may have several outputs; null where it failed. */
  Typed.Call several(Ast.Expr e, Context c) {
    var parts = parts(e);
    if (parts.lists().isEmpty()) {
      return null;
    }
    var last = parts.lists().getLast();
    return switch (callee(parts.callee(), c)) {
      case Callee.Shared(var bound) when parts.lists().size() == 1 -> {
        var inputs = inputs(applications.function(bound, c), last, c);
        yield inputs == null ? null : applications.shared(bound, inputs, e.span(), c);
      }
      case Callee.Made(var maker) when !isValue(maker, parts.lists()) ->
          madeCall(e, maker, parts.lists(), c);
      case Callee.Failed _ -> null;
      default -> {
        var x = typer.type(e, c);
        yield x instanceof Typed.Result r && r.call().instance().body().outputs().size() == 1
            ? r.call()
            : null;
      }
    };
  }

  private static boolean isValue(Value.Maker maker, List<List<Ast.Argument>> lists) {
    return lists.size() == 1
        && (maker.symbol().isMaker()
            || maker.symbol().is(Ast.Kind.INIT, Ast.Kind.SCHEDULE)
            || !isInputList(maker, lists.getFirst()));
  }

  private Typed.Expr made(
      Ast.Call e, Value.Maker maker, List<List<Ast.Argument>> lists, Context c) {
    if (maker.symbol().is(Ast.Kind.INIT, Ast.Kind.SCHEDULE)) {
      var configured = configs.configure(maker, lists.getFirst(), c);
      if (configured == null) {
        return null;
      }
      return lists.size() == 1
          ? ownedByConfig(configured, e.span(), c)
          : fed(configured, lists, e.span(), c);
    }
    if (isValue(maker, lists)) {
      if (maker.symbol().isMaker()) {
        var tensor =
            lists.getFirst().stream().filter(a -> Configs.isTensor(a.value(), c)).findFirst();
        if (tensor.isPresent()) {
          c.frame().report(Configs.tensorAsConfig(maker.symbol(), tensor.get().value().span()));
        } else {
          c.frame().report(new ConfigProblem.MakerAsTensor(e.span(), e.span().text(), false));
        }
      } else {
        c.frame()
            .report(
                new ConfigProblem.FunctionAsValue(
                    e.span(), e.span().text(), maker.symbol().word()));
      }
      return null;
    }
    var call = madeCall(e, maker, lists, c);
    return call == null ? null : applications.result(call, e.span(), c);
  }

  private Typed.Call madeCall(
      Ast.Expr e, Value.Maker maker, List<List<Ast.Argument>> lists, Context c) {
    if (lists.size() > 2) {
      c.frame()
          .report(
              new ConfigProblem.NotCallable(
                  e.span(),
                  maker.symbol().name() + "(...)(...)",
                  "a tensor",
                  maker.symbol().span()));
      return null;
    }
    var configured = lists.size() == 2 ? configs.configure(maker, lists.getFirst(), c) : maker;
    var inputs = inputs(Optional.of(maker.function()), lists.getLast(), c);
    return configured == null || inputs == null
        ? null
        : applications.anonymous(e, configured, inputs, e.span(), c);
  }

  /** A schedule with its config and the results that feed it, {@code name(0.1)(valid.loss)}. */
  private Typed.Expr fed(Value.Maker maker, List<List<Ast.Argument>> lists, Span span, Context c) {
    var symbol = maker.symbol();
    if (lists.size() > 2 || maker.function().inputs().isEmpty() || symbol.is(Ast.Kind.INIT)) {
      c.frame()
          .report(
              new ConfigProblem.NotCallable(
                  span, symbol.name() + "(...)", "a number", symbol.span()));
      return null;
    }
    var inputs = new ArrayList<Optional<Typed.Expr>>();
    for (var argument : lists.getLast()) {
      if (argument.name().isPresent()) {
        var name = argument.name().get();
        c.frame().report(new ConfigProblem.InputByName(name.span(), symbol.name(), name.text()));
        return null;
      }
      var result =
          c.frame().schedules().flatMap(s -> s.results().find(argument.value(), c.frame()));
      if (c.frame().schedules().isPresent() && result.isEmpty()) {
        return null;
      }
      result.ifPresent(
          r ->
              inputs.add(
                  Optional.of(
                      new Typed.Figure(r, Types.scalar(Types.REAL), argument.value().span()))));
    }
    return learning(maker, inputs, span, c);
  }

  /** A schedule that learns: it stands in a plan, and has states there. */
  private Typed.Expr learning(
      Value.Maker maker, List<Optional<Typed.Expr>> inputs, Span span, Context c) {
    var schedules = c.frame().schedules();
    if (schedules.isEmpty() || inputs.isEmpty() && !maker.function().inputs().isEmpty()) {
      c.frame()
          .report(
              new PlanProblem.LearnsFromResults(
                  span,
                  maker.symbol().name(),
                  maker.function().inputs().stream().map(p -> p.name().text()).toList(),
                  schedules.isPresent(),
                  maker.symbol().span()));
      return null;
    }
    var path = schedules.get().path(span, maker.symbol().name());
    var call = applications.schedule(maker, path, inputs, span, c);
    if (call == null) {
      return null;
    }
    schedules.get().found(call);
    return applications.result(call, span, c);
  }

  /**
   * A schedule or init with its config: a number of its own. The inputs of an init are the indices
   * of the element whose first value it is.
   */
  Typed.Expr ownedByConfig(Value.Maker maker, Span span, Context c) {
    if (maker.symbol().is(Ast.Kind.SCHEDULE) && Schedules.learns(maker.function())) {
      return learning(maker, List.of(), span, c);
    }
    var element = new ArrayList<Optional<Typed.Expr>>();
    if (!maker.function().inputs().isEmpty()) {
      c.indices().values().stream()
          .flatMap(List::stream)
          .map(axis -> Types.integer(Poly.of(axis.index()), span))
          .forEach(position -> element.add(Optional.of(position)));
    }
    var call = applications.anonymous(null, maker, element, span, c);
    return call == null ? null : applications.result(call, span, c);
  }

  /**
   * Inputs by position, and those with a default also by name; empty where one is left to its
   * default. Null where one failed.
   *
   * @param callee absent where it has failed already
   */
  List<Optional<Typed.Expr>> inputs(
      Optional<Ast.Function> callee, List<Ast.Argument> arguments, Context c) {
    var inputs = new ArrayList<Optional<Typed.Expr>>();
    var places = new HashMap<Integer, Span>();
    boolean failed = callee.isEmpty();
    for (var argument : arguments) {
      var x = typer.type(argument.value(), c.value());
      int at = inputs.size();
      if (argument.name().isPresent() && callee.isPresent()) {
        at = named(callee.get(), argument.name().get());
        if (at < 0) {
          c.frame()
              .report(
                  new ConfigProblem.InputByName(
                      argument.name().get().span(),
                      callee.get().name().text(),
                      argument.name().get().text()));
          failed = true;
          continue;
        }
      }
      var first = places.putIfAbsent(at, argument.span());
      if (first != null) {
        c.frame()
            .report(
                new ConfigProblem.GivenTwice(
                    argument.span(),
                    callee.get().name().text(),
                    callee.get().inputs().get(at).name().text(),
                    first));
        failed = true;
        continue;
      }
      failed |= x == null;
      while (inputs.size() <= at) {
        inputs.add(Optional.empty());
      }
      inputs.set(at, Optional.ofNullable(x));
    }
    return failed ? null : inputs;
  }

  /** The position of an input that may be named: one that has a default; -1 for none. */
  private static int named(Ast.Function f, Ast.Name name) {
    for (int i = 0; i < f.inputs().size(); i++) {
      var port = f.inputs().get(i);
      if (port.absent().isPresent() && port.name().text().equals(name.text())) {
        return i;
      }
    }
    return -1;
  }

  private void typeArguments(List<List<Ast.Argument>> lists, Context c) {
    lists.forEach(list -> list.forEach(a -> typer.type(a.value(), c.value())));
  }

  // Pipes.

  Typed.Expr pipe(Ast.Pipe p, Context c) {
    var x = typer.type(p.input(), c.value());
    for (var stage : p.stages()) {
      x = x == null ? null : stage(stage, x, c.value());
      c.frame().found(stage.span(), x);
    }
    return x;
  }

  /** The value of a stage for its input; null where it failed. */
  Typed.Expr stage(Ast.Stage stage, Typed.Expr x, Context c) {
    var call = stageCall(stage, x, c);
    if (call.isPresent()) {
      return call.get().map(k -> applications.result(k, stage.span(), c)).orElse(null);
    }
    var parts = parts(stage.function());
    return switch (callee(parts.callee(), c)) {
      case Callee.BuiltIn(var name) -> forms.stage(name, stage, x, c);
      case Callee.Other(var name, var what, var declared) -> {
        c.frame()
            .report(new ConfigProblem.NotCallable(stage.function().span(), name, what, declared));
        yield null;
      }
      case Callee.Failed _, Callee.Made _, Callee.Repeated _, Callee.Shared _ -> null;
    };
  }

  /** The outer empty where the stage is a built-in or nothing, the inner where it failed. */
  Optional<Optional<Typed.Call>> stageCall(Ast.Stage stage, Typed.Expr x, Context c) {
    var parts = parts(stage.function());
    var inputs = List.of(Optional.of(x));
    var at = stage.function().span();
    return switch (callee(parts.callee(), c)) {
      case Callee.Shared(var bound) when parts.lists().isEmpty() ->
          Optional.of(Optional.ofNullable(applications.shared(bound, inputs, at, c)));
      case Callee.Shared(var bound) -> {
        c.frame().report(new ConfigProblem.NotCallable(at, at.text(), "a tensor", bound.span));
        yield Optional.of(Optional.empty());
      }
      case Callee.Repeated(var chain) ->
          Optional.of(
              Optional.ofNullable(applications.anonymous(stage.function(), chain, inputs, at, c)));
      case Callee.Made(var maker) -> {
        if (maker.symbol().is(Ast.Kind.INIT, Ast.Kind.SCHEDULE) || parts.lists().size() > 1) {
          c.frame()
              .report(
                  new ConfigProblem.NotCallable(
                      at, at.text(), "no stage of a pipe", maker.symbol().span()));
          yield Optional.of(Optional.empty());
        }
        var configured =
            parts.lists().isEmpty() ? maker : configs.configure(maker, parts.lists().getFirst(), c);
        yield Optional.of(
            configured == null
                ? Optional.empty()
                : Optional.ofNullable(
                    applications.anonymous(stage.function(), configured, inputs, at, c)));
      }
      case Callee.BuiltIn(var name) when name.equals("repeat") -> {
        if (!(stage.function() instanceof Ast.Call repeat)) {
          yield Optional.empty();
        }
        var chain = forms.repeat(repeat, c);
        yield Optional.of(
            chain == null
                ? Optional.empty()
                : Optional.ofNullable(
                    applications.anonymous(stage.function(), chain, inputs, at, c)));
      }
      case Callee.BuiltIn _, Callee.Other _, Callee.Failed _ -> Optional.empty();
    };
  }

  /** Whether the last step of an expression is {@code reshape}, whose shape the left side gives. */
  Optional<Ast.Expr> reshaped(Ast.Expr e, Context c) {
    if (e instanceof Ast.Call call
        && call.callee() instanceof Ast.Ref r
        && isReshape(r, c)
        && call.arguments().size() == 1) {
      return Optional.of(call.arguments().getFirst().value());
    }
    if (e instanceof Ast.Pipe p
        && p.stages().getLast().function() instanceof Ast.Ref r
        && isReshape(r, c)) {
      return Optional.of(
          p.stages().size() == 1
              ? p.input()
              : new Ast.Pipe(p.input(), p.stages().subList(0, p.stages().size() - 1), p.span()));
    }
    return Optional.empty();
  }

  private boolean isReshape(Ast.Ref r, Context c) {
    return r.name().text().equals("reshape") && callee(r, c) instanceof Callee.BuiltIn;
  }
}
