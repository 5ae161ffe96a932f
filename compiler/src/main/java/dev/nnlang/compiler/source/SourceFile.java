package dev.nnlang.compiler.source;

import java.util.Arrays;

/**
 * A text with a name, which turns offsets into lines and columns.
 *
 * <p>Two files are the same only if they are the same object: a span must never be confused with
 * the one at the same place of a text that was read again.
 */
public final class SourceFile {
  private final String name;
  private final String text;
  private final int[] lineStarts;

  /** The name, with the place where the text begins unless it is the whole file's. */
  private final String shown;

  private final int firstLine;
  private final int firstColumn;

  /** The text as it is; bytes are decoded before, so that what is wrong with them is a problem. */
  public SourceFile(String name, String text) {
    this(name, name, text, 1, 1);
  }

  private SourceFile(String name, String shown, String text, int firstLine, int firstColumn) {
    this.name = name;
    this.shown = shown;
    this.text = text;
    this.lineStarts = lineStarts(text);
    this.firstLine = firstLine;
    this.firstColumn = firstColumn;
  }

  /**
   * A place of a file whose text nobody has here.
   *
   * @param line from 1; 0 for the file as a whole
   * @param column from 1; 0 for the line as a whole
   */
  public static Span unread(String name, long line, long column) {
    var shown = name + (line < 1 ? "" : ":" + line + (column < 1 ? "" : ":" + column));
    int most = Integer.MAX_VALUE;
    return new SourceFile(name, shown, "", Math.clamp(line, 1, most), Math.clamp(column, 1, most))
        .span(0, 0);
  }

  /** How the file is called in messages: a path as the user wrote it. */
  public String name() {
    return name;
  }

  public String text() {
    return text;
  }

  /** A span of this file; both ends are offsets of UTF-16 units, the end is outside. */
  public Span span(int start, int end) {
    return new Span(this, start, end);
  }

  /** The line of an offset, from 1. */
  public int line(int offset) {
    return lineOfText(offset) + firstLine - 1;
  }

  private int lineOfText(int offset) {
    int found = Arrays.binarySearch(lineStarts, offset);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** The column of an offset in code points, from 1; a tab is one (LR-41). */
  public int column(int offset) {
    int line = lineOfText(offset);
    int column = text.codePointCount(lineStarts[line - 1], Math.min(offset, text.length())) + 1;
    return line == 1 ? column + firstColumn - 1 : column;
  }

  public int lineCount() {
    return lineStarts.length;
  }

  /** The offset at which a line (from 1) starts. */
  public int lineStart(int line) {
    return lineStarts[line - 1];
  }

  /** The characters of a line (from 1) without its end. */
  public String lineText(int line) {
    int start = lineStarts[line - 1];
    int end = line < lineStarts.length ? lineStarts[line] - 1 : text.length();
    if (end > start && text.charAt(end - 1) == '\r') {
      end--;
    }
    return text.substring(start, end);
  }

  /** The name, with the place where the text begins unless it is the whole file's. */
  @Override
  public String toString() {
    return shown;
  }

  private static int[] lineStarts(String text) {
    int[] starts = new int[16];
    int count = 1;
    for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, 2 * count);
      }
      starts[count++] = at + 1;
    }
    return Arrays.copyOf(starts, count);
  }
}
