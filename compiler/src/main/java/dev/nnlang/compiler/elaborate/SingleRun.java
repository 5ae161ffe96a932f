package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Origin;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One declaration on given tensors: the programs of {@code nn run}. */
final class SingleRun {
  private final Assembly assembly;
  private final Typed.Body body;
  private final Elaborate.Run run;
  private final List<Axis> batch;
  private final Registry registry = new Registry();
  private final Frame frame;

  private SingleRun(Typed.Instance instance, Elaborate.Run run) {
    this.body = instance.body();
    this.run = run;
    this.assembly = new Assembly(body.name());
    assembly.reserve("seed", "step", "steps");
    body.inputs().forEach(i -> assembly.reserve(i.name()));
    this.batch = batch();
    this.frame =
        new Frame(
            assembly,
            Context.of(run.phase()),
            registry,
            body,
            Frame.Use.plain("", Order.START).over(batch));
  }

  static Program of(Typed.Instance instance, Elaborate.Run run) {
    return new SingleRun(instance, run).program();
  }

  static Program initial(Typed.Instance instance) {
    var one = new SingleRun(instance, Elaborate.Run.batched(Phase.TRAINING));
    one.bindInputs();
    one.frame.workAll();
    return Initials.of(
        instance.body().name() + "_initial",
        one.registry.owners().values(),
        Fans.of(one.assembly, one.leads()),
        Optional.empty());
  }

  private Set<Atom.Index> leads() {
    return batch.stream().map(Axis::index).collect(Collectors.toSet());
  }

  private List<Axis> batch() {
    if (body.kind() == Ast.Kind.OPTIMIZER || body.kind() == Ast.Kind.SCHEDULE) {
      return List.of();
    }
    var axes = new ArrayList<Axis>();
    var taken = new HashSet<String>();
    for (var extent : run.batch()) {
      var axis = assembly.axis("b", extent, taken);
      taken.add(axis.name());
      axes.add(axis);
    }
    return axes;
  }

  private Program program() {
    var inputs = bindInputs();
    frame.workAll();
    if (body.kind() == Ast.Kind.OPTIMIZER) {
      optimizerOutputs();
    } else {
      outputs(inputs);
    }
    registry.states().finish(assembly);
    return assembly.finish();
  }

  /** Every input as a tensor of the border, with the batch in front. */
  private Map<String, Tensor> bindInputs() {
    var tensors = new LinkedHashMap<String, Tensor>();
    for (var input : body.inputs()) {
      var dimensions = input.type().shape();
      boolean sees = !dimensions.isEmpty() && dimensions.getFirst().isBatch();
      boolean spread = !sees && !run.shared().contains(input.name());
      var shape = new ArrayList<Poly>(spread ? frame.leadExtents() : List.of());
      shape.addAll(frame.extents(dimensions));
      var tensor =
          assembly.input(
              input.name(), Frame.type(input.type().element()), shape, Program.Role.DATA);
      tensors.put(input.name(), tensor);
      frame.bind(input, frame.whole(tensor, spread ? batch : List.of()));
    }
    return tensors;
  }

  private void optimizerOutputs() {
    for (var input : body.inputs()) {
      var next = frame.next(input);
      if (next != frame.value(input)) {
        assembly.output(
            input.name() + "'", tensor(input.name() + "'", next, input.span(), List.of()));
      }
    }
    for (var owned : body.owned()) {
      var state = owned.variable();
      assembly.output(
          state.name() + "'",
          tensor(state.name() + "'", frame.next(state), state.span(), List.of()));
    }
  }

  private void outputs(Map<String, Tensor> inputs) {
    Node total = null;
    for (var output : body.outputs()) {
      var tensor = output(output);
      assembly.output(output.name(), tensor);
      if (run.upstream().contains(output.name())) {
        var part = product(output, tensor);
        total = total == null ? part : assembly.nodes.add(total, part);
      }
    }
    if (total != null) {
      gradients(total, inputs);
    }
  }

  private Tensor output(Typed.Variable variable) {
    var value = frame.value(variable);
    var dimensions = variable.type().shape();
    boolean sees = !dimensions.isEmpty() && dimensions.getFirst().isBatch();
    boolean averaged = body.kind() == Ast.Kind.LOSS || body.kind() == Ast.Kind.METRIC;
    if (averaged && value.type() == Type.REAL && dimensions.size() == (sees ? 1 : 0)) {
      var each = value.at(sees ? batch.stream().map(assembly.nodes::index).toList() : List.of());
      return Means.over(assembly, batch, each, variable.name(), variable.span());
    }
    return tensor(variable.name(), value, variable.span(), sees ? List.of() : batch);
  }

  private Tensor tensor(String name, Value value, Span span, List<Axis> leads) {
    var taken = leads.stream().map(Axis::name).collect(Collectors.toSet());
    var own = assembly.axes(value.shape(), taken);
    return assembly.whole(
        name,
        Definitions.join(leads, own),
        value.at(own.stream().map(assembly.nodes::index).toList()),
        Order.START,
        Origin.of(span, name));
  }

  /** The sum of an output times what arrives at it. */
  private Node product(Typed.Variable variable, Tensor output) {
    var upstream =
        assembly.input("upstream/" + variable.name(), Type.REAL, output.shape(), Program.Role.DATA);
    var axes = assembly.axes(output.shape(), Set.of());
    var element = assembly.nodes.mul(assembly.read(output, axes), assembly.read(upstream, axes));
    if (axes.isEmpty()) {
      return element;
    }
    var sum =
        assembly.define(
            variable.name() + "_upstream",
            List.of(),
            new Reduction(Reduction.Kind.SUM, axes, assembly.nodes.bool(true)),
            element,
            Order.START,
            Origin.of(variable.span(), variable.name() + " times what arrives at it"));
    return assembly.read(sum, List.of());
  }

  private void gradients(Node total, Map<String, Tensor> inputs) {
    var of =
        assembly.define(
            "upstream_total",
            List.of(),
            total,
            Order.START,
            Origin.synthetic("what is differentiated"));
    var by = new LinkedHashMap<String, Tensor>();
    inputs.forEach(
        (name, tensor) -> {
          if (tensor.type() == Type.REAL) {
            by.put(name, tensor);
          }
        });
    assembly.inputs(Program.Role.PARAMETER).forEach(p -> by.put(p.name(), p));
    by.forEach(
        (name, tensor) ->
            assembly.output(
                "gradient/" + name,
                assembly.derivative(
                    "gradient/" + name,
                    tensor.shape(),
                    of,
                    tensor,
                    Origin.synthetic("gradient of " + name))));
  }
}
