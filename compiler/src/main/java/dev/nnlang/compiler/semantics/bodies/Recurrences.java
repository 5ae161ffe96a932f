package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Define;
import dev.nnlang.compiler.semantics.Typed.DefineAll;
import dev.nnlang.compiler.semantics.Typed.Variable;
import dev.nnlang.compiler.semantics.TypedWalk;
import dev.nnlang.compiler.semantics.names.Components;
import dev.nnlang.compiler.semantics.problem.ConfigProblem;
import dev.nnlang.compiler.semantics.problem.EquationProblem;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which equations may need each other (LR-30): in every group of mutually dependent equations some
 * dimensions, in some order and direction, must make every read go back, or stay at a place where
 * no read closes a ring.
 */
public final class Recurrences {
  private Recurrences() {}

  /** A definition and its variable. */
  private record Node(Typed.Statement statement, List<Variable> targets, boolean primed) {}

  /**
   * One read between definitions.
   *
   * @param offsets for each position of the reader's left side, the constant by which the read is
   *     off, at the position {@code places} says of the read variable; empty where it is none
   */
  private record Edge(int from, int to, List<Optional<Typed.Expr>> subscripts, Typed.Expr at) {}

  /** Whether all is legal; what is not is reported. */
  static boolean legal(List<Typed.Statement> statements, Frame frame) {
    var nodes = new ArrayList<Node>();
    var places = new IdentityHashMap<Variable, Integer>();
    var primes = new IdentityHashMap<Variable, Integer>();
    for (var s : statements) {
      int at = nodes.size();
      switch (s) {
        case Define d -> {
          nodes.add(new Node(d, List.of(d.target()), d.primed()));
          (d.primed() ? primes : places).put(d.target(), at);
        }
        case DefineAll d -> {
          var targets = d.targets().stream().flatMap(Optional::stream).toList();
          nodes.add(new Node(d, targets, false));
          targets.forEach(t -> places.put(t, at));
        }
      }
    }
    var edges = new ArrayList<List<Edge>>();
    for (int i = 0; i < nodes.size(); i++) {
      edges.add(edges(i, nodes.get(i), places, primes));
    }
    boolean legal = true;
    for (var group :
        Components.of(nodes.size(), i -> edges.get(i).stream().map(Edge::to).toList())) {
      var inside = new ArrayList<Edge>();
      group.forEach(
          i -> edges.get(i).stream().filter(e -> group.contains(e.to())).forEach(inside::add));
      if (!inside.isEmpty() && !ordered(group, inside, nodes)) {
        legal = false;
        report(inside, nodes, frame);
      } else if (!inside.isEmpty()) {
        legal &= noState(group, nodes, frame);
      }
    }
    return legal;
  }

  private static List<Edge> edges(
      int from, Node node, Map<Variable, Integer> places, Map<Variable, Integer> primes) {
    var found = new ArrayList<Edge>();
    var value =
        switch (node.statement()) {
          case Define d -> List.of(d.value());
          case DefineAll d -> d.call().arguments();
        };
    for (var x : value) {
      TypedWalk.reads(
          x,
          (variable, primed, subscripts, at) -> {
            var to = (primed ? primes : places).get(variable);
            if (to != null) {
              found.add(new Edge(from, to, subscripts, at));
            }
          });
    }
    return found;
  }

  // Order.

  /** A choice of one left position for each member of the group: one common dimension. */
  private static boolean ordered(List<Integer> group, List<Edge> edges, List<Node> nodes) {
    var dimensions = dimensions(group, edges, nodes);
    return search(edges, dimensions, new ArrayList<>(), nodes);
  }

  /**
   * Tries the dimensions in turn, each in both directions, until the edges that stay form no ring.
   */
  private static boolean search(
      List<Edge> left,
      List<Map<Integer, Integer>> dimensions,
      List<Integer> used,
      List<Node> nodes) {
    if (Components.acyclic(nodes.size(), left, Edge::from, Edge::to)) {
      return true;
    }
    for (int d = 0; d < dimensions.size(); d++) {
      if (used.contains(d)) {
        continue;
      }
      for (int direction : new int[] {-1, 1}) {
        var staying = staying(left, dimensions.get(d), direction, nodes);
        if (staying == null || staying.size() == left.size()) {
          continue;
        }
        used.add(d);
        if (search(staying, dimensions, used, nodes)) {
          return true;
        }
        used.removeLast();
      }
    }
    return false;
  }

