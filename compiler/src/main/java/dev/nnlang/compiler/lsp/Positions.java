package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.source.Span;
import java.util.Arrays;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;

/**
 * Offsets as the protocol's positions and back: lines from 0 that end with LF, CRLF or a lone CR,
 * as the protocol counts them (the language has no lone CR), and UTF-16 units.
 */
final class Positions {
  private final String text;
  private final int[] starts;

  Positions(String text) {
    this.text = text;
    int[] found = new int[16];
    int count = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isPair = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
      if (c == '\n' || c == '\r' && !isPair) {
        if (count == found.length) {
          found = Arrays.copyOf(found, 2 * count);
        }
        found[count++] = i + 1;
      }
    }
    this.starts = Arrays.copyOf(found, count);
  }

  /** The offset of a position; one behind the end of its line is the line's end. */
  int offset(Position position) {
    if (position.getLine() < 0) {
      return 0;
    }
    if (position.getLine() >= starts.length) {
      return text.length();
    }
    int start = starts[position.getLine()];
    return Math.min(start + Math.max(0, position.getCharacter()), lineEnd(position.getLine()));
  }

  int lineStart(int line) {
    return starts[line];
  }

  /** The offset after the last character of a line, before what ends it. */
  int lineEnd(int line) {
    int end = line + 1 < starts.length ? starts[line + 1] : text.length();
    while (end > starts[line] && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
      end--;
    }
    return end;
  }

  int lineCount() {
    return starts.length;
  }

  int line(int offset) {
    int found = Arrays.binarySearch(starts, offset);
    return found >= 0 ? found : -found - 2;
  }

  Position position(int offset) {
    int line = line(offset);
    return new Position(line, offset - starts[line]);
  }

  Range range(int start, int end) {
    return new Range(position(start), position(end));
  }

  Range range(Span span) {
    return range(span.start(), span.end());
  }

  /** A span of any file, the library's included. */
  static Location location(Span span) {
    return new Location(uri(span.file()), rangeIn(span));
  }

  /** The range of a span whose file is not at hand; its line table is made anew. */
  static Range rangeIn(Span span) {
    return new Positions(span.file().text()).range(span);
  }

  /** The address of a file: documents are named by theirs, the library's files by their name. */
  static String uri(SourceFile file) {
    return file.name().indexOf(':') >= 0 ? file.name() : ReadableFiles.library(file.name());
  }
}
