package dev.nnlang.compiler.picture;

import java.util.Arrays;
import java.util.Locale;

/** SVG that stands alone, as it is written: no script, no font to load. */
final class Canvas {
  /** Where what is drawn begins, below the head and the line under it. */
  static final double TOP = 58;

  /** Left of the head, and around what is drawn. */
  static final double MARGIN = 18;

  private static final String STYLE =
      """
      .ground { fill: #ffffff; }
      text { font-family: "DejaVu Sans", "Segoe UI", Verdana, Helvetica, sans-serif; fill: #1f2937; }
      .title { font-size: 13px; font-weight: 600; }
      .line { font-size: 11px; fill: #5b6472; }
      .head { font-size: 17px; font-weight: 600; }
      """;

  /** On which side of a place a text stands. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  private final StringBuilder out = new StringBuilder();

  /**
   * A picture with a head and a line beneath it.
   *
   * @param style the rules of what is drawn, beside those of the head
   */
  Canvas(double width, double height, String head, String line, String style) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %s %s\" width=\"%s\" height=\"%s\">",
        width, height, width, height);
    add("<title>%s</title>", escaped(head));
    add("<style>\n%s%s</style>", STYLE, style);
    add("<rect class=\"ground\" width=\"%s\" height=\"%s\" rx=\"10\"/>", width, height);
    text(MARGIN, 30, "head", Anchor.START, head);
    text(MARGIN, 48, "line", Anchor.START, line);
  }

  /** How wide a picture is at least, for its head. */
  static double headWidth(String head, String line) {
    return Math.max(width(head, true) * 1.35, width(line, false)) + 2 * MARGIN;
  }

  String finished() {
    return out + "</svg>\n";
  }

  /** A line of SVG; numbers among the values have one decimal. */
  void add(String format, Object... values) {
    out.append(line(format, values)).append('\n');
  }

  /** The same, for what is put together of parts. */
  static String line(String format, Object... values) {
    return format.formatted(
        Arrays.stream(values).map(v -> v instanceof Double d ? n(d) : v).toArray());
  }

  void text(double x, double y, String style, Anchor anchor, String text) {
    add(
        "<text class=\"%s\" x=\"%s\" y=\"%s\"%s>%s</text>",
        style,
        x,
        y,
        anchor == Anchor.START
            ? ""
            : " text-anchor=\"" + anchor.name().toLowerCase(Locale.ROOT) + "\"",
        escaped(text));
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

  private static String n(double value) {
    var text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
