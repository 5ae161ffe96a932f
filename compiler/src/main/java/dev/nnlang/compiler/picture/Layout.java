package dev.nnlang.compiler.picture;

import dev.nnlang.compiler.picture.Graph.Edge;
import dev.nnlang.compiler.picture.Graph.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where everything stands: from top to bottom, in points.
 *
 * @param boxes in the order of the graph
 * @param wires one for each edge, from the bottom of a box to the top of another
 */
record Layout(List<Box> boxes, List<Wire> wires, double width, double height) {
  private static final double GAP_X = 28;
  private static final double GAP_Y = 34;
  static final double PADDING = 18;
  static final double TITLE = 20;
  static final double LINE = 15;
  private static final int SWEEPS = 12;

  /** A node with its place; what is inside of it has places within. */
  record Box(Node node, double x, double y, double width, double height, Optional<Layout> inside) {}

  /** The points that a line goes through. */
  record Wire(Edge edge, List<Point> points) {}

  record Point(double x, double y) {}

  /** A node, or a place where a long edge passes a rank. */
  private static final class Item {
    final Node node;
    final double width;
    final double height;
    final Layout inside;
    final List<Item> above = new ArrayList<>();
    final List<Item> below = new ArrayList<>();
    int rank;
    double order;
    double x;
    double y;

    Item(Node node, double width, double height, Layout inside) {
      this.node = node;
      this.width = width;
      this.height = height;
      this.inside = inside;
    }

    double centre() {
      return x + width / 2;
    }
  }

  static Layout of(Graph graph) {
    var items = new LinkedHashMap<String, Item>();
    for (var node : graph.nodes()) {
      items.put(node.id(), item(node));
    }
    var edges =
        graph.edges().stream()
            .filter(e -> items.containsKey(e.from()) && items.containsKey(e.to()))
            .toList();
    rank(items, edges);
    var chains = new LinkedHashMap<Edge, List<Item>>();
    var all = new ArrayList<>(items.values());
    for (var edge : edges) {
      chains.put(edge, chain(items.get(edge.from()), items.get(edge.to()), all));
    }
    var ranks = ranks(all);
    order(ranks);
    place(ranks);
    double top = PADDING;
    for (var rank : ranks) {
      double height = rank.stream().mapToDouble(i -> i.height).max().orElse(0);
      for (var item : rank) {
        item.y = item.node == null ? top : top + (height - item.height) / 2;
      }
      top += height + GAP_Y;
    }
    double left = all.stream().mapToDouble(i -> i.x).min().orElse(0) - PADDING;
    all.forEach(i -> i.x -= left);
    double width = all.stream().mapToDouble(i -> i.x + i.width).max().orElse(0) + PADDING;
    var boxes =
        items.values().stream()
            .map(i -> new Box(i.node, i.x, i.y, i.width, i.height, Optional.ofNullable(i.inside)))
            .toList();
    var wires = new ArrayList<Wire>();
    chains.forEach((edge, chain) -> wires.add(new Wire(edge, points(chain, ranks))));
    return new Layout(boxes, wires, width, top - GAP_Y + PADDING);
  }

  private static Item item(Node node) {
    var inside = node.inside().map(Layout::of).orElse(null);
    double text = Canvas.width(node.title(), true);
    for (int i = 0; i < node.details().size(); i++) {
      var line = node.details().get(i);
      text = Math.max(text, i == 0 ? Canvas.width(line, false) : Canvas.codeWidth(line));
    }
    boolean isSmall = node.kind() == Graph.Kind.INPUT || node.kind() == Graph.Kind.OUTPUT;
    double width = text + (isSmall ? 28 : 36);
    double height = isSmall ? 28 : 12 + TITLE + LINE * node.details().size();
    if (inside != null) {
      width = Math.max(width, inside.width() + 16);
      height += inside.height() + 4;
    }
    return new Item(node, width, height, inside);
  }

  /** One below the lowest of what feeds it; outputs all at the bottom. */
  private static void rank(Map<String, Item> items, List<Edge> edges) {
    boolean moved = true;
    // A graph without cycles is done after as many rounds as it has nodes.
    for (int round = 0; moved && round <= items.size(); round++) {
      moved = false;
      for (var edge : edges) {
        var from = items.get(edge.from());
        var to = items.get(edge.to());
        if (to.rank < from.rank + 1) {
          to.rank = from.rank + 1;
          moved = true;
        }
      }
    }
    // What comes from nowhere, a draw, stands just above what first reads it.
    for (var item : items.values()) {
      boolean isFed = edges.stream().anyMatch(e -> items.get(e.to()) == item);
      if (!isFed && item.node.kind() != Graph.Kind.INPUT) {
        item.rank =
            edges.stream()
                .filter(e -> items.get(e.from()) == item)
                .mapToInt(e -> items.get(e.to()).rank - 1)
                .min()
                .orElse(item.rank);
      }
    }
    int last = items.values().stream().mapToInt(i -> i.rank).max().orElse(0);
    for (var item : items.values()) {
      if (item.node.kind() == Graph.Kind.OUTPUT) {
        item.rank = last;
      }
    }
  }

