package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Origin;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.runtime.train.Sickness;
import dev.nnlang.runtime.train.TrainingPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The programs of one {@code train} declaration, each from a {@link Lesson} of its own. */
final class TrainingElaborator {
  private final Typed.Training training;
  private final Optional<LowStacks> low;
  private final LinkedHashMap<String, Registry.Owner> owners = new LinkedHashMap<>();

  /**
   * @param low who keeps account of long repeats that have only their ends; empty, where all are
   *     whole
   */
  TrainingElaborator(Typed.Training training, Optional<LowStacks> low) {
    this.training = training;
    this.low = low;
  }

  TrainingProgramSet programs() {
    boolean accumulates = training.settings().accumulate() > 1;
    var lesson = lesson(accumulates ? "accumulate" : "step", Phase.TRAINING, List.of());
    figures(lesson);
    var optimization = new Optimization(lesson.assembly(), lesson.registry(), training);
    Optional<Program> accumulate = Optional.empty();
    Program step;
    if (accumulates) {
      optimization.accumulate(lesson.loss());
      accumulate = Optional.of(finished(lesson));
      var registry = new Registry();
      step = optimization.afterAccumulation(name("step"), registry);
      owners.putAll(registry.owners());
    } else {
      optimization.update(lesson.loss());
      step = finished(lesson);
    }
    var fans = Fans.of(lesson.assembly(), indices(lesson));
    owners.putAll(lesson.registry().owners());
    var evaluate = evaluate();
    var metrics = metrics();
    var watched = watched();
    var schedules = schedules();
    return new TrainingProgramSet(
        fit(),
        Initials.of(name("initial"), owners.values(), fans, low),
        step,
        evaluate,
        metrics,
        predict(),
        validate(),
        accumulate,
        watched.map(Watching.Watched::program),
        schedules,
        Plans.training(training, watched.map(this::plan)),
        Plans.data(training.data()));
  }

  private Optional<Watching.Watched> watched() {
    if (training.settings().watch().isEmpty()) {
      return Optional.empty();
    }
    var trained = training.optimizer().stream().map(Typed.Update::parameter).toList();
    return Optional.of(Watching.of(lesson("watch", Phase.TRAINING, List.of()), trained));
  }

  private TrainingPlan.Watched plan(Watching.Watched watched) {
    var sites = new ArrayList<TrainingPlan.Site>();
    var weights = new ArrayList<TrainingPlan.Site>();
    for (var update : training.optimizer()) {
      var owner = owners.get(update.parameter());
      if (owner != null) {
        var at = owner.site().orElse(owner.owned().span());
        var site = new TrainingPlan.Site(update.parameter(), update.parameter(), Plans.place(at));
        sites.add(site);
        if (owner.owned().variable().type().rank() >= 2) {
          weights.add(site);
        }
      }
    }
    return new TrainingPlan.Watched(
        training.settings().watch().stream()
            .map(w -> Sickness.valueOf(w.toUpperCase(Locale.ROOT)))
            .collect(Collectors.toSet()),
        sites,
        weights,
        watched.activations());
  }

  private String name(String what) {
    return training.name() + "_" + what;
  }

  private Lesson lesson(String what, Phase phase, List<Typed.Statement> extra) {
    return new Lesson(name(what), training, phase, extra, low);
  }

  private static Set<Atom.Index> indices(Lesson lesson) {
    return lesson.batch().stream().map(Axis::index).collect(Collectors.toSet());
  }

  private void figures(Lesson lesson) {
    lesson.assembly().output("loss", lesson.loss());
    for (var metric : training.metrics()) {
      if (lesson.isStateless(metric)) {
        lesson.assembly().output("metric/" + metric.name(), lesson.metric(metric));
      }
    }
  }

  private static Program finished(Lesson lesson) {
    lesson.registry().states().finish(lesson.assembly());
    return lesson.assembly().finish();
  }

  private Program evaluate() {
    var lesson = lesson("evaluate", Phase.INFERENCE, List.of());
    figures(lesson);
    for (var metric : training.metrics()) {
      metric
          .stateful()
          .ifPresent(
              call ->
                  new Calls(lesson.scope(call)).open(call, "metric/" + metric.name()).workStates());
    }
    lesson.registry().owners().forEach(owners::putIfAbsent);
    return finished(lesson);
  }

  private Optional<Program> metrics() {
    if (training.metrics().stream().allMatch(m -> m.stateful().isEmpty())) {
      return Optional.empty();
    }
    var assembly = new Assembly(name("metrics"));
    for (var metric : training.metrics()) {
      if (metric.stateful().isEmpty()) {
        continue;
      }
      var path = "metric/" + metric.name();
      var body = metric.stateful().get().instance().body();
      var frame =
          new Frame(
              assembly,
              Context.of(Phase.INFERENCE),
              new Registry(),
              body,
              Frame.Use.plain(path, Order.START));
      var output = body.outputs().getFirst();
      assembly.output(path, whole(assembly, path, frame.value(output), output.span()));
    }
    return Optional.of(assembly.finish());
  }

