package dev.nnlang.compiler.semantics.plans;

import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.semantics.Mode;
import dev.nnlang.compiler.semantics.Search;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Instance;
import dev.nnlang.compiler.semantics.Typed.Metric;
import dev.nnlang.compiler.semantics.Typed.Objective;
import dev.nnlang.compiler.semantics.Typed.Role;
import dev.nnlang.compiler.semantics.Typed.Update;
import dev.nnlang.compiler.semantics.Typed.Variable;
import dev.nnlang.compiler.semantics.TypedWalk;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.bodies.Applications;
import dev.nnlang.compiler.semantics.bodies.Context;
import dev.nnlang.compiler.semantics.bodies.Engine;
import dev.nnlang.compiler.semantics.bodies.Entity;
import dev.nnlang.compiler.semantics.bodies.Frame;
import dev.nnlang.compiler.semantics.bodies.Parameters;
import dev.nnlang.compiler.semantics.bodies.Results;
import dev.nnlang.compiler.semantics.bodies.Schedules;
import dev.nnlang.compiler.semantics.bodies.Typer;
import dev.nnlang.compiler.semantics.bodies.Value;
import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.semantics.names.Where;
import dev.nnlang.compiler.semantics.problem.PlanProblem;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Gives a {@code train} declaration its meaning (LR-16, 20, 37, 50, 51). */
public final class TrainBuilder {
  private final Engine engine;
  private final Typer typer;
  private final Symbol symbol;
  private final Ast.Train train;
  private final Frame frame;
  private final Settings settings;
  private final Searches searches;

  /** The model and the samples in scope, where the loss or more has failed. */
  private Optional<Frame> partial = Optional.empty();

  public TrainBuilder(Engine engine, Symbol symbol, Overrides overrides) {
    this.engine = engine;
    this.typer = engine.typer();
    this.symbol = symbol;
    this.frame = frame(Mode.TRAINING);
    this.searches = new Searches(frame, typer, overrides);
    var settled = searches.settled((Ast.Train) symbol.declaration());
    this.train = searches.rest().applied(settled, frame);
    this.settings = Settings.of(train, frame);
  }

  public List<Search> searches() {
    return searches.found();
  }

  private Frame frame(Mode mode) {
    return new Frame(
        engine,
        symbol.unit(),
        Where.PLAN,
        symbol.name(),
        mode,
        Optional.empty(),
        Optional.empty(),
        symbol.span());
  }

  /** The plan; empty where something failed, which has been reported. */
  public Optional<Typed.Training> build() {
    int before = engine.problems().size();
    var data = data();
    var model = model();
    var plain = plainSettings();
    var more = new PlanSettings(settings, frame, typer);
    var clip = more.clip();
    var watch = more.watch();
    var checkpoint = more.checkpoint();
    var average = more.average();
    var from = more.from(symbol);
    var ends = new Endings(settings, frame, typer);
    var names = List.copyOf(named(items("metrics")).keySet());
    var first = ends.first(names);
    var training =
        data.isEmpty() || model.isEmpty()
            ? Optional.<View>empty()
            : view(model.get(), data.get(), Mode.TRAINING);
    if (training.isEmpty()) {
      // What else is wrong with the plan does not depend on its loss.
      var all = Results.of(names, data.map(TrainBuilder::parts).orElse(Results.PARTS));
      partial.ifPresent(
          view -> {
            items("metrics").forEach(e -> typer.type(unnamed(e), Context.of(view)));
            optimizer(view.parameters().orElseThrow(), all);
          });
      ends.stop(List.of(), all);
      return Optional.empty();
    }
    Probabilities.check(training.get().objective(), frame);
    var inference = engine.quietly(() -> view(model.get(), data.get(), Mode.INFERENCE));
    if (inference.isEmpty()) {
      view(model.get(), data.get(), Mode.INFERENCE);
      return Optional.empty();
    }
    var parameters = training.get().frame().parameters().orElseThrow();
    if (parameters.types().isEmpty()) {
      frame.report(
          new PlanProblem.NothingToTrain(train.model().span(), model.get().symbol().name()));
      return Optional.empty();
    }
    var metrics = metrics(training.get(), inference.get());
    var figures = new ArrayList<>(List.of(training.get().objective().loss()));
    metrics.forEach(m -> m.trainingValue().ifPresent(figures::add));
    engine.gradients().check(training.get().objective(), figures, frame);
    var results = results(names, metrics, parts(data.get()));
    var optimizer = optimizer(parameters, results);
    var stop = ends.stop(metrics, results);
    if (Engine.hasErrors(engine.problems().subList(before, engine.problems().size()))) {
      return Optional.empty();
    }
    return Optional.of(
        new Typed.Training(
            symbol.name(),
            data.get(),
            training.get().objective(),
            inference.get().objective(),
            metrics,
            optimizer,
            frame.schedules().map(Schedules::calls).orElse(List.of()),
            clip,
            new Typed.Settings(
                plain.batch,
                plain.epochs,
                plain.steps,
                plain.accumulate,
                plain.evaluate,
                plain.seed,
                plain.shuffle,
                first,
                stop,
                watch,
                checkpoint,
                average,
                from),
            train.span()));
  }

