package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts equations together into kernels. In the order of their needs, each joins the first kernel
 * that takes it and is not before one it needs; else it begins a new one.
 */
final class Fusion {
  private final Set<Tensor> outside;
  private final Strips strips;
  private final Products products;
  private final Choices choices;
  private final Outer outer;
  private final Nodes nodes;
  private final List<Cluster> clusters = new ArrayList<>();
  private final Map<Tensor, Integer> home = new HashMap<>();

  /** The clusters that read a tensor. */
  private final Map<Tensor, List<Integer>> readers = new HashMap<>();

  /** The clusters that may take equations with which they have no tensor in common. */
  private final NavigableSet<Integer> open = new TreeSet<>();

  private Fusion(Set<Tensor> outside, Strips strips, Products products, Nodes nodes) {
    this.outside = outside;
    this.strips = strips;
    this.products = products;
    this.choices = products.choices();
    this.outer = products.outer();
    this.nodes = nodes;
  }

  /** What is read outside of its own group. */
  private static Set<Tensor> outside(
      List<List<Equation>> groups, Set<Tensor> wanted, Strips strips) {
    var outside = new HashSet<>(wanted);
    outside.addAll(strips.read());
    for (var group : groups) {
      if (group.size() == 1) {
        outside(group.getFirst(), Set.of(group.getFirst().tensor()), outside);
        continue;
      }
      var own = new HashSet<Tensor>();
      group.forEach(e -> own.add(e.tensor()));
      group.forEach(e -> outside(e, own, outside));
    }
    return outside;
  }

  private static void outside(Equation equation, Set<Tensor> own, Set<Tensor> outside) {
    for (var tensor : Walk.tensors(equation)) {
      if (!own.contains(tensor)) {
        outside.add(tensor);
      }
    }
  }

  /**
   * Kernels in an order in which they can run.
   *
   * @param home the number of the kernel that computes a tensor
   */
  record Kernels(List<Kernel> list, Map<Tensor, Integer> home) {}

  /**
   * The kernels of all groups.
   *
   * @param groups recurrences, and single equations, each after what it reads
   * @param wanted what must be in memory at the end
   */
  static Kernels kernels(
      List<List<Equation>> groups,
      Set<Tensor> wanted,
      Strips strips,
      Products products,
      Nodes nodes) {
    var fusion = new Fusion(outside(groups, wanted, strips), strips, products, nodes);
    groups.forEach(fusion::place);
    return new Kernels(fusion.build(wanted), fusion.home);
  }

  private void place(List<Equation> group) {
    var first = group.getFirst();
    var strip = strips.of(first);
    if (strip.isPresent()) {
      add(new Closed(strip.get()));
      return;
    }
    if (outer.times().isEmpty() && Copies.isRecurrence(group)) {
      var loop = TimeLoop.kernel(group, outside, choices, nodes);
      if (loop.isPresent()) {
        group.forEach(e -> home.put(e.tensor(), clusters.size()));
        add(new Closed(loop.get()));
        return;
      }
      add(new Closed(Recurrence.nest(group, choices, nodes)));
      return;
    }
    if (first.body().expr() instanceof Expr.Draw draw
        && draw.distribution() == Expr.Distribution.ORTHOGONAL) {
      add(new Closed(new Kernel.Orthogonal(first)));
      return;
    }
    var product = products.of(first);
    if (product.isPresent()) {
      add(new Product(product.get(), choices, outer, nodes));
      return;
    }
    if (!choices.has(Choices.Part.FUSION) || !joins(first)) {
      add(new Space(first, choices, outer, nodes));
    }
  }

  /**
   * Asks the clusters that may take an equation, in order, until one does. Asking all of them would
   * make the time to compile a deep network grow with the square of its depth.
   */
  private boolean joins(Equation equation) {
    var near = new TreeSet<Integer>();
    int earliest = 0;
    for (var tensor : Walk.tensors(equation)) {
      near.addAll(readers.getOrDefault(tensor, List.of()));
      var writer = home.get(tensor);
      if (writer != null) {
        near.add(writer);
        earliest = Math.max(earliest, writer);
      }
    }
    var a = near.ceiling(earliest);
    boolean anywhere = choices.has(Choices.Part.TOGETHER);
    var b = open.ceiling(anywhere ? earliest : Math.max(earliest, clusters.size() - 1));
    while (a != null || b != null) {
      int c = b == null || a != null && a <= b ? a : b;
      if (clusters.get(c).take(equation)) {
        home.put(equation.tensor(), c);
        reads(equation, c);
        return true;
      }
      a = near.higher(c);
      b = open.higher(c);
    }
    return false;
  }

  private void reads(Equation equation, int cluster) {
    for (var tensor : Walk.tensors(equation)) {
      // To have a single number in common, such as the learning rate, brings nobody together; nor,
      // on the processor, the numbers of the examples, which the draws of all layers depend on.
      boolean isFew = tensor.rank() == 0 || tensor.rank() == 1 && tensor.type() == Type.INT;
      if (choices.has(Choices.Part.TOGETHER) ? tensor.rank() > 0 : !isFew) {
        readers.computeIfAbsent(tensor, _ -> new ArrayList<>()).add(cluster);
      }
    }
  }

  private void add(Cluster cluster) {
    int number = clusters.size();
    clusters.add(cluster);
    if (cluster.isOpen()) {
      open.add(number);
    }
    for (var equation : cluster.equations()) {
      home.put(equation.tensor(), number);
      reads(equation, number);
    }
  }

  private List<Kernel> build(Set<Tensor> wanted) {
    var elsewhere = new HashSet<>(wanted);
    for (int c = 0; c < clusters.size(); c++) {
      for (var equation : clusters.get(c).equations()) {
        for (var tensor : Walk.tensors(equation)) {
          if (home.getOrDefault(tensor, c) != c) {
            elsewhere.add(tensor);
          }
        }
      }
    }
    return clusters.stream().map(c -> c.kernel(elsewhere)).toList();
  }
}
