package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Origin;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.size.Poly;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From the loss to the next parameters: gradients, clip, the optimizer's own equations. */
final class Optimization {
  private final Assembly assembly;
  private final Nodes nodes;
  private final Registry registry;
  private final Typed.Training training;

  Optimization(Assembly assembly, Registry registry, Typed.Training training) {
    this.assembly = assembly;
    this.nodes = assembly.nodes;
    this.registry = registry;
    this.training = training;
  }

  void update(Tensor loss) {
    apply(gradients(loss));
  }

  private Map<String, Tensor> gradients(Tensor loss) {
    var gradients = new LinkedHashMap<String, Tensor>();
    for (var update : training.optimizer()) {
      parameter(update)
          .ifPresent(
              p ->
                  gradients.put(
                      p.name(),
                      assembly.derivative(
                          "gradient/" + p.name(),
                          p.shape(),
                          loss,
                          p,
                          Origin.of(update.span(), "d loss / d " + p.name()))));
    }
    return gradients;
  }

  private void apply(Map<String, Tensor> gradients) {
    var clipped = training.clip().map(c -> clip(c, gradients)).orElse(gradients);
    int ordinal = 0;
    for (var update : training.optimizer()) {
      var order = Order.START.at(2).at(ordinal++);
      parameter(update).ifPresent(p -> apply(update, p, clipped.get(p.name()), order));
    }
  }

  // With accumulate: two programs (LR-78).

  /** A micro-batch: its gradients, summed over its examples, are added to what is there. */
  void accumulate(Tensor loss) {
    var count = Lowering.cast(nodes, Type.REAL, nodes.index(Typed.Dimension.batch().size()));
    gradients(loss)
        .forEach(
            (name, gradient) -> {
              var axes = axes(gradient);
              var sum = accumulated(assembly, name, gradient.shape());
              var body =
                  nodes.add(
                      assembly.read(sum, axes), nodes.mul(count, assembly.read(gradient, axes)));
              var origin = Origin.synthetic("gradients so far by " + name);
              assembly.update(
                  sum, assembly.define(sum.name() + "'", axes, body, Order.START.at(2), origin));
            });
  }

  private static Tensor accumulated(Assembly in, String parameter, List<Poly> shape) {
    return in.input("accumulated/" + parameter, Type.REAL, shape, Program.Role.OPTIMIZER);
  }

  /** The step that follows: the mean gradient over all examples, and the sums back to 0. */
  Program afterAccumulation(String name, Registry own) {
    var after = new Assembly(name);
    after.reserve("step", "steps", "seed", "examples");
    var step = new Optimization(after, own, training);
    var count = Lowering.cast(after.nodes, Type.REAL, after.scalar("examples"));
    var means = new LinkedHashMap<String, Tensor>();
    for (var update : training.optimizer()) {
      var parameter = parameter(update);
      if (parameter.isEmpty()) {
        continue;
      }
      var path = update.parameter();
      var shape = parameter.get().shape();
      var axes = step.axes(after.input(path, Type.REAL, shape, Program.Role.PARAMETER));
      var sum = accumulated(after, path, shape);
      var origin = Origin.synthetic("mean of the gradients by " + path);
      var mean = after.nodes.div(after.read(sum, axes), count);
      means.put(path, after.define("mean/" + path, axes, mean, Order.START, origin));
      after.update(
          sum, after.define(sum.name() + "'", axes, after.nodes.real(0), Order.START, origin));
    }
    step.apply(means);
    own.states().finish(after);
    return after.finish();
  }

  /** A parameter that nothing reads has no gradient and stays as it is. */
  private Optional<Tensor> parameter(Typed.Update update) {
    return assembly.input(update.parameter(), Program.Role.PARAMETER);
  }

