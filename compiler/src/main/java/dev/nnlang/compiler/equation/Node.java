package dev.nnlang.compiler.equation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * One interned expression. Two nodes of one {@link Nodes} are equal only if they are the same node,
 * and operands have smaller ids than their users, so a sweep in id order is a topological order.
 *
 * @param below what is known of the nodes below this one
 */
public record Node(int id, Expr expr, Type type, Below below) {
  Node(int id, Expr expr, Type type) {
    this(id, expr, type, new Below());
  }

  /** All nodes below one: every stage asks for them, again and again. */
  public static final class Below {
    /**
     * What is below larger expressions is found anew each time: there may be many in each other.
     */
    private static final int MOST_KEPT = 256;

    private volatile List<Node> nodes;
    private volatile List<Expr.Read> reads;
    private volatile Set<Tensor> tensors;
    private volatile int cost = -1;

    private Below() {}

    private List<Expr.Read> reads(Node node) {
      var known = reads;
      if (known == null) {
        var found = new ArrayList<Expr.Read>();
        for (var each : of(node)) {
          if (each.expr() instanceof Expr.Read read) {
            found.add(read);
          }
        }
        known = List.copyOf(found);
        reads = known;
      }
      return known;
    }

    private Set<Tensor> tensors(Node node) {
      var known = tensors;
      if (known == null) {
        var found = new LinkedHashSet<Tensor>();
        reads(node).forEach(r -> found.add(r.tensor()));
        known = found.isEmpty() ? Set.of() : Collections.unmodifiableSet(found);
        tensors = known;
      }
      return known;
    }

    private List<Node> of(Node node) {
      var known = nodes;
      if (known == null) {
        known = reachable(List.of(node));
        if (known.size() <= MOST_KEPT) {
          nodes = known;
        }
      }
      return known;
    }
  }

  /** All nodes below this one, and itself, by id: operands before their users. */
  List<Node> reachable() {
    return below.of(this);
  }

  /** All reads among these. */
  public List<Expr.Read> reads() {
    return below.reads(this);
  }

  /** What they read, in the same order. */
  public Set<Tensor> tensors() {
    return below.tensors(this);
  }

  /**
   * A number that is asked for again and again: what a loop body with this expression costs.
   *
   * @param count counts it, always the same
   */
  public int cost(ToIntFunction<Node> count) {
    int known = below.cost;
    if (known < 0) {
      known = count.applyAsInt(this);
      below.cost = known;
    }
    return known;
  }

  /** The same of several nodes. Nothing here recurses: expressions can be very deep. */
  static List<Node> reachable(List<Node> roots) {
    var found = new HashSet<Node>();
    var open = new ArrayList<>(roots);
    while (!open.isEmpty()) {
      var node = open.removeLast();
      if (found.add(node)) {
        open.addAll(Rebuild.operands(node.expr));
      }
    }
    var ordered = new ArrayList<>(found);
    ordered.sort((a, b) -> Integer.compare(a.id, b.id));
    return List.copyOf(ordered);
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return id;
  }

  @Override
  public String toString() {
    return EquationText.of(this);
  }
}
