package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.syntax.Formatter;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextEdit;

/** {@code nn fmt} as edits of lines, so that the cursor and what is folded stay where they are. */
final class Formatting {
  private Formatting() {}

  static List<TextEdit> of(Document document) {
    return in(document, 0, Integer.MAX_VALUE);
  }

  /** Only the edits that touch some lines; none where the text has errors. */
  static List<TextEdit> in(Document document, int firstLine, int lastLine) {
    var formatted = Formatter.format(document.file()).value();
    if (formatted.equals(document.text())) {
      return List.of();
    }
    return edits(lines(document.text()), lines(formatted)).stream()
        .filter(
            e ->
                e.getRange().getEnd().getLine() >= firstLine
                    && e.getRange().getStart().getLine() <= lastLine)
        .toList();
  }

  /** Lines with their ends. */
  private static List<String> lines(String text) {
    var lines = new ArrayList<String>();
    int start = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      lines.add(text.substring(start, end + 1));
      start = end + 1;
    }
    lines.add(text.substring(start));
    return lines;
  }

  /** Runs of lines that differ, found by the longest common subsequence. */
  private static List<TextEdit> edits(List<String> before, List<String> after) {
    int rows = before.size();
    int columns = after.size();
    var common = new int[rows + 1][columns + 1];
    for (int i = rows - 1; i >= 0; i--) {
      for (int j = columns - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    var edits = new ArrayList<TextEdit>();
    int i = 0;
    int j = 0;
    while (i < rows || j < columns) {
      int fromRow = i;
      int fromColumn = j;
      while (i < rows || j < columns) {
        if (i < rows && j < columns && before.get(i).equals(after.get(j))) {
          break;
        }
        boolean takesOld = j == columns || i < rows && common[i + 1][j] >= common[i][j + 1];
        if (takesOld) {
          i++;
        } else {
          j++;
        }
      }
      int changed = i - fromRow;
      if (changed > 0 && changed == j - fromColumn) {
        // Line by line, so that a range takes no more than its own.
        for (int k = 0; k < changed; k++) {
          edits.add(edit(before, fromRow + k, fromRow + k + 1, after.get(fromColumn + k)));
        }
      } else if (changed > 0 || j > fromColumn) {
        edits.add(edit(before, fromRow, i, String.join("", after.subList(fromColumn, j))));
      }
      i++;
      j++;
    }
    return edits;
  }

  private static TextEdit edit(List<String> before, int from, int to, String text) {
    boolean isToEnd = to == before.size();
    var end = isToEnd ? new Position(to - 1, before.getLast().length()) : new Position(to, 0);
    var start = from == before.size() ? end : new Position(from, 0);
    return new TextEdit(new Range(start, end), text);
  }
}
