package dev.nnlang.compiler.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells, written in columns that are as wide as they have to be. */
final class TextTable {
  private final String alignments;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * A table without rows.
   *
   * @param alignments a letter for each column: {@code l} or {@code r}, where its cells begin or
   *     end
   */
  TextTable(String alignments) {
    this.alignments = alignments;
  }

  void row(String... cells) {
    rows.add(List.of(cells));
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (var row : rows) {
      var line = new StringBuilder();
      for (int c = 0; c < row.size(); c++) {
        int column = c;
        int width = rows.stream().mapToInt(r -> r.get(column).length()).max().orElse(0);
        var space = " ".repeat(width - row.get(c).length());
        line.append(c == 0 ? "" : "  ");
        line.append(alignments.charAt(c) == 'r' ? space + row.get(c) : row.get(c) + space);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
