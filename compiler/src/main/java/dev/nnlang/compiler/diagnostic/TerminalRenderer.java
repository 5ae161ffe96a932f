package dev.nnlang.compiler.diagnostic;

import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.source.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reports as a terminal shows them: the sentence, the place, the source underlined, the mend.
 *
 * <pre>
 * error[E0301]: Dense reads x[In] with In = 784, but x has 768 here
 *   --> mnist.nn:14:22
 *    |
 * 14 |     p = image |> enc |> head
 *    |                         ^^^^ given enc's y[768]
 *    = help: one instance has one shape; write Dense(10) here for fresh parameters
 * </pre>
 *
 * Labels in the primary's file are shown in the same picture, in order of lines; those of other
 * files follow, each file after {@code :::}.
 */
public final class TerminalRenderer {
  /** Whether escape codes for colours are written. */
  public enum Colour {
    NONE,
    ANSI
  }

  private static final String RESET = "\u001b[0m";
  private static final String BOLD = "\u001b[1m";
  private static final String BLUE = "\u001b[1;34m";

  private final Colour colour;

  public TerminalRenderer(Colour colour) {
    this.colour = colour;
  }

  /** All problems, ordered, with a blank line between two. */
  public String render(List<? extends Problem> problems) {
    StringBuilder out = new StringBuilder();
    for (Problem problem : Problems.ordered(problems)) {
      if (!out.isEmpty()) {
        out.append('\n');
      }
      out.append(render(problem));
    }
    return out.toString();
  }

  /** One problem; the text ends with a line end. */
  public String render(Problem problem) {
    Report report = problem.report();
    StringBuilder out = new StringBuilder();
    out.append(
            paint(ink(problem.severity()), problem.severity().word() + "[" + problem.code() + "]"))
        .append(paint(BOLD, ": " + report.title()))
        .append('\n');
    int gutter = gutter(report);
    Set<SourceFile> files = new LinkedHashSet<>();
    files.add(report.primary().span().file());
    report.others().forEach(other -> files.add(other.span().file()));
    String arrow = "--> ";
    for (SourceFile file : files) {
      List<Label> others =
          report.others().stream().filter(other -> other.span().file() == file).toList();
      boolean first = arrow.startsWith("-");
      Span shown = first ? report.primary().span() : others.getFirst().span();
      out.append(" ".repeat(gutter)).append(paint(BLUE, arrow)).append(place(shown)).append('\n');
      if (!file.text().isEmpty()) {
        picture(out, report, others, file, gutter, problem.severity());
      } else {
        wordsAlone(out, report, others, first, gutter);
      }
      arrow = "::: ";
    }
    String margin = " ".repeat(gutter + 1) + paint(BLUE, "= ");
    for (String note : report.notes()) {
      out.append(margin).append(paint(BOLD, "note")).append(": ").append(note).append('\n');
    }
    report
        .fix()
        .ifPresent(
            fix ->
                out.append(margin)
                    .append(paint(BOLD, "help"))
                    .append(": ")
                    .append(fix.text())
                    .append('\n'));
    return out.toString();
  }

  /** A file without text (it was not read, or is not text) has no lines to show. */
  private static String place(Span span) {
    return span.file().text().isEmpty() ? span.file().toString() : span.toString();
  }

  private static int gutter(Report report) {
    int last = report.primary().span().line();
    for (Label other : report.others()) {
      last = Math.max(last, other.span().line());
    }
    return Math.max(2, Integer.toString(last).length());
  }

  private void wordsAlone(
      StringBuilder out, Report report, List<Label> others, boolean first, int gutter) {
    List<Label> labels = new ArrayList<>(others);
    if (first) {
      labels.addFirst(report.primary());
    }
    for (Label label : labels) {
      if (!label.text().isEmpty()) {
        out.append(" ".repeat(gutter + 1)).append(paint(BLUE, "= ")).append(label.text());
        out.append('\n');
      }
    }
  }

  private record Mark(Label label, char under, String ink) {}

