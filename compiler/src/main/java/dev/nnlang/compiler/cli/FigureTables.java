package dev.nnlang.compiler.cli;

import dev.nnlang.runtime.tensor.Tensor;
import dev.nnlang.runtime.train.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Figures that are no single number, such as a confusion matrix, as tables. */
final class FigureTables {
  private FigureTables() {}

  /** One table for each vector or matrix; a figure of a higher rank is only in the log. */
  static List<String> of(Figures figures) {
    var tables = new ArrayList<String>();
    figures
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (tensor.rank() == 1 || tensor.rank() == 2) {
                tables.add(table(name, tensor));
              }
            });
    return tables;
  }

  private static String table(String name, Tensor tensor) {
    int columns = tensor.shape()[tensor.rank() - 1];
    int rows = tensor.size() / columns;
    var cells = new String[rows][columns];
    int width = Integer.toString(columns - 1).length();
    for (int i = 0; i < tensor.size(); i++) {
      var cell = cell(tensor.get(i));
      cells[i / columns][i % columns] = cell;
      width = Math.max(width, cell.length());
    }
    int left = Math.max(name.length(), Integer.toString(rows - 1).length());
    var text = new StringBuilder(name).append(" ".repeat(left - name.length()));
    for (int c = 0; c < columns; c++) {
      text.append("  ").append(right(Integer.toString(c), width));
    }
    text.append('\n');
    for (int r = 0; r < rows; r++) {
      text.append(right(tensor.rank() == 1 ? "" : Integer.toString(r), left));
      for (int c = 0; c < columns; c++) {
        text.append("  ").append(right(cells[r][c], width));
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** Counts as counts, shares as shares. */
  private static String cell(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? String.format(Locale.ROOT, "%.0f", value)
        : TrainingView.number(value);
  }

  private static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }
}
