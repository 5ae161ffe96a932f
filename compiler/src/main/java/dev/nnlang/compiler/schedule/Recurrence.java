package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Turns a group of equations that need each other into time loops (LR-30).
 *
 * <p>A <em>class</em> gives every member one of its axes, such that where a member reads another
 * the subscript at the other's axis is the reader's index plus a constant. If all these constants
 * have one sign and not all are 0, a loop over the class carries the reads with a constant; the
 * rest must be free of cycles or needs a further loop inside. A class whose constants are all 0
 * runs outside, in parallel.
 */
final class Recurrence {
  /** Instructions in one loop body. */
  private static final int MOST_WEIGHT = 160;

  /** A read of one member by another (or itself). */
  private record Edge(Equation reader, Expr.Read read) {
    Tensor target() {
      return read.tensor();
    }
  }

  private final Map<Tensor, Equation> members = new LinkedHashMap<>();
  private final List<Edge> edges = new ArrayList<>();
  private final Choices choices;
  private final Nodes nodes;

  /** For each member the loop index that its axis at a position has been given. */
  private final Map<Tensor, Map<Integer, Atom.Index>> loops = new HashMap<>();

  /** The names that sweeps over the same axes share. */
  private final Map<String, Atom.Index> lanes = new HashMap<>();

  private Recurrence(List<Equation> group, Choices choices, Nodes nodes) {
    this.choices = choices;
    this.nodes = nodes;
    group.forEach(e -> members.put(e.tensor(), e));
    group.forEach(e -> loops.put(e.tensor(), new LinkedHashMap<>()));
    for (var equation : group) {
      for (var read : Walk.reads(equation)) {
        if (members.containsKey(read.tensor())) {
          edges.add(new Edge(equation, read));
        }
      }
    }
  }

  /** One time loop, and what is computed in each of its rounds, each after what it needs. */
  record Rounds(Axis time, Direction direction, List<Equation> equations) {}

  /** The group as one time loop with no other in it, if it has this form. */
  static Optional<Rounds> rounds(List<Equation> group, Choices choices, Nodes nodes) {
    var recurrence = new Recurrence(group, choices, nodes);
    var shape = recurrence.stages(recurrence.members.keySet(), recurrence.edges);
    if (shape.size() != 1
        || !(shape.getFirst() instanceof Stage.Time(var index, var extents, var direction, var in))
        || extents.size() != 1) {
      return Optional.empty();
    }
    var equations = new ArrayList<Equation>();
    for (var stage : in) {
      if (!(stage instanceof Stage.Compute(var equation, _))) {
        return Optional.empty();
      }
      equations.add(recurrence.rename(equation));
    }
    return Optional.of(new Rounds(new Axis(index, extents.getFirst()), direction, equations));
  }

  static Kernel.Nest nest(List<Equation> group, Choices choices, Nodes nodes) {
    return new Recurrence(group, choices, nodes).build();
  }

  private Kernel.Nest build() {
    var shape = stages(members.keySet(), edges);
    var parallel = parallel();
    var renamed = new HashMap<Tensor, Equation>();
    members.forEach((tensor, equation) -> renamed.put(tensor, rename(equation)));
    var stages = resolve(shape, renamed, true);
    return new Kernel.Nest(
        parallel, 1, stages, Set.of(), "a recurrence: its time loop runs in order");
  }

  // Time loops.

  /** The shape of the nest; its equations are resolved when every loop has its name. */
  private List<Stage> stages(Collection<Tensor> some, List<Edge> among) {
    var components =
        Dependences.order(
            some,
            t ->
                among.stream()
                    .filter(e -> e.reader.tensor().equals(t) && some.contains(e.target()))
                    .map(Edge::target)
                    .distinct()
                    .toList());
    var stages = new ArrayList<Stage>();
    for (var component : components) {
      var inside =
          among.stream()
              .filter(e -> component.contains(e.reader.tensor()) && component.contains(e.target()))
              .toList();
      stages.add(
          inside.isEmpty()
              ? new Stage.Compute(members.get(component.getFirst()), List.of())
              : time(component, inside));
    }
    return stages;
  }

  private Stage time(List<Tensor> component, List<Edge> inside) {
    var seed = members.get(component.getFirst());
    for (int position = 0; position < seed.axes().size(); position++) {
      var positions = spread(seed, position, component, inside);
      if (positions.isEmpty()) {
        continue;
      }
      var distances = distances(inside, positions.get());
      var direction = direction(distances);
      if (direction.isEmpty()) {
        continue;
      }
      var index = new Atom.Index(nodes.fresh(seed.axes().get(position).name()));
      var extents = new LinkedHashSet<Poly>();
      for (var tensor : component) {
        int at = positions.get().get(tensor);
        loops.get(tensor).put(at, index);
        extents.add(members.get(tensor).axes().get(at).extent());
      }
      var left = inside.stream().filter(e -> distances.get(e) == 0).toList();
      return new Stage.Time(index, List.copyOf(extents), direction.get(), stages(component, left));
    }
    throw new CompilerBug("no time loop carries the cycle of " + component);
  }