  private void apply(Typed.Update update, Tensor parameter, Tensor gradient, Order order) {
    var frame =
        new Frame(
            assembly,
            Context.of(Phase.TRAINING),
            registry,
            update.body(),
            Frame.Use.plain("optimizer/" + parameter.name(), order));
    var w = update.body().inputs().get(0);
    frame.bind(w, frame.whole(parameter, List.of()));
    frame.bind(update.body().inputs().get(1), frame.whole(gradient, List.of()));
    var next = frame.next(w);
    var axes = assembly.axes(parameter.shape(), Set.of());
    var tensor =
        assembly.whole(
            parameter.name() + "'",
            axes,
            next.at(axes.stream().map(nodes::index).toList()),
            order,
            Origin.of(update.span(), parameter.name() + " after the step"));
    frame.workStates();
    assembly.update(parameter, tensor);
    training.settings().average().ifPresent(d -> average(d, parameter, tensor, order));
  }

  /**
   * {@code average = ema(d)}: {@code a' = r a + (1 - r) w'}, the factor {@code r = min(d, (1 +
   * step) / (10 + step))} smaller at first, so that the mean forgets where the run began. Source of
   * the ramp: TensorFlow, ExponentialMovingAverage with num_updates.
   */
  private void average(double decay, Tensor parameter, Tensor next, Order order) {
    var average =
        assembly.input(
            "average/" + parameter.name(), Type.REAL, parameter.shape(), Program.Role.OPTIMIZER);
    var step = Lowering.cast(nodes, Type.REAL, assembly.scalar("step"));
    var ramp = nodes.div(nodes.add(nodes.real(1), step), nodes.add(nodes.real(10), step));
    var factor = nodes.binary(BinaryOp.MIN, nodes.real(decay), ramp);
    var axes = axes(parameter);
    var body =
        nodes.add(
            nodes.mul(factor, assembly.read(average, axes)),
            nodes.mul(nodes.sub(nodes.real(1), factor), assembly.read(next, axes)));
    var origin = Origin.synthetic("mean of " + parameter.name() + " over the steps");
    assembly.update(average, assembly.define(average.name() + "'", axes, body, order, origin));
  }

  // Clip (LR-83).

  private Map<String, Tensor> clip(Typed.Clip clip, Map<String, Tensor> gradients) {
    var clipped = new LinkedHashMap<String, Tensor>();
    var factor =
        switch (clip.kind()) {
          case NORM -> factor(clip, gradients);
          case VALUE -> null;
        };
    gradients.forEach(
        (name, gradient) -> {
          var axes = axes(gradient);
          var element = assembly.read(gradient, axes);
          var body = factor == null ? bounded(element, clip.bound()) : nodes.mul(element, factor);
          clipped.put(
              name,
              assembly.define(
                  "clipped/" + name,
                  axes,
                  body,
                  Order.START.at(2),
                  Origin.of(clip.span(), "clipped d loss / d " + name)));
        });
    return clipped;
  }

  private List<Axis> axes(Tensor tensor) {
    return assembly.axes(tensor.shape(), Set.of());
  }

  private Node bounded(Node element, double bound) {
    return nodes.binary(
        BinaryOp.MAX, nodes.real(-bound), nodes.binary(BinaryOp.MIN, nodes.real(bound), element));
  }

  /** {@code min(1, c / norm)}, the norm over all gradients together, no epsilon. */
  private Node factor(Typed.Clip clip, Map<String, Tensor> gradients) {
    Node total = nodes.real(0);
    for (var entry : gradients.entrySet()) {
      var axes = axes(entry.getValue());
      var element = assembly.read(entry.getValue(), axes);
      var square = nodes.mul(element, element);
      var origin = Origin.of(clip.span(), "squares of d loss / d " + entry.getKey());
      var sum =
          axes.isEmpty()
              ? square
              : assembly.read(
                  assembly.define(
                      "clip/" + entry.getKey(),
                      List.of(),
                      new Reduction(Reduction.Kind.SUM, axes, nodes.bool(true)),
                      square,
                      Order.START.at(2),
                      origin),
                  List.of());
      total = nodes.add(total, sum);
    }
    var origin = Origin.of(clip.span(), "clip");
    var norm =
        assembly.define(
            "clip/norm", List.of(), nodes.unary(UnaryOp.SQRT, total), Order.START.at(2), origin);
    var factor =
        nodes.binary(
            BinaryOp.MIN,
            nodes.real(1),
            nodes.div(nodes.real(clip.bound()), assembly.read(norm, List.of())));
    return assembly.read(
        assembly.define("clip/factor", List.of(), factor, Order.START.at(2), origin), List.of());
  }
}
