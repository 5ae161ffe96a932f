package dev.nnlang.compiler.equation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

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

    private Below() {}

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