  private static Optional<Direction> direction(Map<Edge, Long> distances) {
    var signs = new HashSet<Integer>();
    distances.values().forEach(d -> signs.add(Long.signum(d)));
    signs.remove(0);
    if (signs.size() != 1) {
      return Optional.empty();
    }
    return Optional.of(signs.contains(-1) ? Direction.FORWARD : Direction.BACKWARD);
  }

  private static Map<Edge, Long> distances(List<Edge> inside, Map<Tensor, Integer> positions) {
    var distances = new HashMap<Edge, Long>();
    for (var edge : inside) {
      var index = edge.reader.axes().get(positions.get(edge.reader.tensor()));
      distances.put(
          edge,
          offset(edge.read.subscripts().get(positions.get(edge.target())), index).getAsLong());
    }
    return distances;
  }

  // Classes.

  /**
   * The class that {@code seed}'s axis at {@code position} belongs to, or nothing where some member
   * has no axis in it or some edge no constant distance.
   */
  private Optional<Map<Tensor, Integer>> spread(
      Equation seed, int position, Collection<Tensor> some, List<Edge> inside) {
    var positions = new HashMap<Tensor, Integer>();
    positions.put(seed.tensor(), position);
    boolean grown = true;
    while (grown) {
      grown = false;
      for (var edge : inside) {
        var from = positions.get(edge.reader.tensor());
        var to = positions.get(edge.target());
        if (from != null && to == null) {
          grown |= forward(edge, from, positions);
        } else if (from == null && to != null) {
          grown |= backward(edge, to, positions);
        }
      }
    }
    boolean whole = some.stream().allMatch(positions::containsKey);
    boolean free =
        whole && some.stream().noneMatch(t -> loops.get(t).containsKey(positions.get(t)));
    boolean constant =
        free
            && inside.stream()
                .allMatch(
                    e ->
                        offset(
                                e.read.subscripts().get(positions.get(e.target())),
                                e.reader.axes().get(positions.get(e.reader.tensor())))
                            .isPresent());
    return constant ? Optional.of(positions) : Optional.empty();
  }

  private static boolean forward(Edge edge, int from, Map<Tensor, Integer> positions) {
    var index = edge.reader.axes().get(from);
    for (int p = 0; p < edge.read.subscripts().size(); p++) {
      if (offset(edge.read.subscripts().get(p), index).isPresent()) {
        positions.put(edge.target(), p);
        return true;
      }
    }
    return false;
  }

  private static boolean backward(Edge edge, int to, Map<Tensor, Integer> positions) {
    var subscript = edge.read.subscripts().get(to);
    for (int p = 0; p < edge.reader.axes().size(); p++) {
      if (offset(subscript, edge.reader.axes().get(p)).isPresent()) {
        positions.put(edge.reader.tensor(), p);
        return true;
      }
    }
    return false;
  }

  /** {@code c} where a subscript is {@code index + c}. */
  private static OptionalLong offset(Node subscript, Axis axis) {
    return subscript.expr() instanceof Expr.Index(var value)
        ? value.minus(Poly.of(axis.index())).constant()
        : OptionalLong.empty();
  }

  // Parallel axes and names.

  private List<Axis> parallel() {
    var seed = members.values().iterator().next();
    var found = new ArrayList<Axis>();
    for (int position = 0; position < seed.axes().size(); position++) {
      var axis = seed.axes().get(position);
      var positions = spread(seed, position, members.keySet(), edges);
      if (positions.isPresent()
          && distances(edges, positions.get()).values().stream().allMatch(d -> d == 0)
          && sameExtent(positions.get(), axis.extent())) {
        var shared = Axis.of(nodes.fresh(axis.name()), axis.extent());
        positions.get().forEach((tensor, at) -> loops.get(tensor).put(at, shared.index()));
        found.add(shared);
      }
    }
    return found;
  }

  private boolean sameExtent(Map<Tensor, Integer> positions, Poly extent) {
    return positions.entrySet().stream()
        .allMatch(e -> members.get(e.getKey()).axes().get(e.getValue()).extent().equals(extent));
  }

  private Equation rename(Equation equation) {
    var names = new HashMap<Atom.Index, Axis>();
    loops
        .get(equation.tensor())
        .forEach(
            (at, index) -> {
              var axis = equation.axes().get(at);
              names.put(axis.index(), new Axis(index, axis.extent()));
            });
    return Rename.equation(equation, names, nodes);
  }