  // Model and data.

  private Optional<Value.Maker> model() {
    return maker(
        train.model(),
        Ast.Kind.MODEL,
        (what, near) ->
            new PlanProblem.NotAModel(
                train.model().span(), callee(train.model()).span().text(), what, near));
  }

  private static Ast.Expr callee(Ast.Expr e) {
    return e instanceof Ast.Call call ? call.callee() : e;
  }

  /** A declaration of this kind with its config; empty where it is none or its config failed. */
  private Optional<Value.Maker> maker(
      Ast.Expr e, Ast.Kind kind, BiFunction<String, List<String>, PlanProblem> problem) {
    var name = callee(e);
    if (name instanceof Ast.Missing) {
      return Optional.empty();
    }
    var found = find(name);
    if (found.isEmpty() && symbol.unit().mayLack(name.span().text())) {
      return Optional.empty();
    }
    if (found.isEmpty() || !found.get().is(kind)) {
      var known =
          symbol.unit().names().stream()
              .filter(n -> symbol.unit().find(n).filter(s -> s.is(kind)).isPresent())
              .toList();
      frame.report(
          problem.apply(
              found.map(s -> "a " + s.word()).orElse("not declared"),
              NearNames.near(name.span().text(), known)));
      return Optional.empty();
    }
    var arguments = e instanceof Ast.Call call ? call.arguments() : List.<Ast.Argument>of();
    return Optional.ofNullable(
        typer
            .calls()
            .configs()
            .configure(
                new Value.Maker(found.get(), Map.of(), e.span()), arguments, Context.of(frame)));
  }

  private Optional<Typed.Data> data() {
    var e = train.data();
    var name = callee(e);
    var arguments = e instanceof Ast.Call call ? call.arguments() : List.<Ast.Argument>of();
    var found = find(name);
    if (found.isEmpty() || !(found.get().declaration() instanceof Ast.Data declaration)) {
      if (!(name instanceof Ast.Missing)) {
        var known =
            symbol.unit().own().values().stream()
                .filter(s -> s.declaration() instanceof Ast.Data)
                .map(Symbol::name)
                .toList();
        frame.report(
            new PlanProblem.NotData(
                name.span(),
                name.span().text(),
                found.map(s -> "a " + s.word()).orElse("not declared"),
                found.isEmpty() ? NearNames.near(name.span().text(), known) : known));
      }
      return Optional.empty();
    }
    var given =
        typer
            .calls()
            .configs()
            .bind(found.get(), declaration.configs(), arguments, Map.of(), Context.of(frame));
    return given == null ? Optional.empty() : DataBuilder.build(engine, found.get(), given);
  }

  private Optional<Symbol> find(Ast.Expr name) {
    return switch (name) {
      case Ast.Ref r -> symbol.unit().find(r.name().text());
      case Ast.Member(Ast.Ref alias, var member, _)
          when symbol.unit().aliases().containsKey(alias.name().text()) ->
          Optional.ofNullable(
              symbol.unit().aliases().get(alias.name().text()).own().get(member.text()));
      default -> Optional.empty();
    };
  }

  // The objective.

  /** The plan in one of the two modes: its frame knows samples, outputs and parameters. */
  private record View(Frame frame, Objective objective) {}

  private Optional<View> view(Value.Maker maker, Typed.Data data, Mode mode) {
    var view = frame(mode);
    for (var variable : data.samples()) {
      view.declare(variable.name(), new Entity.Tensor(variable, variable.span()));
    }
    var arguments = arguments(maker, data);
    if (arguments.isEmpty()) {
      return Optional.empty();
    }
    var inputs =
        arguments.get().stream()
            .map(given -> given.<Typed.Expr>map(v -> new Typed.Whole(v, false, v.type(), v.span())))
            .toList();
    var call =
        typer
            .calls()
            .applications()
            .anonymous(train.model(), maker, inputs, train.model().span(), Context.of(view));
    if (call == null) {
      return Optional.empty();
    }
    if (!call.mapped().isEmpty()) {
      view.report(
          new PlanProblem.MappedModel(
              train.model().span(), maker.symbol().name(), Types.text(call.mapped())));
      return Optional.empty();
    }
    var model = new Instance("", call.instance().body(), 1, false);
    var outputs = outputs(model, data, view);
    if (outputs.isEmpty()) {
      return Optional.empty();
    }
    view.train(new Parameters(typer, model));
    partial = Optional.of(view);
    var loss =
        settings
            .value("loss")
            .flatMap(e -> figure(e, "`loss`", view, typer.type(e, Context.of(view))));
    return loss.map(
        l ->
            new View(
                view,
                new Objective(
                    model,
                    arguments.get().stream().flatMap(Optional::stream).toList(),
                    outputs.get(),
                    l,
                    train.span())));
  }

