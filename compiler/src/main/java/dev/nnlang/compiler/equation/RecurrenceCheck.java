package dev.nnlang.compiler.equation;

import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Whether equations that need each other are a recurrence that runs (LR-30).
 *
 * <p>In a strongly connected group every member is given one of its axes, such that each read
 * within the group stands at the reader's index plus a constant there. If the constants have one
 * sign, the reads whose constant is not 0 are carried by a loop over that axis; the others must be
 * free of cycles, or such a recurrence themselves. The first axis found may be taken: what another
 * order could carry, it can still carry once some reads are gone.
 */
final class RecurrenceCheck {
  private record Edge(Equation reader, Expr.Read read) {
    @Override
    public String toString() {
      return reader.tensor() + " reads " + read.tensor() + read.subscripts();
    }
  }

  private RecurrenceCheck() {}

  static List<String> faults(Program program) {
    var definitions = program.definitions();
    var edges = new ArrayList<Edge>();
    for (var equation : definitions.values()) {
      var roots = new ArrayList<Node>();
      roots.add(equation.body());
      equation.reduction().ifPresent(r -> roots.add(r.guard()));
      for (var node : Rebuild.reachable(roots.toArray(Node[]::new))) {
        if (node.expr() instanceof Expr.Read read && definitions.containsKey(read.tensor())) {
          edges.add(new Edge(equation, read));
        }
      }
    }
    return faults(edges);
  }

  private static List<String> faults(List<Edge> edges) {
    var faults = new ArrayList<String>();
    for (var group : cycles(edges)) {
      var inside =
          edges.stream()
              .filter(e -> group.contains(e.reader.tensor()) && group.contains(e.read.tensor()))
              .toList();
      var left = uncarried(inside);
      if (left.isEmpty()) {
        faults.add("not a recurrence: " + inside);
      } else {
        faults.addAll(faults(left.get()));
      }
    }
    return faults;
  }

  /** The reads of a group that some loop does not carry; empty where no loop carries any. */
  private static Optional<List<Edge>> uncarried(List<Edge> edges) {
    var first = edges.getFirst().read.tensor();
    for (int position = 0; position < first.rank(); position++) {
      var offsets = offsets(edges, first, position);
      boolean forwards = offsets.stream().allMatch(c -> c.orElse(1) <= 0);
      boolean backwards = offsets.stream().allMatch(c -> c.orElse(-1) >= 0);
      // Exactly one: all offsets 0 carry nothing.
      if (!offsets.isEmpty() && forwards != backwards) {
        var left = new ArrayList<Edge>();
        for (int k = 0; k < edges.size(); k++) {
          if (offsets.get(k).orElseThrow() == 0) {
            left.add(edges.get(k));
          }
        }
        return Optional.of(left);
      }
    }
    return Optional.empty();
  }

  /** The constant of every edge, where this axis of one member gives each member an axis. */
  private static List<OptionalLong> offsets(List<Edge> edges, Tensor first, int position) {
    var positions = new HashMap<Tensor, Integer>();
    positions.put(first, position);
    var open = new ArrayDeque<Tensor>(List.of(first));
    while (!open.isEmpty()) {
      var target = open.pop();
      for (var edge : edges) {
        if (edge.read.tensor().equals(target)) {
          var axis = axis(edge, positions.get(target));
          if (axis.isEmpty()) {
            return List.of();
          }
          var known = positions.putIfAbsent(edge.reader.tensor(), axis.get());
          if (known == null) {
            open.push(edge.reader.tensor());
          } else if (!known.equals(axis.get())) {
            return List.of();
          }
        }
      }
    }
    return edges.stream().map(e -> offset(e, positions.get(e.read.tensor()))).toList();
  }

  /** Which of the reader's axes stands, with a constant, at this position of the read. */
  private static Optional<Integer> axis(Edge edge, int position) {
    if (edge.read.subscripts().get(position).expr() instanceof Expr.Index(var p)) {
      var axes = edge.reader.axes();
      for (int k = 0; k < axes.size(); k++) {
        if (p.minus(Poly.of(axes.get(k).index())).isConstant()) {
          return Optional.of(k);
        }
      }
    }
    return Optional.empty();
  }

  private static OptionalLong offset(Edge edge, int position) {
    if (edge.read.subscripts().get(position).expr() instanceof Expr.Index(var p)) {
      for (var variable : p.variables()) {
        if (variable instanceof Atom.Index) {
          return p.minus(Poly.of(variable)).constant();
        }
      }
    }
    return OptionalLong.empty();
  }

  // Strongly connected groups, by Tarjan's algorithm.

  private static List<Set<Tensor>> cycles(List<Edge> edges) {
    var reads = new LinkedHashMap<Tensor, Set<Tensor>>();
    for (var edge : edges) {
      reads.computeIfAbsent(edge.reader.tensor(), _ -> new LinkedHashSet<>());
      reads.get(edge.reader.tensor()).add(edge.read.tensor());
    }
    var search = new Groups(reads);
    reads.keySet().forEach(search::visit);
    return search.found.stream().filter(g -> looping(g, reads)).toList();
  }

  private static boolean looping(Collection<Tensor> group, Map<Tensor, Set<Tensor>> reads) {
    var some = group.iterator().next();
    return group.size() > 1 || reads.getOrDefault(some, Set.of()).contains(some);
  }

  private static final class Groups {
    private final Map<Tensor, Set<Tensor>> reads;
    private final Map<Tensor, Integer> numbers = new HashMap<>();
    private final Map<Tensor, Integer> lowest = new HashMap<>();
    private final Set<Tensor> stack = new LinkedHashSet<>();
    private final List<Set<Tensor>> found = new ArrayList<>();

    Groups(Map<Tensor, Set<Tensor>> reads) {
      this.reads = reads;
    }

    void visit(Tensor tensor) {
      if (numbers.containsKey(tensor)) {
        return;
      }
      int number = numbers.size();
      numbers.put(tensor, number);
      lowest.put(tensor, number);
      stack.add(tensor);
      for (var next : reads.getOrDefault(tensor, Set.of())) {
        if (!numbers.containsKey(next)) {
          visit(next);
          lowest.merge(tensor, lowest.get(next), Math::min);
        } else if (stack.contains(next)) {
          lowest.merge(tensor, numbers.get(next), Math::min);
        }
      }
      if (lowest.get(tensor) == number) {
        var group = new LinkedHashSet<>(stack.stream().dropWhile(t -> !t.equals(tensor)).toList());
        stack.removeAll(group);
        found.add(group);
      }
    }
  }
}