  /** What the schedules that learn keep in mind, after an epoch's results. */
  private Optional<Program> schedules() {
    if (training.schedules().isEmpty()) {
      return Optional.empty();
    }
    var assembly = new Assembly(name("schedules"));
    assembly.reserve("step", "steps");
    var registry = new Registry();
    int ordinal = 0;
    for (var call : training.schedules()) {
      var body = call.instance().body();
      var frame =
          new Frame(
              assembly,
              Context.of(Phase.TRAINING),
              registry,
              body,
              Frame.Use.plain(call.instance().path(), Order.START.at(ordinal++)));
      for (int i = 0; i < body.inputs().size(); i++) {
        var result = new Lowering(frame.scope()).value(call.arguments().get(i));
        frame.bind(body.inputs().get(i), result);
      }
      frame.workStates();
    }
    registry.states().finish(assembly);
    registry.owners().forEach(owners::putIfAbsent);
    return Optional.of(assembly.finish());
  }

  private static Tensor whole(Assembly assembly, String name, Value value, Span span) {
    var axes = assembly.axes(value.shape(), Set.of());
    return assembly.whole(
        name,
        axes,
        value.at(axes.stream().map(assembly.nodes::index).toList()),
        Order.START,
        Origin.of(span, name));
  }

  private Optional<Program> fit() {
    var data = training.data();
    if (data.fits().isEmpty()) {
      return Optional.empty();
    }
    var assembly = new Assembly(name("fit"));
    assembly.reserve("train_n");
    data.sources().forEach(s -> assembly.reserve(s.variable().name()));
    var values = assembly.input("train_n", Type.INT, List.of(Poly.dim("count")), Program.Role.DATA);
    var body = Lesson.body("fit", List.of(), data.fits(), data);
    var frame =
        new Frame(
            assembly,
            Context.of(Phase.INFERENCE).overTrainingValues(values, counted(data)),
            new Registry(),
            body,
            Frame.Use.plain("fit", Order.START));
    for (var source : data.sources()) {
      Lesson.give(frame, source.variable(), source.variable().name());
    }
    for (var statement : data.fits()) {
      for (var target : Parts.targets(statement)) {
        assembly.output(
            target.name(), whole(assembly, target.name(), frame.value(target), target.span()));
      }
    }
    return Optional.of(assembly.finish());
  }

  /** The dimensions of sources that the sample's index runs over. */
  private static Set<Poly> counted(Typed.Data data) {
    var found = new HashSet<Poly>();
    for (var statement : data.statements()) {
      Parts.each(
          statement,
          e -> {
            if (e instanceof Typed.Access access) {
              var shape = access.target().type().shape();
              for (int i = 0; i < shape.size(); i++) {
                if (access.subscripts().get(i).orElse(null)
                        instanceof Typed.Position(var value, _, _)
                    && value.mentions(data.index())) {
                  found.add(shape.get(i).size());
                }
              }
            }
          });
    }
    return found;
  }

  private Program predict() {
    var lesson = lesson("predict", Phase.INFERENCE, List.of());
    for (var output : training.inference().outputs()) {
      var value = lesson.objective().value(output);
      lesson.assembly().output(output.name(), lesson.batched(output.name(), value, output.span()));
    }
    return lesson.assembly().finish();
  }

  /** The numbers behind sample tensors that hold indices: read as numbers, checked before use. */
  private Optional<Program> validate() {
    var extra = new ArrayList<Typed.Statement>();
    var numbers = new LinkedHashMap<String, Typed.Variable>();
    for (var statement : training.data().statements()) {
      if (statement instanceof Typed.Define d
          && d.target().type().element() instanceof Typed.Element.IndexOf
          && training.data().samples().contains(d.target())
          && d.value() instanceof Typed.Cast(var number, _, _)
          && number.type().element() instanceof Typed.Element.Real real) {
        var variable =
            new Typed.Variable(
                d.target().name(),
                Typed.Role.LOCAL,
                new Typed.Type(real, d.target().type().shape()),
                d.target().span());
        numbers.put(d.target().name(), variable);
        extra.add(new Typed.Define(variable, false, d.left(), number, d.span()));
      }
    }
    if (extra.isEmpty()) {
      return Optional.empty();
    }
    var lesson = lesson("validate", Phase.INFERENCE, extra);
    numbers.forEach(
        (name, variable) ->
            lesson
                .assembly()
                .output(
                    "sample/" + name,
                    lesson.batched(
                        "sample/" + name, lesson.sample().value(variable), variable.span())));
    return Optional.of(lesson.assembly().finish());
  }
}
