package dev.nnlang.compiler.source;

/**
 * A run of characters of one file.
 *
 * @param file the file it lies in
 * @param start the offset of its first character
 * @param end the offset after its last one; equal to {@code start} where something is missing
 */
public record Span(SourceFile file, int start, int end) {
  public Span {
    if (start < 0 || end < start || end > file.text().length()) {
      throw new IllegalArgumentException(
          "no span " + start + ".." + end + " in " + file.name() + " of " + file.text().length());
    }
  }

  /** The line on which it starts, from 1. */
  public int line() {
    return file.line(start);
  }

  /** The column at which it starts, in code points from 1. */
  public int column() {
    return file.column(start);
  }

  /** The line on which it ends, from 1. */
  public int endLine() {
    return file.line(end);
  }

  /** The column after its last character, in code points from 1. */
  public int endColumn() {
    return file.column(end);
  }

  /** The characters themselves. */
  public String text() {
    return file.text().substring(start, end);
  }

  /** From the start of this span to the end of the other, which is in the same file and later. */
  public Span to(Span last) {
    return new Span(file, Math.min(start, last.start), Math.max(end, last.end));
  }

  /** The place just before this span. */
  public Span before() {
    return new Span(file, start, start);
  }

  /** The place just after this span. */
  public Span after() {
    return new Span(file, end, end);
  }

  /** {@code file:line:column}, as messages and editors write it. */
  @Override
  public String toString() {
    return file.name() + ":" + line() + ":" + column();
  }
}