  /** The sample tensors of the inputs' names; an input with a default may have none. */
  private Optional<List<Optional<Variable>>> arguments(Value.Maker maker, Typed.Data data) {
    var byName = new LinkedHashMap<String, Variable>();
    data.samples().forEach(v -> byName.put(v.name(), v));
    var arguments = new ArrayList<Optional<Variable>>();
    boolean failed = false;
    for (var port : maker.function().inputs()) {
      var variable = byName.get(port.name().text());
      if (variable == null && port.absent().isEmpty()) {
        frame.report(
            new PlanProblem.NotFed(
                train.model().span(),
                port.name().text(),
                maker.symbol().name(),
                port.name().span(),
                List.copyOf(byName.keySet())));
        failed = true;
      } else {
        arguments.add(Optional.ofNullable(variable));
      }
    }
    return failed ? Optional.empty() : Optional.of(arguments);
  }

  private Optional<List<Variable>> outputs(Instance model, Typed.Data data, Frame view) {
    var outputs = new ArrayList<Variable>();
    boolean failed = false;
    for (var output : model.body().outputs()) {
      var sample = data.samples().stream().filter(v -> v.name().equals(output.name())).findFirst();
      if (sample.isPresent()) {
        frame.report(
            new PlanProblem.OutputClash(
                train.model().span(), output.name(), output.span(), sample.get().span()));
        failed = true;
        continue;
      }
      var variable = new Variable(output.name(), Role.LOCAL, output.type(), output.span());
      outputs.add(variable);
      view.declare(output.name(), new Entity.Tensor(variable, output.span()));
    }
    return failed ? Optional.empty() : Optional.of(outputs);
  }

  /** A number for each example; a tensor of one example is averaged (LR-16). */
  private static Optional<Typed.Expr> figure(
      Ast.Expr written, String what, Frame view, Typed.Expr x) {
    if (x == null) {
      return Optional.empty();
    }
    if (Types.isBool(x)) {
      view.report(new PlanProblem.NotAFigure(written.span(), what, Types.describe(x.type())));
      return Optional.empty();
    }
    var real = Types.asReal(x);
    return Optional.of(
        real.type().rank() == 0
            ? real
            : new Typed.ReduceAll(Typed.Reducer.MEAN, real, Types.scalar(Types.REAL), real.span()));
  }

  // Metrics.

  private List<Metric> metrics(View training, View inference) {
    var metrics = new ArrayList<Metric>();
    named(items("metrics"))
        .forEach((name, value) -> metric(name, value, training, inference).ifPresent(metrics::add));
    return metrics;
  }

  /** Values by the names under which they are logged, in the order written. */
  private static Map<String, Ast.Expr> named(List<Ast.Expr> items) {
    var byName = new LinkedHashMap<String, Ast.Expr>();
    var counts = new HashMap<String, Integer>();
    for (var item : items) {
      var value = unnamed(item);
      var stem = item instanceof Ast.Named named ? named.name().text() : name(value);
      int count = counts.merge(stem, 1, Integer::sum);
      byName.put(count == 1 ? stem : stem + "_" + count, value);
    }
    return byName;
  }

  private List<Ast.Expr> items(String setting) {
    return settings
        .value(setting)
        .map(e -> e instanceof Ast.ListOf list ? list.items() : List.of(e))
        .orElse(List.of());
  }

  private static Ast.Expr unnamed(Ast.Expr item) {
    return item instanceof Ast.Named named ? named.value() : item;
  }

  private static String name(Ast.Expr e) {
    return switch (e) {
      case Ast.Call call -> name(call.callee());
      case Ast.Ref r -> r.name().text();
      case Ast.Member m -> m.member().text();
      case Ast.Pipe p -> name(p.stages().getLast().function());
      default -> "metric";
    };
  }

