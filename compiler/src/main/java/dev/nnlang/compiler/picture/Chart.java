package dev.nnlang.compiler.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Curves of a training run: one panel for each figure, all over the same axis.
 *
 * @param head the run's name
 * @param line what else is to be said of it
 * @param axis what the points are counted in: {@code epoch}, {@code step}
 * @param kept the place on the axis whose parameters the run has kept
 */
public record Chart(
    String head, String line, String axis, OptionalDouble kept, List<Panel> panels) {
  /** One figure of the run. */
  public record Panel(String title, List<Curve> curves) {
    public Panel {
      curves = List.copyOf(curves);
    }
  }

  /** Over which examples a figure was taken. */
  public enum Part {
    TRAIN,
    VALID;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public record Curve(Part part, List<Point> points) {
    public Curve {
      points = List.copyOf(points);
    }
  }

  /** A figure; where it is not finite the curve has a gap. */
  public record Point(double x, double y) {}

  private static final String STYLE =
      """
      .axis { stroke: #d5dae1; stroke-width: 1; }
      .label { font-size: 10.5px; fill: #5b6472; }
      .kept { stroke: #7b8797; stroke-width: 1; stroke-dasharray: 4 3; }
      .curve { fill: none; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
      path.train { stroke: #3f6fd1; }
      path.valid { stroke: #d0761b; }
      circle.train { fill: #3f6fd1; }
      circle.valid { fill: #d0761b; }
      """;

  private static final double WIDTH = 430;
  private static final double HEIGHT = 236;
  private static final double LEFT = 54;
  private static final double RIGHT = 14;
  private static final double UPPER = 32;
  private static final double LOWER = 36;

  /** Up to so many points each has a dot. */
  private static final int DOTS = 40;

  /** More points than this cannot be told apart. */
  private static final int MOST_POINTS = 800;

  public Chart {
    panels = List.copyOf(panels);
  }

  /** The picture; the same figures give the same one, letter for letter. */
  public String svg() {
    int columns = panels.size() == 1 ? 1 : 2;
    int rows = Math.ceilDiv(Math.max(1, panels.size()), columns);
    double width = Math.max(columns * WIDTH + Canvas.MARGIN, Canvas.headWidth(head, line));
    double height = Canvas.TOP + rows * HEIGHT + 4;
    var canvas = new Canvas(width, height, head, line, STYLE);
    if (panels.isEmpty()) {
      canvas.text(Canvas.MARGIN, Canvas.TOP + 24, "line", Canvas.Anchor.START, "no figures yet");
    }
    for (int i = 0; i < panels.size(); i++) {
      canvas.add(
          "<g transform=\"translate(%s %s)\">",
          i % columns * WIDTH, Canvas.TOP + (i / columns) * HEIGHT);
      panel(panels.get(i), canvas);
      canvas.add("</g>");
    }
    return canvas.finished();
  }

  private void panel(Panel panel, Canvas canvas) {
    canvas.text(LEFT, 16, "title", Canvas.Anchor.START, panel.title());
    legend(panel, canvas);
    var across = Scale.counting(all().mapToDouble(Point::x).toArray());
    var up = Scale.of(points(panel).stream().mapToDouble(Point::y).toArray());
    for (double tick : up.ticks()) {
      double y = y(up, tick);
      canvas.add(
          "<line class=\"axis\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
          LEFT, WIDTH - RIGHT, y, y);
      canvas.text(LEFT - 6, y + 3.5, "label", Canvas.Anchor.END, Scale.text(tick));
    }
    double bottom = HEIGHT - LOWER;
    canvas.add(
        "<line class=\"axis\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
        LEFT, WIDTH - RIGHT, bottom, bottom);
    for (double tick : across.wholeTicks()) {
      canvas.text(x(across, tick), bottom + 15, "label", Canvas.Anchor.MIDDLE, Scale.text(tick));
    }
    canvas.text((LEFT + WIDTH - RIGHT) / 2, bottom + 29, "label", Canvas.Anchor.MIDDLE, axis);
    kept.ifPresent(
        at -> {
          double x = x(across, at);
          canvas.add(
              "<line class=\"kept\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
              x, x, UPPER, bottom);
        });
    panel.curves().forEach(curve -> curve(curve, across, up, canvas));
  }

  /** From the right: a stroke and a word for each curve. */
  private void legend(Panel panel, Canvas canvas) {
    double x = WIDTH - RIGHT;
    var last = new ArrayList<>(panel.curves()).reversed();
    for (var curve : last) {
      var word = curve.part().word();
      canvas.text(x, 16, "label", Canvas.Anchor.END, word);
      x -= Canvas.width(word, false) + 6;
      canvas.add("<path class=\"curve %s\" d=\"M%s 12.5 h16\"/>", word, x - 16);
      x -= 32;
    }
    if (kept.isPresent()) {
      canvas.text(x, 16, "label", Canvas.Anchor.END, "kept");
      x -= Canvas.width("kept", false) + 6;
      canvas.add("<line class=\"kept\" x1=\"%s\" x2=\"%s\" y1=\"12.5\" y2=\"12.5\"/>", x - 16, x);
    }
  }

  private static void curve(Curve curve, Scale across, Scale up, Canvas canvas) {
    var path = new StringBuilder();
    boolean isGap = true;
    int every = Math.ceilDiv(Math.max(1, curve.points().size()), MOST_POINTS);
    for (int i = 0; i < curve.points().size(); i++) {
      var point = curve.points().get(i);
      boolean isDrawn = i % every == 0 || i == curve.points().size() - 1;
      if (!isDrawn) {
        continue;
      }
      if (!up.holds(point.y())) {
        isGap = true;
        continue;
      }
      path.append(isGap ? "M" : "L")
          .append(Canvas.line("%s %s", x(across, point.x()), y(up, point.y())));
      isGap = false;
    }
    var word = curve.part().word();
    if (!path.isEmpty()) {
      canvas.add("<path class=\"curve %s\" d=\"%s\"/>", word, path);
    }
    if (curve.points().size() <= DOTS) {
      for (var point : curve.points()) {
        if (up.holds(point.y())) {
          canvas.add(
              "<circle class=\"%s\" cx=\"%s\" cy=\"%s\" r=\"2.2\"/>",
              word, x(across, point.x()), y(up, point.y()));
        }
      }
    }
  }

  private Stream<Point> all() {
    return panels.stream().flatMap(p -> points(p).stream());
  }

  private static List<Point> points(Panel panel) {
    return panel.curves().stream().flatMap(c -> c.points().stream()).toList();
  }

  private static double x(Scale across, double value) {
    return LEFT + across.share(value) * (WIDTH - RIGHT - LEFT);
  }

  private static double y(Scale up, double value) {
    return UPPER + (1 - up.share(value)) * (HEIGHT - LOWER - UPPER);
  }
}
