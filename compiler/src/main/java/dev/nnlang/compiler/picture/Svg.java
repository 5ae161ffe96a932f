package dev.nnlang.compiler.picture;

import dev.nnlang.compiler.picture.Layout.Box;
import dev.nnlang.compiler.picture.Layout.Wire;
import java.util.List;
import java.util.Locale;

/** A layout as SVG that stands alone: no script, no font to load, colours for light and dark. */
final class Svg {
  private static final String STYLE =
      """
      .ground { fill: #ffffff; }
      text { font-family: "DejaVu Sans", "Segoe UI", Verdana, Helvetica, sans-serif; fill: #1f2937; }
      .title { font-size: 13px; font-weight: 600; }
      .line { font-size: 11px; fill: #5b6472; }
      .code { font-family: "DejaVu Sans Mono", Consolas, Menlo, monospace; font-size: 10.5px; fill: #374151; }
      .head { font-size: 17px; font-weight: 600; }
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

  private final StringBuilder out = new StringBuilder();

  private Svg() {}

  /** A picture with a head and a line beneath it. */
  static String of(Layout layout, String head, String line) {
    var svg = new Svg();
    double top = 58;
    double width =
        Math.max(
            layout.width(),
            Math.max(width(head, true) * 1.35, width(line, false)) + 2 * Layout.PADDING);
    double height = top + layout.height();
    svg.out.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %s %s\" width=\"%s\" height=\"%s\">%n"
            .formatted(n(width), n(height), n(width), n(height)));
    svg.out.append("<title>").append(escaped(head)).append("</title>\n");
    svg.out.append("<style>\n").append(STYLE).append("</style>\n");
    svg.out.append(
        "<rect class=\"ground\" width=\"%s\" height=\"%s\" rx=\"10\"/>%n"
            .formatted(n(width), n(height)));
    svg.text(Layout.PADDING, 30, "head", head);
    svg.text(Layout.PADDING, 48, "line", line);
    svg.draw(layout, (width - layout.width()) / 2, top);
    return svg.out.append("</svg>\n").toString();
  }

  /**
   * About how wide a text is: no font is at hand, so letters are taken for as wide as they are in
   * DejaVu Sans, which is wider than most.
   */
  static double width(String text, boolean isTitle) {
    double sum = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      sum +=
          switch (c) {
            case 'i', 'l', 'j', 'I', '.', ',', ':', ';', '|', '\'' -> 0.36;
            case ' ', 'f', 't', 'r', '(', ')', '[', ']', '/' -> 0.42;
            case 'm', 'w', 'M', 'W' -> 0.98;
            default -> Character.isUpperCase(c) ? 0.72 : 0.63;
          };
    }
    return sum * (isTitle ? 14 : 11.2);
  }

  /** The same for code: all letters are equally wide. */
  static double codeWidth(String text) {
    return 6.4 * text.length();
  }

  private void draw(Layout layout, double dx, double dy) {
    out.append("<g transform=\"translate(%s %s)\">%n".formatted(n(dx), n(dy)));
    layout.wires().forEach(this::wire);
    layout.boxes().forEach(this::box);
    out.append("</g>\n");
  }

  private void wire(Wire wire) {
    var points = wire.points();
    var first = points.getFirst();
    var path = new StringBuilder("M%s %s".formatted(n(first.x()), n(first.y())));
    double tip = 6;
    for (int i = 1; i < points.size(); i++) {
      var a = points.get(i - 1);
      var b = points.get(i);
      double end = i == points.size() - 1 ? b.y() - tip : b.y();
      if (Math.abs(a.x() - b.x()) < 0.5) {
        path.append(" L%s %s".formatted(n(b.x()), n(end)));
      } else {
        double middle = (a.y() + end) / 2;
        path.append(
            " C%s %s %s %s %s %s"
                .formatted(n(a.x()), n(middle), n(b.x()), n(middle), n(b.x()), n(end)));
      }
    }
    out.append("<path class=\"wire\" d=\"").append(path).append("\"/>\n");
    var last = points.getLast();
    out.append(
        "<path class=\"tip\" d=\"M%s %s l-4 -7 h8 z\"/>%n".formatted(n(last.x()), n(last.y())));
  }

  private void box(Box box) {
    var node = box.node();
    var kind = node.kind().name().toLowerCase(Locale.ROOT);
    out.append(
        "<g class=\"%s%s\" data-id=\"%s\">%n"
            .formatted(kind, box.inside().isPresent() ? " group" : "", escaped(node.id())));
    boolean isRound = node.kind() == Graph.Kind.INPUT || node.kind() == Graph.Kind.OUTPUT;
    out.append(
        "<rect class=\"box\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"%s\"/>%n"
            .formatted(
                n(box.x()), n(box.y()), n(box.width()), n(box.height()), isRound ? "14" : "8"));
    double centre = box.x() + box.width() / 2;
    double y = box.y() + (isRound ? 18.5 : 19);
    centred(centre, y, "title", node.title());
    List<String> details = node.details();
    for (int i = 0; i < details.size(); i++) {
      y += i == 0 ? 17 : Layout.LINE;
      if (i == 0) {
        centred(centre, y, "line", details.get(i));
      } else {
        text(box.x() + 14, y, "code", details.get(i));
      }
    }
    box.inside()
        .ifPresent(
            inside ->
                draw(
                    inside,
                    box.x() + (box.width() - inside.width()) / 2,
                    box.y() + box.height() - inside.height() - 4));
    out.append("</g>\n");
  }

  private void centred(double x, double y, String style, String text) {
    out.append(
        "<text class=\"%s\" x=\"%s\" y=\"%s\" text-anchor=\"middle\">%s</text>%n"
            .formatted(style, n(x), n(y), escaped(text)));
  }

  private void text(double x, double y, String style, String text) {
    out.append(
        "<text class=\"%s\" x=\"%s\" y=\"%s\">%s</text>%n"
            .formatted(style, n(x), n(y), escaped(text)));
  }

  private static String n(double value) {
    var text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
