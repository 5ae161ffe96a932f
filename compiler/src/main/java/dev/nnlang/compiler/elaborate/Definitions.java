package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Origin;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.size.Atom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The statements of one frame as equations. */
final class Definitions {
  private final Frame frame;
  private final Map<Typed.Variable, Typed.Statement> plain = new IdentityHashMap<>();
  private final Map<Typed.Variable, Typed.Define> primed = new IdentityHashMap<>();
  private final Map<Typed.Variable, Set<Typed.Variable>> rings;
  private final Set<Typed.Variable> kept = new HashSet<>();
  private final Set<Typed.Variable> working = new HashSet<>();

  Definitions(Frame frame) {
    this.frame = frame;
    for (var statement : frame.body().statements()) {
      switch (statement) {
        case Typed.Define d when d.primed() -> primed.put(d.target(), d);
        case Typed.Define d -> plain.put(d.target(), d);
        case Typed.DefineAll d -> Parts.targets(d).forEach(t -> plain.put(t, d));
      }
      Parts.each(
          statement,
          e -> {
            if (e instanceof Typed.Gradient(_, var by, _, _)) {
              kept.add(by);
            }
          });
    }
    this.rings = Rings.of(plain);
  }

  /** Gives the variable a tensor of its own, be it a mere copy. */
  void keep(Typed.Variable variable) {
    kept.add(variable);
  }

  boolean defines(Typed.Variable variable) {
    return plain.containsKey(variable);
  }

  boolean definesNext(Typed.Variable variable) {
    return primed.containsKey(variable);
  }

  Origin origin(Typed.Variable variable, String why) {
    return Origin.of(variable.span(), frame.path(variable.name()) + ": " + why);
  }

  private Origin origin(Typed.Define define) {
    return Origin.of(define.span(), frame.path(define.target().name()));
  }

  /** Gives the variable its value; a ring of mutual recurrence is worked out as a whole. */
  void work(Typed.Variable variable) {
    var ring = rings.get(variable);
    if (ring != null) {
      workRing(ring);
      return;
    }
    if (!working.add(variable)) {
      throw new CompilerBug(frame.path(variable.name()) + " is its own beginning");
    }
    switch (plain.get(variable)) {
      case Typed.Define d -> frame.bind(variable, define(d));
      case Typed.DefineAll d -> {
        var results = frame.results(d.call(), scope(d, d.call().instance().body().name()));
        for (int i = 0; i < d.targets().size(); i++) {
          var result = results.get(i);
          d.targets().get(i).ifPresent(t -> frame.bind(t, result));
        }
      }
    }
  }

  private Scope scope(Typed.Statement statement, String name) {
    var order = frame.use().order().at(frame.places().ordinal(statement));
    return frame
        .scope()
        .at(new Scope.Target(frame.path(name), List.of(), List.of(), order, statement.span()));
  }

  // One equation.

  /** The left side of a definition: all its indices, and the scope of its right side. */
  private record Left(Scope scope, List<Axis> axes, List<Axis> open) {}

  private Left left(Typed.Define define) {
    var scope = scope(define, define.target().name());
    var assembly = frame.assembly();
    var named = new ArrayList<Optional<List<Axis>>>();
    for (var item : define.left()) {
      if (item.isPresent()) {
        var bound = scope.bind(item.get());
        scope = bound.scope();
        named.add(Optional.of(bound.axes()));
      } else {
        named.add(Optional.empty());
      }
    }
    var avoided = scope.names();
    var axes = new ArrayList<Axis>();
    var open = new ArrayList<Axis>();
    var subscripts = new ArrayList<Optional<Node>>();
    var shape = define.target().type().shape();
    for (int d = 0; d < shape.size(); d++) {
      boolean isNamed = d < named.size() && named.get(d).isPresent();
      var here = isNamed ? named.get(d).get() : assembly.axes(frame.extents(shape.get(d)), avoided);
      here.forEach(a -> avoided.add(a.name()));
      axes.addAll(here);
      for (var axis : here) {
        subscripts.add(isNamed ? Optional.of(assembly.nodes.index(axis)) : Optional.empty());
      }
      if (!isNamed) {
        open.addAll(here);
      }
    }
    var target = scope.target();
    return new Left(
        scope.at(
            new Scope.Target(
                target.name(),
                subscripts,
                axes.stream().map(Axis::extent).toList(),
                target.order(),
                target.span())),
        axes,
        open);
  }

  private Node right(Typed.Define define, Left left) {
    var nodes = frame.assembly().nodes;
    var value = new Lowering(left.scope()).value(define.value());
    return value.spread(left.open().stream().map(nodes::index).toList());
  }

  private Value define(Typed.Define define) {
    var left = left(define);
    var node = right(define, left);
    if (isRead(node) && !kept.contains(define.target())) {
      return alias(node, left.axes());
    }
    var assembly = frame.assembly();
    var free = new HashSet<>(Rebuild.indices(node));
    var guarded = guarded(frame.scope(), node);
    free.addAll(Rebuild.indices(guarded));
    var leads = frame.scope().among(free);
    var tensor =
        assembly.define(
            left.scope().target().name(),
            join(leads, left.axes()),
            guarded,
            left.scope().target().order(),
            origin(define));
    return frame.whole(tensor, leads);
  }