  /** The way of an edge: its ends, and a place of no width in every rank between them. */
  private static List<Item> chain(Item from, Item to, List<Item> all) {
    var chain = new ArrayList<Item>();
    chain.add(from);
    for (int rank = from.rank + 1; rank < to.rank; rank++) {
      var pass = new Item(null, 6, 0, null);
      pass.rank = rank;
      all.add(pass);
      chain.add(pass);
    }
    chain.add(to);
    for (int i = 0; i + 1 < chain.size(); i++) {
      chain.get(i).below.add(chain.get(i + 1));
      chain.get(i + 1).above.add(chain.get(i));
    }
    return chain;
  }

  private static List<List<Item>> ranks(List<Item> all) {
    var ranks = new ArrayList<List<Item>>();
    for (var item : all) {
      while (ranks.size() <= item.rank) {
        ranks.add(new ArrayList<>());
      }
      item.order = ranks.get(item.rank).size();
      ranks.get(item.rank).add(item);
    }
    return ranks;
  }

  /** Each rank by the mean place of its neighbours above, then below, and again. */
  private static void order(List<List<Item>> ranks) {
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      boolean isDown = sweep % 2 == 0;
      for (int r = 0; r < ranks.size(); r++) {
        var rank = ranks.get(isDown ? r : ranks.size() - 1 - r);
        var wanted = new HashMap<Item, Double>();
        for (var item : rank) {
          var near = isDown ? item.above : item.below;
          wanted.put(item, near.stream().mapToDouble(i -> i.order).average().orElse(item.order));
        }
        rank.sort(Comparator.comparingDouble(wanted::get));
        for (int i = 0; i < rank.size(); i++) {
          rank.get(i).order = i;
        }
      }
    }
  }

  /** Side by side first, then each as near to the middle of its neighbours as the others let it. */
  private static void place(List<List<Item>> ranks) {
    for (var rank : ranks) {
      double x = 0;
      for (var item : rank) {
        item.x = x;
        x += item.width + GAP_X;
      }
      double half = (x - GAP_X) / 2;
      rank.forEach(i -> i.x -= half);
    }
    for (int sweep = 0; sweep < 2 * SWEEPS; sweep++) {
      boolean isDown = sweep % 2 == 0;
      for (int r = 0; r < ranks.size(); r++) {
        pull(ranks.get(isDown ? r : ranks.size() - 1 - r), isDown);
      }
    }
  }

  private static void pull(List<Item> rank, boolean isDown) {
    var wanted = new double[rank.size()];
    for (int i = 0; i < rank.size(); i++) {
      var item = rank.get(i);
      var near = isDown ? item.above : item.below;
      double centre = near.stream().mapToDouble(Item::centre).average().orElse(item.centre());
      wanted[i] = centre - item.width / 2;
    }
    // Groups that would overlap become one, which stands in the middle of what its members want.
    var starts = new ArrayList<Integer>();
    var offsets = new double[rank.size()];
    var at = new ArrayList<Double>();
    for (int i = 0; i < rank.size(); i++) {
      starts.add(i);
      offsets[i] = 0;
      at.add(wanted[i]);
      while (starts.size() > 1) {
        int first = starts.get(starts.size() - 2);
        int second = starts.getLast();
        double end =
            at.get(at.size() - 2) + offsets[second - 1] + rank.get(second - 1).width + GAP_X;
        if (end <= at.getLast() + 1e-6) {
          break;
        }
        double shift = offsets[second - 1] + rank.get(second - 1).width + GAP_X;
        for (int k = second; k <= i; k++) {
          offsets[k] += shift;
        }
        starts.removeLast();
        at.removeLast();
        double sum = 0;
        for (int k = first; k <= i; k++) {
          sum += wanted[k] - offsets[k];
        }
        at.set(at.size() - 1, sum / (i - first + 1));
      }
    }
    for (int g = 0; g < starts.size(); g++) {
      int end = g + 1 < starts.size() ? starts.get(g + 1) : rank.size();
      for (int k = starts.get(g); k < end; k++) {
        rank.get(k).x = at.get(g) + offsets[k];
      }
    }
  }

  private static List<Point> points(List<Item> chain, List<List<Item>> ranks) {
    var points = new ArrayList<Point>();
    var from = chain.getFirst();
    points.add(new Point(from.centre(), from.y + from.height));
    for (var pass : chain.subList(1, chain.size() - 1)) {
      double height = ranks.get(pass.rank).stream().mapToDouble(i -> i.height).max().orElse(0);
      points.add(new Point(pass.centre(), pass.y));
      points.add(new Point(pass.centre(), pass.y + height));
    }
    var to = chain.getLast();
    points.add(new Point(to.centre(), to.y));
    return points;
  }
}
