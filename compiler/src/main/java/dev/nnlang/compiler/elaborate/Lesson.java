package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Origin;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The examples of one batch, the model on them, the loss and the metrics: two frames in one
 * program. What is not asked for is not worked out.
 */
final class Lesson {
  private static final Poly BATCH = Typed.Dimension.batch().size();

  private final Assembly assembly;
  private final Registry registry = new Registry();
  private final List<Axis> batch;
  private final Frame sample;
  private final Frame objective;
  private final Typed.Objective typed;
  private final Typed.Variable loss;
  private final Map<Typed.Metric, Typed.Variable> metrics = new IdentityHashMap<>();

  /**
   * @param extra more statements about the sample, for programs that look into it
   * @param low who keeps account of long repeats that have only their ends
   */
  Lesson(
      String name,
      Typed.Training training,
      Phase phase,
      List<Typed.Statement> extra,
      Optional<LowStacks> low) {
    this.assembly = new Assembly(name);
    assembly.reserve("n", "seed", "step", "steps", "loss");
    var data = training.data();
    data.sources().forEach(s -> assembly.reserve(s.variable().name()));
    this.typed = phase == Phase.TRAINING ? training.training() : training.inference();
    this.batch = List.of(assembly.axis("b", BATCH, Set.of()));
    var numbers = assembly.input("n", Type.INT, List.of(BATCH), Program.Role.DATA);
    var context = Context.of(phase).numbered(numbers).with(low);

    var statements =
        new ArrayList<>(phase == Phase.TRAINING ? data.trainingStatements() : data.statements());
    statements.addAll(extra);
    var samples = body("sample", data.samples(), statements, data);
    this.sample =
        new Frame(
            assembly,
            context,
            registry,
            samples,
            Frame.Use.plain("sample", Order.START.at(0)).over(batch));
    data.samples().forEach(sample::keep);
    giveSources(sample, data);
    sample.bind(data.index(), assembly.read(numbers, batch));

    this.loss =
        new Typed.Variable("loss", Typed.Role.LOCAL, typed.loss().type(), typed.loss().span());
    this.objective =
        new Frame(
            assembly,
            context,
            registry,
            objectiveBody(training, phase),
            Frame.Use.plain("", Order.START.at(1)).over(batch).from(training.span()));
  }

  static Typed.Body body(
      String name,
      List<Typed.Variable> outputs,
      List<Typed.Statement> statements,
      Typed.Data data) {
    return new Typed.Body(
        Ast.Kind.FN, name, List.of(), outputs, outputs.size(), List.of(), statements, data.span());
  }

  /** Sources and fit values are whole tensors, the same for every example. */
  static void giveSources(Frame frame, Typed.Data data) {
    for (var source : data.sources()) {
      give(frame, source.variable(), source.variable().name());
    }
    for (var fit : data.fits()) {
      for (var target : Parts.targets(fit)) {
        give(frame, target, "fit/" + target.name());
      }
    }
  }

  static void give(Frame frame, Typed.Variable variable, String name) {
    var tensor =
        frame
            .assembly()
            .input(
                name,
                Frame.type(variable.type().element()),
                frame.extents(variable.type().shape()),
                Program.Role.SOURCE);
    frame.bind(variable, frame.whole(tensor, List.of()));
  }

  private Typed.Body objectiveBody(Typed.Training training, Phase phase) {
    var statements = new ArrayList<Typed.Statement>();
    var arguments =
        typed.arguments().stream()
            .<Typed.Expr>map(v -> new Typed.Whole(v, false, v.type(), typed.span()))
            .toList();
    var call =
        new Typed.Call(
            typed.model(),
            arguments,
            List.of(),
            arguments.stream().map(_ -> false).toList(),
            typed.span());
    statements.add(
        new Typed.DefineAll(
            typed.outputs().stream().map(Optional::of).toList(), call, typed.span()));
    statements.add(defined(loss, typed.loss()));
    for (var metric : training.metrics()) {
      var value = phase == Phase.TRAINING ? metric.trainingValue() : metric.value();
      if (value.isPresent()) {
        var variable =
            new Typed.Variable(
                "metric/" + metric.name(), Typed.Role.LOCAL, value.get().type(), metric.span());
        metrics.put(metric, variable);
        statements.add(defined(variable, value.get()));
      }
      if (phase == Phase.INFERENCE && metric.stateful().isPresent()) {
        var stateful = metric.stateful().get();
        statements.add(new Typed.DefineAll(List.of(), stateful, metric.span()));
      }
    }
    return new Typed.Body(
        Ast.Kind.FN, "objective", List.of(), List.of(loss), 1, List.of(), statements, typed.span());
  }

  private static Typed.Define defined(Typed.Variable variable, Typed.Expr value) {
    return new Typed.Define(
        variable,
        false,
        variable.type().shape().stream().<Optional<Typed.Axis>>map(_ -> Optional.empty()).toList(),
        value,
        value.span());
  }

  Assembly assembly() {
    return assembly;
  }

  Registry registry() {
    return registry;
  }

  List<Axis> batch() {
    return batch;
  }

  Frame sample() {
    return sample;
  }

  /** The frame of the loss; its model's parameters have paths from here. */
  Frame objective() {
    for (var variable : sample.body().outputs()) {
      objective.bind(variable, sample.value(variable));
    }
    return objective;
  }

  /** The loss averaged over the batch, of rank 0. */
  Tensor loss() {
    return mean(loss, "loss");
  }

  Tensor metric(Typed.Metric metric) {
    return mean(metrics.get(metric), "metric/" + metric.name());
  }

  boolean isStateless(Typed.Metric metric) {
    return metrics.containsKey(metric);
  }

  private Tensor mean(Typed.Variable variable, String name) {
    var value = objective().value(variable);
    var subscripts =
        value.rank() == 0 ? List.<Node>of() : batch.stream().map(assembly.nodes::index).toList();
    return Means.over(assembly, batch, value.at(subscripts), name, variable.span());
  }

  /** The scope of a statement of the objective that is only a call. */
  Scope scope(Typed.Call call) {
    var frame = objective();
    return frame
        .scope()
        .at(
            new Scope.Target(
                call.instance().body().name(),
                List.of(),
                List.of(),
                Order.START.at(1).at(frame.places().ordinal(call)),
                call.span()));
  }

  /** A tensor with the batch in front, as the outside reads it. */
  Tensor batched(String name, Value value, Span span) {
    var taken = Set.of(batch.getFirst().name());
    var own = assembly.axes(value.shape(), taken);
    return assembly.whole(
        name,
        Definitions.join(batch, own),
        value.at(own.stream().map(assembly.nodes::index).toList()),
        Order.START.at(2),
        Origin.of(span, name));
  }
}