  private List<Stage> resolve(List<Stage> stages, Map<Tensor, Equation> renamed, boolean whole) {
    var resolved = new ArrayList<Stage>();
    for (var stage : stages) {
      var next = resolve(stage, renamed, whole);
      if (!resolved.isEmpty()
          && resolved.getLast() instanceof Stage.Sweep before
          && next instanceof Stage.Sweep after
          && isOne(before, after)) {
        var together = new ArrayList<>(before.equations());
        together.addAll(after.equations());
        resolved.removeLast();
        resolved.add(new Stage.Sweep(before.around(), before.run(), before.within(), together));
      } else {
        resolved.add(next);
      }
    }
    return resolved;
  }

  private Stage resolve(Stage stage, Map<Tensor, Equation> renamed, boolean whole) {
    return switch (stage) {
      case Stage.Compute(var equation, _) -> {
        var own = renamed.get(equation.tensor());
        var looped = loops.get(equation.tensor());
        var inner = new ArrayList<Axis>();
        for (int p = 0; p < own.axes().size(); p++) {
          if (!looped.containsKey(p)) {
            inner.add(own.axes().get(p));
          }
        }
        yield whole && hasLanes(own, inner) ? sweep(own, inner) : new Stage.Compute(own, inner);
      }
      case Stage.Sweep _ -> throw new CompilerBug("a sweep before its loops have names");
      case Stage.Time(var index, var extents, var direction, var stages) ->
          new Stage.Time(
              index,
              extents,
              direction,
              // Where one axis ends before another, an equation must not be computed beyond its
              // own.
              resolve(stages, renamed, whole && extents.size() == 1));
    };
  }

  // Lanes.

  private boolean hasLanes(Equation equation, List<Axis> inner) {
    var run = Space.lastWide(inner);
    if (run.isEmpty() || !choices.takesLanes(equation)) {
      return false;
    }
    var form = new LaneForm(List.of(run.get()));
    return Walk.nodes(equation).stream()
        .noneMatch(n -> n.type() != Type.INT && form.varies(n) && form.isStaged(n));
  }

  /** Sweeps of plain values over the same axes share the names of those axes. */
  private Stage.Sweep sweep(Equation equation, List<Axis> inner) {
    var names = new HashMap<Atom.Index, Axis>();
    equation.axes().forEach(a -> names.put(a.index(), a));
    var shared = new ArrayList<Axis>();
    if (equation.reduced().isEmpty()) {
      for (int p = 0; p < inner.size(); p++) {
        var axis = inner.get(p);
        int place = p;
        var name =
            lanes.computeIfAbsent(
                inner.stream().map(Axis::extent).toList() + " " + place,
                _ -> new Atom.Index(nodes.fresh(axis.name())));
        names.put(axis.index(), new Axis(name, axis.extent()));
        shared.add(new Axis(name, axis.extent()));
      }
    } else {
      shared.addAll(inner);
      equation.reduced().forEach(a -> names.put(a.index(), a));
    }
    var own = Rename.equation(equation, names, nodes);
    var run = Space.lastWide(shared).orElseThrow();
    var around = shared.stream().filter(a -> !a.equals(run)).toList();
    return new Stage.Sweep(around, List.of(run), own.reduced(), List.of(own));
  }

  /** Whether the second sweep needs of the first only what it has at the same place, or carries. */
  private boolean isOne(Stage.Sweep first, Stage.Sweep second) {
    if (!first.within().isEmpty()
        || !second.within().isEmpty()
        || !first.around().equals(second.around())
        || !first.run().equals(second.run())) {
      return false;
    }
    int weight = 0;
    for (var equation : first.equations()) {
      weight += LaneForm.weight(equation);
    }
    var reader = second.equations().getFirst();
    if (weight + LaneForm.weight(reader) > MOST_WEIGHT) {
      return false;
    }
    for (var writer : first.equations()) {
      for (var read : Walk.reads(reader)) {
        if (read.tensor().equals(writer.tensor()) && !isNear(read, writer)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether a read is at the place that is being written, or of another round of a time loop. */
  private boolean isNear(Expr.Read read, Equation writer) {
    boolean near = true;
    for (int p = 0; p < read.subscripts().size(); p++) {
      var distance = offset(read.subscripts().get(p), writer.axes().get(p));
      boolean same = distance.isPresent() && distance.getAsLong() == 0;
      boolean round = loops.get(writer.tensor()).containsKey(p) && distance.isPresent();
      near &= same || round;
    }
    return near;
  }
}
