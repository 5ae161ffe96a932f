package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Calls written out: the called body in a frame of its own. */
final class Calls {
  private final Scope scope;
  private final Frame frame;
  private final Nodes nodes;

  Calls(Scope scope) {
    this.scope = scope;
    this.frame = scope.frame();
    this.nodes = frame.assembly().nodes;
  }

  /** All outputs, each with the mapped dimensions in front. */
  List<Value> results(Typed.Call call) {
    var arguments = arguments(call);
    var mapped = mapped(call);
    var leads = leads(call, arguments);
    int examples = frame.use().examples();
    leads.addAll(mapped);
    var order = frame.use().order().at(frame.places().ordinal(call));
    var path = path(call);
    var conditions = conditions(leads);
    var values = arguments;
    List<Value> results = List.of();
    for (int copy : copies(call, path)) {
      if (copy > 0) {
        // The first output feeds the next copy's first input; the other inputs stay.
        values = new ArrayList<>(arguments);
        values.set(0, results.getFirst());
      }
      var use =
          new Frame.Use(
              call.instance().repeated() ? path + "/" + copy : path,
              order.at(copy),
              leads,
              examples,
              conditions,
              frame.use().fan(),
              Watching.site(frame.use().site(), call.span()));
      results = copy(call, use, values, copy > 0, mapped);
    }
    return results;
  }

  /** The numbers of the copies that are written out. */
  private List<Integer> copies(Typed.Call call, String path) {
    int count = call.instance().copies();
    return frame
        .context()
        .low()
        .flatMap(low -> low.of(path, count))
        .map(Stack::written)
        .orElseGet(() -> IntStream.range(0, count).boxed().toList());
  }

  /** A body with its inputs bound and nothing worked out, under a path of the caller's choice. */
  Frame open(Typed.Call call, String path) {
    var arguments = arguments(call);
    var mapped = mapped(call);
    var leads = leads(call, arguments);
    leads.addAll(mapped);
    var use =
        new Frame.Use(
            path,
            frame.use().order().at(frame.places().ordinal(call)),
            leads,
            frame.use().examples(),
            conditions(leads),
            frame.use().fan(),
            Watching.site(frame.use().site(), call.span()));
    return bound(call, use, arguments, false, mapped);
  }

  private List<Value> arguments(Typed.Call call) {
    var arguments = new ArrayList<Value>();
    for (int i = 0; i < call.arguments().size(); i++) {
      var lowering = new Lowering(scope);
      arguments.add(
          lowering.materialise(
              lowering.value(call.arguments().get(i)),
              call.instance().body().inputs().get(i).name()));
    }
    return arguments;
  }

  private String path(Typed.Call call) {
    var kind = call.instance().body().kind();
    if (kind == Ast.Kind.SCHEDULE && !call.instance().path().isEmpty()) {
      // It is one for all parameters whose rate it gives.
      return call.instance().path();
    }
    boolean owns = kind == Ast.Kind.LAYER || kind == Ast.Kind.MODEL;
    return frame.path(owns ? call.instance().path() : frame.places().label(call));
  }

  private List<Axis> mapped(Typed.Call call) {
    var avoided = scope.names();
    var axes = new ArrayList<Axis>();
    for (var dimension : call.mapped()) {
      for (var extent : frame.extents(dimension)) {
        var axis = frame.assembly().axis("m", extent, avoided);
        avoided.add(axis.name());
        axes.add(axis);
      }
    }
    return axes;
  }

  /**
   * All leads of this frame, and the indices of the equation around that the arguments depend on
   * (LR-17). An initialiser stands for every element of its parameter.
   */
  private List<Axis> leads(Typed.Call call, List<Value> arguments) {
    var wanted = new LinkedHashSet<Atom.Index>();
    frame.use().leads().forEach(a -> wanted.add(a.index()));
    if (call.instance().body().kind() == Ast.Kind.INIT) {
      scope.axes().forEach(a -> wanted.add(a.index()));
    }
    for (var argument : arguments) {
      var zeros = argument.shape().stream().map(_ -> nodes.integer(0)).toList();
      wanted.addAll(Rebuild.indices(argument.at(zeros)));
    }
    for (var condition : scope.relevant(Set.copyOf(wanted))) {
      wanted.addAll(Rebuild.indices(condition));
    }
    return new ArrayList<>(scope.among(wanted));
  }