  /** The edges with distance 0 in a dimension, or null where one goes against the direction. */
  private static List<Edge> staying(
      List<Edge> edges, Map<Integer, Integer> dimension, int direction, List<Node> nodes) {
    var staying = new ArrayList<Edge>();
    for (var edge : edges) {
      var from = dimension.get(edge.from());
      var to = dimension.get(edge.to());
      if (from == null || to == null) {
        return null;
      }
      var offset = offset(edge, from, to, nodes);
      if (offset.isEmpty() || offset.getAsLong() * direction < 0) {
        return null;
      }
      if (offset.getAsLong() == 0) {
        staying.add(edge);
      }
    }
    return staying;
  }

  /** How far a read is from its reader's own index, where that is a constant. */
  private static OptionalLong offset(Edge edge, int from, int to, List<Node> nodes) {
    if (!(nodes.get(edge.from()).statement() instanceof Define d)
        || from >= d.left().size()
        || to >= edge.subscripts().size()) {
      return OptionalLong.empty();
    }
    var own = d.left().get(from);
    var read = edge.subscripts().get(to);
    if (own.isEmpty() && read.isEmpty()) {
      return OptionalLong.empty();
    }
    if (own.isEmpty() || read.isEmpty() || !(read.get() instanceof Typed.Position p)) {
      return OptionalLong.empty();
    }
    return p.value().minus(dev.nnlang.compiler.size.Poly.of(own.get().index())).constant();
  }

  /** Dimensions that all members range over, followed from the first member's positions. */
  private static List<Map<Integer, Integer>> dimensions(
      List<Integer> group, List<Edge> edges, List<Node> nodes) {
    var found = new ArrayList<Map<Integer, Integer>>();
    if (!(nodes.get(group.getFirst()).statement() instanceof Define first)) {
      return found;
    }
    for (int p = 0; p < first.left().size(); p++) {
      if (first.left().get(p).isEmpty() || first.left().get(p).get().range().isBatch()) {
        continue;
      }
      var places = new java.util.HashMap<Integer, Integer>();
      places.put(group.getFirst(), p);
      if (spread(places, edges, nodes) && places.size() == group.size()) {
        found.add(places);
      }
    }
    return found;
  }

  /** Carries a position along reads that keep a constant distance; false where two disagree. */
  private static boolean spread(Map<Integer, Integer> places, List<Edge> edges, List<Node> nodes) {
    boolean grown = true;
    while (grown) {
      grown = false;
      for (var edge : edges) {
        var from = places.get(edge.from());
        var to = places.get(edge.to());
        if (from != null && to == null) {
          for (int q = 0; q < edge.subscripts().size() && to == null; q++) {
            if (offset(edge, from, q, nodes).isPresent()) {
              to = q;
            }
          }
          if (to == null) {
            return false;
          }
          places.put(edge.to(), to);
          grown = true;
        } else if (from == null && to != null) {
          int positions =
              nodes.get(edge.from()).statement() instanceof Define d ? d.left().size() : 0;
          for (int q = 0; q < positions && from == null; q++) {
            if (offset(edge, q, to, nodes).isPresent()) {
              from = q;
            }
          }
          if (from == null) {
            return false;
          }
          places.put(edge.from(), from);
          grown = true;
        }
      }
    }
    return true;
  }

  // Reports.

  private static void report(List<Edge> inside, List<Node> nodes, Frame frame) {
    var ring = Components.ring(inside, Edge::from, Edge::to);
    var told =
        ring.stream()
            .map(
                e ->
                    new EquationProblem.Edge(
                        name(nodes.get(e.from())), e.at().span().text(), e.at().span()))
            .toList();
    frame.report(
        EquationProblem.Cycle.of(nodes.get(ring.getFirst().from()).statement().span(), told));
  }

  private static String name(Node node) {
    var target = node.targets().isEmpty() ? "_" : node.targets().getFirst().name();
    return node.primed() ? target + "'" : target;
  }

  /** LR-17: what sees the batch or keeps state cannot run once a step. */
  private static boolean noState(List<Integer> group, List<Node> nodes, Frame frame) {
    boolean legal = true;
    for (int i : group) {
      if (nodes.get(i).statement() instanceof Define d) {
        for (var call : TypedWalk.calls(d.value())) {
          var body = call.instance().body();
          boolean owns =
              body.owned().stream().anyMatch(o -> o.variable().role() == Typed.Role.STATE);
          boolean seesBatch =
              body.inputs().stream()
                  .anyMatch(
                      v -> !v.type().shape().isEmpty() && v.type().shape().getFirst().isBatch());
          if (owns || seesBatch) {
            frame.report(new ConfigProblem.StateInRecurrence(call.span(), body.name(), d.span()));
            legal = false;
          }
        }
      }
    }
    return legal;
  }
}
