package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Origin;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.runtime.train.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code watch} looks at: a program that is run now and then on a batch, and gives a few
 * numbers for each parameter and each use of an activation. An activation is watched by its own
 * derivative, which is asked for like any other; nothing here knows one by name.
 *
 * <pre>
 * gradient/PATH          sqrt(mean((d loss / d parameter)^2))
 * parameter/PATH         sqrt(mean(parameter^2))
 * activation/K/flat      the share of elements whose slope is below 1/20 of the greatest
 * activation/K/dead      the share of units whose slope is 0 for every example
 * activation/K/size      max(|x|) of the inputs
 * activation/K/left      |slope| at -2, and right at 2: 0 on one side alone makes a rectifier
 * </pre>
 */
final class Watching {
  /** The greatest slope is looked for from -3 to 3, in steps of a half. */
  private static final int GRID = 13;

  private static final double FLAT = 0.05;
  private static final Order ORDER = Order.START.at(3);

  private final Lesson lesson;
  private final Assembly assembly;
  private final Nodes nodes;

  private Watching(Lesson lesson) {
    this.lesson = lesson;
    this.assembly = lesson.assembly();
    this.nodes = assembly.nodes;
  }

  /** A program, and whom its outputs are about. */
  record Watched(Program program, List<TrainingPlan.Site> activations) {}

  static Watched of(Lesson lesson, List<String> parameters) {
    return new Watching(lesson).watched(parameters);
  }

  private Watched watched(List<String> parameters) {
    var loss = lesson.loss();
    assembly.output("loss", loss);
    for (var tensor : assembly.inputs(Program.Role.PARAMETER)) {
      if (parameters.contains(tensor.name())) {
        var origin = Origin.synthetic("d loss / d " + tensor.name());
        var gradient =
            assembly.derivative("gradient/" + tensor.name(), tensor.shape(), loss, tensor, origin);
        output("gradient/" + tensor.name(), rootMeanSquare(gradient));
        output("parameter/" + tensor.name(), rootMeanSquare(tensor));
      }
    }
    var sites = new ArrayList<TrainingPlan.Site>();
    for (var called : List.copyOf(lesson.registry().activations())) {
      var port = "activation/" + sites.size();
      activation(port, called);
      var at = called.use().site().orElse(called.body().span());
      sites.add(new TrainingPlan.Site(port, called.use().path(), Plans.place(at)));
    }
    return new Watched(assembly.finish(), sites);
  }

  private void activation(String port, Frame called) {
    var body = called.body();
    var axes = called.use().leads();
    var given = called.value(body.inputs().getFirst()).at(List.of());
    var x = define(port + "/x", axes, Definitions.guarded(called.scope(), given));
    var slope = slope(called, port, axes, x);
    var greatest = greatest(called, port);
    var size = nodes.unary(UnaryOp.ABS, assembly.read(x, axes));
    output(port + "/size", reduced(port + "/size", Reduction.Kind.MAX, List.of(), axes, size));

    var steep = nodes.unary(UnaryOp.ABS, assembly.read(slope, axes));
    var bound = nodes.mul(nodes.real(FLAT), greatest);
    var flat = nodes.compare(Comparison.LT, steep, bound);
    output(port + "/flat", share(port + "/flat", axes, flat));

    boolean hasUnits = axes.size() > called.use().examples();
    var units = hasUnits ? List.of(axes.getLast()) : List.<Axis>of();
    var rest = hasUnits ? axes.subList(0, axes.size() - 1) : axes;
    var moves = nodes.compare(Comparison.GT, steep, nodes.real(0));
    var alive = reduced(port + "/alive", Reduction.Kind.ANY, units, rest, moves);
    output(port + "/dead", share(port + "/dead", units, nodes.not(alive)));
  }

  /** The activation's derivative at every element of {@code x}, which has these axes. */
  private Tensor slope(Frame called, String port, List<Axis> axes, Tensor x) {
    var body = called.body();
    var use = Frame.Use.plain(port + "/f", ORDER).over(axes);
    var frame = new Frame(assembly, Context.of(Phase.INFERENCE), new Registry(), body, use);
    frame.bind(
        body.inputs().getFirst(), new Value(Type.REAL, List.of(), _ -> assembly.read(x, axes)));
    var y = frame.value(body.outputs().getFirst()).at(List.of());
    var sum = reduced(port + "/sum", Reduction.Kind.SUM, List.of(), axes, y);
    var of = define(port + "/of", List.of(), sum);
    return assembly.derivative(
        port + "/slope", x.shape(), of, x, Origin.of(body.span(), "the slope of " + body.name()));
  }

  /** The greatest slope near 0; beside it the slopes that tell a rectifier. */
  private Node greatest(Frame called, String port) {
    var axes = List.of(assembly.axis("g", Poly.of(GRID), Set.of()));
    var place = Lowering.cast(nodes, Type.REAL, nodes.index(axes.getFirst()));
    var x =
        define(
            port + "/grid", axes, nodes.div(nodes.sub(place, nodes.real(GRID / 2)), nodes.real(2)));
    var slope = slope(called, port + "/grid", axes, x);
    output(port + "/left", absolute(slope, GRID / 2 - 4));
    output(port + "/right", absolute(slope, GRID / 2 + 4));
    var steep = nodes.unary(UnaryOp.ABS, assembly.read(slope, axes));
    return reduced(port + "/greatest", Reduction.Kind.MAX, List.of(), axes, steep);
  }

  private Node absolute(Tensor slope, int at) {
    return nodes.unary(UnaryOp.ABS, nodes.read(slope, List.of(nodes.integer(at))));
  }

  private Node rootMeanSquare(Tensor tensor) {
    var axes = assembly.axes(tensor.shape(), Set.of());
    var element = assembly.read(tensor, axes);
    var square = nodes.binary(BinaryOp.MUL, element, element);
    return nodes.unary(UnaryOp.SQRT, mean("squares/" + tensor.name(), axes, square));
  }

  /** How many of the elements a condition holds for, as a share of them all. */
  private Node share(String name, List<Axis> axes, Node condition) {
    return mean(name, axes, nodes.select(condition, nodes.real(1), nodes.real(0)));
  }

  private Node mean(String name, List<Axis> axes, Node element) {
    var count = Poly.product(axes.stream().map(Axis::extent).toList());
    var sum = reduced(name + "/sum", Reduction.Kind.SUM, List.of(), axes, element);
    return nodes.div(sum, Lowering.cast(nodes, Type.REAL, nodes.index(count)));
  }

  /** {@code name[kept] = kind[over](element)}, read at the kept axes. */
  private Node reduced(
      String name, Reduction.Kind kind, List<Axis> kept, List<Axis> over, Node element) {
    if (over.isEmpty()) {
      return element;
    }
    var reduction = new Reduction(kind, over, nodes.bool(true));
    var origin = Origin.synthetic("watched: " + name);
    return assembly.read(assembly.define(name, kept, reduction, element, ORDER, origin), kept);
  }

  private Tensor define(String name, List<Axis> axes, Node body) {
    return assembly.define(name, axes, body, ORDER, Origin.synthetic("watched: " + name));
  }

  private void output(String name, Node value) {
    assembly.output(name, define(name, List.of(), value));
  }

  /**
   * The line of a user's program that leads to a call: the call's own, unless it is a library's.
   */
  static Optional<Span> site(Optional<Span> around, Span call) {
    boolean isUsers = around.isEmpty() || around.get().file().equals(call.file());
    return isUsers ? Optional.of(call) : around;
  }
}
