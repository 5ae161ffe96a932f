package dev.nnlang.compiler.picture;

import dev.nnlang.compiler.source.Span;
import java.util.List;
import java.util.Optional;

/**
 * What there is to draw.
 *
 * @param nodes in the order of the text
 * @param edges what feeds what
 */
record Graph(List<Node> nodes, List<Edge> edges) {
  Graph {
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
  }

  /** How a node looks. */
  enum Kind {
    INPUT,
    OUTPUT,
    /** Owns parameters, or is made of layers. */
    LAYER,
    /** A function without parameters. */
    FUNCTION,
    EQUATION
  }

  /**
   * One box.
   *
   * @param id unique in the picture
   * @param title its first line
   * @param details further lines, smaller
   * @param inside what it is made of, where that is drawn, too
   * @param at where it is written, in the file of the picture; empty for the insides of others
   */
  record Node(
      String id,
      Kind kind,
      String title,
      List<String> details,
      Optional<Graph> inside,
      Optional<Span> at) {
    Node {
      details = List.copyOf(details);
    }
  }

  /**
   * One arrow.
   *
   * @param label the shape that flows; empty where it is said elsewhere
   */
  record Edge(String from, String to, String label) {}
}
