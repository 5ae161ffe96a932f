package dev.nnlang.compiler.picture;

import dev.nnlang.compiler.picture.Layout.Box;
import dev.nnlang.compiler.picture.Layout.Wire;
import java.util.List;
import java.util.Locale;

/** A layout of boxes and wires, drawn. */
final class GraphSvg {
  private static final String STYLE =
      """
      .code { font-family: "DejaVu Sans Mono", Consolas, Menlo, monospace; font-size: 10.5px; fill: #374151; }
      rect.box { stroke-width: 1.2; }
      .input > rect.box, .output > rect.box { fill: #334155; stroke: #334155; }
      .input > text, .output > text { fill: #f8fafc; }
      .layer > rect.box { fill: #e3edff; stroke: #5b8def; }
      .function > rect.box { fill: #fff1dd; stroke: #e0a458; }
      .equation > rect.box { fill: #e4f6ec; stroke: #58ad7f; }
      .group > rect.box { fill: #f5f8ff; stroke: #9db8ea; stroke-dasharray: 5 3; }
      .wire { fill: none; stroke: #7b8797; stroke-width: 1.5; }
      .tip { fill: #7b8797; }
      """;

  private final Canvas canvas;

  private GraphSvg(Canvas canvas) {
    this.canvas = canvas;
  }

  /** A picture with a head and a line beneath it. */
  static String of(Layout layout, String head, String line) {
    double width = Math.max(layout.width(), Canvas.headWidth(head, line));
    var canvas = new Canvas(width, Canvas.TOP + layout.height(), head, line, STYLE);
    new GraphSvg(canvas).draw(layout, (width - layout.width()) / 2, Canvas.TOP);
    return canvas.finished();
  }

  private void draw(Layout layout, double dx, double dy) {
    canvas.add("<g transform=\"translate(%s %s)\">", dx, dy);
    layout.wires().forEach(this::wire);
    layout.boxes().forEach(this::box);
    canvas.add("</g>");
  }

  private void wire(Wire wire) {
    var points = wire.points();
    var first = points.getFirst();
    var path = new StringBuilder(Canvas.line("M%s %s", first.x(), first.y()));
    double tip = 6;
    for (int i = 1; i < points.size(); i++) {
      var a = points.get(i - 1);
      var b = points.get(i);
      double end = i == points.size() - 1 ? b.y() - tip : b.y();
      if (Math.abs(a.x() - b.x()) < 0.5) {
        path.append(Canvas.line(" L%s %s", b.x(), end));
      } else {
        double middle = (a.y() + end) / 2;
        path.append(Canvas.line(" C%s %s %s %s %s %s", a.x(), middle, b.x(), middle, b.x(), end));
      }
    }
    canvas.add("<path class=\"wire\" d=\"%s\"/>", path);
    var last = points.getLast();
    canvas.add("<path class=\"tip\" d=\"M%s %s l-4 -7 h8 z\"/>", last.x(), last.y());
  }

  private void box(Box box) {
    var node = box.node();
    var kind = node.kind().name().toLowerCase(Locale.ROOT);
    canvas.add(
        "<g class=\"%s%s\" data-id=\"%s\">",
        kind, box.inside().isPresent() ? " group" : "", Canvas.escaped(node.id()));
    boolean isRound = node.kind() == Graph.Kind.INPUT || node.kind() == Graph.Kind.OUTPUT;
    canvas.add(
        "<rect class=\"box\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"%s\"/>",
        box.x(), box.y(), box.width(), box.height(), isRound ? "14" : "8");
    double centre = box.x() + box.width() / 2;
    double y = box.y() + (isRound ? 18.5 : 19);
    canvas.text(centre, y, "title", Canvas.Anchor.MIDDLE, node.title());
    List<String> details = node.details();
    for (int i = 0; i < details.size(); i++) {
      y += i == 0 ? 17 : Layout.LINE;
      if (i == 0) {
        canvas.text(centre, y, "line", Canvas.Anchor.MIDDLE, details.get(i));
      } else {
        canvas.text(box.x() + 14, y, "code", Canvas.Anchor.START, details.get(i));
      }
    }
    box.inside()
        .ifPresent(
            inside ->
                draw(
                    inside,
                    box.x() + (box.width() - inside.width()) / 2,
                    box.y() + box.height() - inside.height() - 4));
    canvas.add("</g>");
  }
}