  static List<Axis> join(List<Axis> first, List<Axis> second) {
    var all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /**
   * The node where the conditions that matter to it hold, and a zero that nobody uses elsewhere.
   */
  static Node guarded(Scope scope, Node node) {
    var nodes = scope.frame().assembly().nodes;
    var conditions = scope.relevant(Rebuild.indices(node));
    var result = node;
    for (var condition : conditions.reversed()) {
      result = nodes.select(condition, result, zero(scope, node));
    }
    return result;
  }

  private static Node zero(Scope scope, Node like) {
    var nodes = scope.frame().assembly().nodes;
    return switch (like.type()) {
      case REAL -> nodes.real(0);
      case INT -> nodes.integer(0);
      case BOOL -> nodes.bool(false);
    };
  }

  /**
   * Whether the node is just an element of something at affine positions, or a number: then a
   * tensor of its own would be a copy. A reshape keeps its tensor: what reads it stays affine.
   */
  static boolean isRead(Node node) {
    return switch (node.expr()) {
      case Expr.Read(_, var subscripts) -> subscripts.stream().allMatch(Definitions::isAffine);
      case Expr.Real _, Expr.Bool _ -> true;
      case Expr.Index(var p) -> !p.hasIndex();
      default -> false;
    };
  }

  private static boolean isAffine(Node subscript) {
    return subscript.expr() instanceof Expr.Index(var p)
        && p.terms().keySet().stream()
            .flatMap(List::stream)
            .noneMatch(a -> a instanceof Atom.Quotient || a instanceof Atom.Remainder);
  }

  private Value alias(Node node, List<Axis> axes) {
    var nodes = frame.assembly().nodes;
    return new Value(
        node.type(),
        axes.stream().map(Axis::extent).toList(),
        subscripts -> {
          var values = new HashMap<Atom.Index, Node>();
          for (int i = 0; i < axes.size(); i++) {
            values.put(axes.get(i).index(), subscripts.get(i));
          }
          return Positions.substitute(nodes, node, values);
        });
  }

  /** The value of {@code s'}. */
  Value workNext(Typed.Variable variable) {
    var define = primed.get(variable);
    if (!working.add(variable)) {
      throw new CompilerBug(frame.path(variable.name()) + "' is its own beginning");
    }
    var left = left(define);
    var nodes = frame.assembly().nodes;
    var value = new Lowering(left.scope().reading(variable)).value(define.value());
    var node = value.spread(left.open().stream().map(nodes::index).toList());
    var leads = frame.scope().among(Rebuild.indices(node));
    var tensor =
        frame
            .assembly()
            .define(
                left.scope().target().name() + "'",
                join(leads, left.axes()),
                node,
                left.scope().target().order(),
                origin(define));
    return frame.whole(tensor, leads);
  }

  // Recurrences.

  /** A ring's tensors exist before their equations do, as the equations read them. */
  private void workRing(Set<Typed.Variable> ring) {
    var assembly = frame.assembly();
    var leads = frame.scope().among(leads(ring));
    var tensors = new IdentityHashMap<Typed.Variable, Tensor>();
    var lefts = new IdentityHashMap<Typed.Variable, Left>();
    for (var variable : ring) {
      if (!(plain.get(variable) instanceof Typed.Define define)) {
        throw new CompilerBug("several outputs of one call in a recurrence: " + variable);
      }
      var left = left(define);
      var tensor =
          assembly.tensor(
              frame.path(variable.name()),
              Frame.type(variable.type().element()),
              join(leads, left.axes()));
      lefts.put(variable, left);
      tensors.put(variable, tensor);
      frame.bind(variable, frame.whole(tensor, leads));
    }
    for (var variable : ring) {
      var define = (Typed.Define) plain.get(variable);
      var left = lefts.get(variable);
      assembly.add(
          new Equation(
              tensors.get(variable),
              join(leads, left.axes()),
              guarded(frame.scope(), right(define, left)),
              origin(define)),
          left.scope().target().order());
    }
  }

  /** The leads that a ring depends on, through what it reads from outside the ring. */
  private Set<Atom.Index> leads(Set<Typed.Variable> ring) {
    var nodes = frame.assembly().nodes;
    var found = new HashSet<Atom.Index>();
    var outside = new LinkedHashSet<Typed.Variable>();
    for (var variable : ring) {
      var statement = plain.get(variable);
      if (Parts.draws(statement)) {
        frame.use().leads().forEach(a -> found.add(a.index()));
      }
      Parts.each(
          statement,
          e -> {
            if (e instanceof Typed.Whole(var read, _, _, _) && !ring.contains(read)) {
              outside.add(read);
            }
          });
    }
    for (var variable : outside) {
      var value = frame.value(variable);
      var zeros = value.shape().stream().map(_ -> nodes.integer(0)).toList();
      found.addAll(Rebuild.indices(value.at(zeros)));
    }
    frame.use().conditions().forEach(c -> found.addAll(Rebuild.indices(c)));
    return found;
  }
}
