package dev.nnlang.compiler.picture;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.source.Span;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A declaration, drawn.
 *
 * @param svg the picture; the group of each box carries its id as {@code data-id}
 * @param places where the boxes are written, by id
 */
public record Picture(String svg, Map<String, Span> places) {
  /** How much the boxes tell. */
  public enum Level {
    /** Layers with shapes, parameters and cost. */
    LAYERS,
    /** With the equations of each. */
    EQUATIONS,
    /** With the kernels that compute each in a prediction. */
    KERNELS;

    /** As it is written on the command line. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The picture of a body.
   *
   * @param kernels asked where the level shows them
   */
  public static Picture of(Typed.Body body, Level level, Kernels kernels) {
    var graph = GraphBuilder.of(body, level, kernels);
    var costs = Costs.of(body);
    var head = body.kind().word() + " " + body.name();
    var line =
        Costs.count(costs.parameters())
            + " parameters"
            + (costs.operations().isConstant()
                ? " · " + Costs.count(costs.operations()) + " FLOPs an example"
                : "")
            + (level == Level.KERNELS ? " · kernels of a prediction" : "");
    var places = new LinkedHashMap<String, Span>();
    collect(graph, places);
    return new Picture(GraphSvg.of(Layout.of(graph), head, line), places);
  }

  private static void collect(Graph graph, Map<String, Span> places) {
    for (var node : graph.nodes()) {
      node.at().ifPresent(span -> places.put(node.id(), span));
      node.inside().ifPresent(inside -> collect(inside, places));
    }
  }
}
