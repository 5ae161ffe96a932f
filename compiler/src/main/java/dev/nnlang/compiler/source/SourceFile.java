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

  /** The text as it is; bytes are decoded before, so that what is wrong with them is a problem. */
  public SourceFile(String name, String text) {
    this.name = name;
    this.text = text;
    this.lineStarts = lineStarts(text);
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
    int found = Arrays.binarySearch(lineStarts, offset);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** The column of an offset in code points, from 1; a tab is one (LR-41). */
  public int column(int offset) {
    int start = lineStarts[line(offset) - 1];
    return text.codePointCount(start, Math.min(offset, text.length())) + 1;
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

  @Override
  public String toString() {
    return name;
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