  private void picture(
      StringBuilder out,
      Report report,
      List<Label> others,
      SourceFile file,
      int gutter,
      Severity severity) {
    List<Mark> marks = new ArrayList<>();
    if (report.primary().span().file() == file) {
      marks.add(new Mark(report.primary(), '^', ink(severity)));
    }
    others.forEach(other -> marks.add(new Mark(other, '-', BLUE)));
    // Lines top to bottom; on one line the rightmost underline first, so that words do not collide.
    marks.sort(
        Comparator.<Mark>comparingInt(mark -> mark.label().span().line())
            .thenComparingInt(mark -> mark.under() == '^' ? 0 : 1));
    String bar = paint(BLUE, "|");
    out.append(" ".repeat(gutter + 1)).append(bar).append('\n');
    int previous = 0;
    Window window = Window.of(file, marks.getFirst().label().span());
    for (Mark mark : marks) {
      int line = mark.label().span().line();
      if (previous != line) {
        if (previous > 0 && line > previous + 1) {
          out.append(paint(BLUE, "...")).append('\n');
        }
        String number = Integer.toString(line);
        out.append(" ".repeat(gutter - number.length()))
            .append(paint(BLUE, number))
            .append(' ')
            .append(bar);
        window = Window.of(file, mark.label().span());
        String text = printable(window.text());
        out.append(text.isEmpty() ? "" : " " + text).append('\n');
        previous = line;
      }
      underline(out, mark, window, gutter, bar);
    }
  }

  private void underline(StringBuilder out, Mark mark, Window window, int gutter, String bar) {
    Span span = mark.label().span();
    int from = window.column(span.start());
    int to = Math.max(from + 1, window.column(span.end()));
    String words = mark.label().text().isEmpty() ? "" : " " + mark.label().text();
    out.append(" ".repeat(gutter + 1))
        .append(bar)
        .append(' ')
        .append(" ".repeat(from))
        .append(paint(mark.ink(), String.valueOf(mark.under()).repeat(to - from) + words))
        .append('\n');
  }

  /**
   * The part of a line that is shown: all of it, unless it is so long that only what is near the
   * mark helps.
   *
   * @param text what is shown, with dots where the line goes on
   * @param start the offset in the file of its first character behind the dots
   * @param end the offset after its last one
   * @param dots the width of the dots before it
   */
  private record Window(SourceFile file, String text, int start, int end, int dots) {
    private static final int LONGEST = 240;
    private static final int BEFORE = 80;
    private static final String DOTS = "...";

    static Window of(SourceFile file, Span mark) {
      int lineStart = file.lineStart(mark.line());
      String line = file.lineText(mark.line());
      if (line.length() <= LONGEST) {
        return new Window(file, line, lineStart, lineStart + line.length(), 0);
      }
      int at = Math.min(mark.start() - lineStart, line.length());
      int from = Math.max(0, at - BEFORE);
      int to = Math.min(line.length(), from + LONGEST);
      String shown = (from > 0 ? DOTS : "") + line.substring(from, to);
      return new Window(
          file,
          to < line.length() ? shown + DOTS : shown,
          lineStart + from,
          lineStart + to,
          from > 0 ? DOTS.length() : 0);
    }

    /** The column at which an offset is shown, from 0; at the edge if it is not. */
    int column(int offset) {
      return dots + file.text().codePointCount(start, Math.clamp(offset, start, end));
    }
  }

  /** A tab is one column (LR-41), and controls must not reach the terminal. */
  private static String printable(String line) {
    StringBuilder out = new StringBuilder();
    line.codePoints()
        .forEach(
            c -> {
              if (c == '\t') {
                out.append(' ');
              } else if (Character.isISOControl(c)) {
                out.append('\ufffd');
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  private static String ink(Severity severity) {
    return switch (severity) {
      case ERROR -> "\u001b[1;31m";
      case WARNING -> "\u001b[1;33m";
      case HINT -> "\u001b[1;36m";
    };
  }

  private String paint(String ink, String text) {
    return switch (colour) {
      case NONE -> text;
      case ANSI -> ink + text + RESET;
    };
  }
}
