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
import dev.nnlang.compiler.semantics.Typed;
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
    var clipped = training.clip().map(c -> clip(c, gradients)).orElse(gradients);
    int ordinal = 0;
    for (var update : training.optimizer()) {
      var order = Order.START.at(2).at(ordinal++);
      parameter(update).ifPresent(p -> apply(update, p, clipped.get(p.name()), order));
    }
  }

  /** A parameter that nothing reads has no gradient and stays as it is. */
  private Optional<Tensor> parameter(Typed.Update update) {
    return assembly.inputs(Program.Role.PARAMETER).stream()
        .filter(t -> t.name().equals(update.parameter()))
        .findFirst();
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
