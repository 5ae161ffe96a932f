package dev.nnlang.compiler.syntax;

import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.grammar.NnLexer;
import java.util.ArrayList;
import java.util.List;

/** Which signs of neighbouring statements stand in one column. */
final class Alignment {
  private Alignment() {}

  /** Sets the padding of each line. Neighbours are lines with nothing between them. */
  static void align(SourceFile file, List<Line> lines) {
    List<Line> group = new ArrayList<>();
    for (Line line : lines) {
      if (line.role == Line.Role.CONTINUED) {
        continue;
      }
      if (!group.isEmpty() && !belong(file, group.getLast(), line)) {
        pad(group);
        group.clear();
      }
      if (mayAlign(line)) {
        group.add(line);
      }
    }
    pad(group);
  }

  private static boolean belong(SourceFile file, Line above, Line line) {
    boolean neighbours =
        line.role == Line.Role.FIRST
            && mayAlign(line)
            && !line.blankBefore
            && line.block == above.block
            && !opensBlock(line);
    if (!neighbours) {
      return false;
    }
    boolean sameKind = !line.key.isEmpty() && line.key.equals(above.key);
    return sameKind || signColumn(file, line) == signColumn(file, above);
  }

  /** Whether it has a sign, on the line that it begins with. */
  private static boolean mayAlign(Line line) {
    return line.sign >= 0
        && line.pieces.subList(0, line.sign).stream().noneMatch(p -> p.text().contains("\n"));
  }

  private static boolean opensBlock(Line line) {
    return line.pieces.getLast().type() == NnLexer.LBRACE;
  }

  private static int signColumn(SourceFile file, Line line) {
    return file.column(line.pieces.get(line.sign).start());
  }

  private static void pad(List<Line> group) {
    int widest = group.stream().mapToInt(Alignment::leftWidth).max().orElse(0);
    group.forEach(line -> line.padding = widest - leftWidth(line));
  }

  private static int leftWidth(Line line) {
    Spacing spacing = new Spacing(line.pieces, -1);
    int width = 0;
    for (int i = 0; i < line.sign; i++) {
      String text = line.pieces.get(i).text();
      width += spacing.before(i).length() + text.codePointCount(0, text.length());
    }
    return width;
  }
}