  private Optional<Metric> metric(String name, Ast.Expr e, View training, View inference) {
    var evaluated = typer.type(e, Context.of(inference.frame()));
    if (evaluated == null) {
      return Optional.empty();
    }
    if (evaluated instanceof Typed.Result(var call, _, _, _) && isStateful(call)) {
      return Optional.of(
          new Metric(name, Optional.empty(), Optional.empty(), Optional.of(call), false, e.span()));
    }
    var inside = stateful(evaluated);
    if (inside.isPresent()) {
      frame.report(new PlanProblem.StateInside(e.span(), inside.get().instance().body().name()));
      return Optional.empty();
    }
    var trained = engine.quietly(() -> typer.type(e, Context.of(training.frame())));
    var value = figure(e, "a metric", inference.frame(), evaluated);
    if (value.isEmpty() || trained == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Metric(
            name,
            figure(e, "a metric", training.frame(), trained),
            value,
            Optional.empty(),
            Applications.lossCall(evaluated).isPresent(),
            e.span()));
  }

  private static boolean isStateful(Typed.Call call) {
    var body = call.instance().body();
    return body.kind() == Ast.Kind.METRIC && !body.owned().isEmpty();
  }

  private static Optional<Typed.Call> stateful(Typed.Expr e) {
    if (e instanceof Typed.Result(var call, _, _, _) && isStateful(call)) {
      return Optional.of(call);
    }
    return TypedWalk.parts(e).stream()
        .map(TrainBuilder::stateful)
        .flatMap(Optional::stream)
        .findFirst();
  }

  // The optimizer.

  private List<Update> optimizer(Parameters parameters, Results results) {
    var written = settings.value("optimizer");
    if (written.isEmpty() || written.get() instanceof Ast.Missing) {
      return List.of();
    }
    frame.learn(new Schedules(results));
    var frozen = parameters.frozen(settings.value("freeze"), frame);
    if (frozen.containsAll(parameters.types().keySet())) {
      frame.report(new PlanProblem.NothingToTrain(train.model().span(), symbol.name()));
      return List.of();
    }
    return new Optimizers(parameters, frozen, this::optimizer, typer, frame).updates(written.get());
  }

  private Optional<Value.Maker> optimizer(Ast.Expr e) {
    return maker(
        e,
        Ast.Kind.OPTIMIZER,
        (what, near) ->
            new PlanProblem.NotAnOptimizer(e.span(), callee(e).span().text(), what, near));
  }

  // Other settings.

  /** Settings that are numbers. */
  private static final class Plain {
    Optional<Long> batch = Optional.of(32L);
    Optional<Long> epochs;
    Optional<Long> steps;
    long accumulate;
    Optional<Long> evaluate;
    long seed;
    boolean shuffle;
  }

  private Plain plainSettings() {
    var plain = new Plain();
    var batch = settings.value("batch");
    if (batch.isPresent()) {
      boolean all = batch.get() instanceof Ast.Ref r && r.name().text().equals("all");
      plain.batch = all ? Optional.empty() : settings.whole("batch", 1, typer);
    }
    plain.epochs = settings.whole("epochs", 1, typer);
    plain.steps = settings.whole("steps", 1, typer);
    plain.accumulate = settings.whole("accumulate", 1, typer).orElse(1L);
    plain.evaluate = settings.whole("evaluate", 1, typer);
    plain.seed = settings.whole("seed", Long.MIN_VALUE, typer).orElse(0L);
    plain.shuffle = settings.truth("shuffle", true, typer);
    return plain;
  }

  /** The parts whose figures an epoch gives: not the test part, which is for the end. */
  private static List<String> parts(Typed.Data data) {
    var parts = new ArrayList<>(List.of("train"));
    if (data.split().isPresent()
        && data.split().get().parts().stream().anyMatch(p -> p.name().equals("valid"))) {
      parts.add("valid");
    }
    return parts;
  }

  /**
   * The numbers of an epoch: a table is none, and a metric with state is not carried by steps.
   *
   * @param written the names of all metrics, those that failed among them
   */
  private static Results results(List<String> written, List<Metric> metrics, List<String> parts) {
    var known = new ArrayList<String>();
    for (var part : parts) {
      var others =
          metrics.stream()
              .filter(
                  m ->
                      m.stateful()
                          .filter(call -> !isNumber(call) || part.equals("train"))
                          .isPresent())
              .map(Metric::name)
              .toList();
      var names = written.stream().filter(name -> !others.contains(name)).toList();
      known.addAll(Results.of(names, List.of(part)).known());
    }
    return new Results(known);
  }

  private static boolean isNumber(Typed.Call metric) {
    return metric.instance().body().outputs().getFirst().type().rank() == 0;
  }
}
