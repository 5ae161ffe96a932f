package dev.nnlang.compiler.cli;

import java.util.List;
import java.util.Locale;

/** The loss over the epochs in a few lines of text; logarithmic where the values allow it. */
final class Plot {
  private static final int HEIGHT = 8;
  private static final int LEFT = 11;

  private Plot() {}

  /**
   * @param train one value an epoch, drawn as dots
   * @param valid the same or empty, drawn as circles
   * @param width of the whole picture in characters
   */
  static String of(List<Double> train, List<Double> valid, int width) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (var series : List.of(train, valid)) {
      for (double value : series) {
        if (Double.isFinite(value)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
    if (!(low < high)) {
      return "";
    }
    boolean logarithmic = low > 0;
    int columns = Math.min(width - LEFT, Math.max(train.size(), 16));
    var grid = new char[HEIGHT][columns];
    for (var row : grid) {
      java.util.Arrays.fill(row, ' ');
    }
    draw(grid, valid, low, high, logarithmic, 'o');
    draw(grid, train, low, high, logarithmic, '•');
    var text = new StringBuilder();
    for (int i = 0; i < HEIGHT; i++) {
      double share = 1 - (double) i / (HEIGHT - 1);
      double value =
          logarithmic
              ? Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low)))
              : low + share * (high - low);
      boolean named = i == 0 || i == HEIGHT - 1 || i == HEIGHT / 2;
      text.append(
          named ? String.format(Locale.ROOT, "%9s ┤", TrainingView.number(value)) : "          │");
      text.append(new String(grid[i]).stripTrailing()).append('\n');
    }
    var legend = valid.isEmpty() ? "• train loss" : "• train loss   o valid loss";
    return text.append("          └")
        .append("─".repeat(columns))
        .append("\n           ")
        .append(legend)
        .append('\n')
        .toString();
  }

  private static void draw(
      char[][] grid, List<Double> series, double low, double high, boolean logarithmic, char mark) {
    int columns = grid[0].length;
    for (int i = 0; i < series.size(); i++) {
      double value = series.get(i);
      if (!Double.isFinite(value)) {
        continue;
      }
      double share =
          logarithmic
              ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
              : (value - low) / (high - low);
      int row = (int) Math.round((1 - share) * (HEIGHT - 1));
      int column =
          series.size() == 1
              ? 0
              : (int) Math.round((double) i / (series.size() - 1) * (columns - 1));
      grid[row][column] = mark;
    }
  }
}