  private List<Node> conditions(List<Axis> leads) {
    var indices = new LinkedHashSet<Atom.Index>();
    leads.forEach(a -> indices.add(a.index()));
    return scope.relevant(indices).stream()
        .filter(c -> indices.containsAll(Rebuild.indices(c)))
        .toList();
  }

  /**
   * One instance's outputs. The states of a schedule move when an epoch has ended, in a program of
   * their own.
   *
   * @param chained whether the first argument has the mapped dimensions in any case, as a result of
   *     the copy before has
   */
  private List<Value> copy(
      Typed.Call call, Frame.Use use, List<Value> arguments, boolean chained, List<Axis> mapped) {
    var body = call.instance().body();
    var called = bound(call, use, arguments, chained, mapped);
    if (body.kind() != Ast.Kind.SCHEDULE) {
      called.workAll();
    }
    if (body.kind() == Ast.Kind.ACTIVATION) {
      frame.registry().add(called);
    }
    return body.outputs().stream().map(o -> output(called, o, mapped)).toList();
  }

  private Frame bound(
      Typed.Call call, Frame.Use use, List<Value> arguments, boolean chained, List<Axis> mapped) {
    var body = call.instance().body();
    var called = frame.inner(body, use);
    for (int i = 0; i < body.inputs().size(); i++) {
      boolean spread = chained && i == 0 || call.spread().get(i);
      called.bind(
          body.inputs().get(i),
          input(called, body.inputs().get(i), arguments.get(i), spread ? mapped : List.of()));
    }
    return called;
  }

  /** An argument as the body sees it: less the mapped dimensions, with the batch in front. */
  private Value input(Frame called, Typed.Variable variable, Value argument, List<Axis> spread) {
    var shape = variable.type().shape();
    var places = spread.stream().map(nodes::index).toList();
    if (shape.isEmpty() || !shape.getFirst().isBatch()) {
      return new Value(
          argument.type(), called.extents(shape), at -> argument.at(concat(places, at)));
    }
    var leads = called.use().leads();
    return new Value(
        argument.type(),
        called.extents(shape),
        at -> {
          var node = argument.at(concat(places, at.subList(leads.size(), at.size())));
          return Positions.substitute(nodes, node, put(leads, at.subList(0, leads.size())));
        });
  }

  /** An output as the caller sees it: the mapped dimensions in front, the batch implied again. */
  private Value output(Frame called, Typed.Variable variable, List<Axis> mapped) {
    var value = called.value(variable);
    var shape = variable.type().shape();
    var leads = called.use().leads();
    boolean batch = !shape.isEmpty() && shape.getFirst().isBatch();
    var own = value.shape().subList(batch ? leads.size() : 0, value.rank());
    var all = new ArrayList<Poly>(mapped.stream().map(Axis::extent).toList());
    all.addAll(own);
    var front = leads.stream().map(nodes::index).toList();
    return new Value(
        value.type(),
        all,
        at -> {
          var rest = at.subList(mapped.size(), at.size());
          var node = value.at(batch ? concat(front, rest) : rest);
          return Positions.substitute(nodes, node, put(mapped, at.subList(0, mapped.size())));
        });
  }

  private static HashMap<Atom.Index, Node> put(List<Axis> axes, List<Node> positions) {
    var values = new HashMap<Atom.Index, Node>();
    for (int i = 0; i < axes.size(); i++) {
      values.put(axes.get(i).index(), positions.get(i));
    }
    return values;
  }

  private static List<Node> concat(List<Node> first, List<Node> second) {
    var all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
