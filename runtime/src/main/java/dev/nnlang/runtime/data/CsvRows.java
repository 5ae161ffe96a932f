package dev.nnlang.runtime.data;

import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of a csv file, one after the other, in the dialect of LR-52: RFC 4180 quotes, any line
 * ends, a byte order mark skipped, lines that start with {@code #} skipped, blank lines allowed at
 * the end. Blanks around a cell are not part of it unless quoted.
 */
final class CsvRows {
  private static final int END = -1;

  private final DataFile file;
  private final Reader in;
  private final char[] buffer = new char[1 << 14];
  private int filled;
  private int taken;
  private final char separator;

  private int next;
  private long line = 1;
  private long column = 1;

  private final List<String> cells = new ArrayList<>();
  private final StringBuilder cell = new StringBuilder();

  /** Line and column of each cell, one after the other. */
  private long[] starts = new long[64];

  private long rowLine;
  private long blankLine;

  CsvRows(DataFile file, InputStream in, char separator) throws IOException {
    this.file = file;
    // A decoder of its own reports what is not UTF-8, instead of replacing it.
    this.in = new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder());
    this.separator = separator;
    next = read();
    if (next == '\uFEFF') {
      next = read();
    }
  }

  /** Goes to the next row; false at the end. */
  boolean next() throws IOException, ProblemException {
    while (next != END) {
      if (next == '#' && column == 1) {
        skipLine();
      } else if (atLineEnd()) {
        blankLine = blankLine == 0 ? line : blankLine;
        lineEnd();
      } else {
        rowLine = line;
        readRow();
        if (cells.size() == 1 && cells.getFirst().isEmpty() && !quotedFirst) {
          // Nothing but blanks.
          blankLine = blankLine == 0 ? rowLine : blankLine;
          continue;
        }
        if (blankLine != 0) {
          throw Problem.of(ProblemCode.ROW_RAGGED, "a blank line stands between the rows")
              .expected("blank lines at the end of the file only")
              .at(new Place(name(), blankLine, 0))
              .thrown();
        }
        return true;
      }
    }
    return false;
  }

  /** The cells of the row, without quotes. */
  List<String> cells() {
    return cells;
  }

  /** Where a cell begins. */
  Place start(int cell) {
    return new Place(name(), starts[2 * cell], starts[2 * cell + 1]);
  }

  /** The line on which the row begins. */
  Place row() {
    return new Place(name(), rowLine, 0);
  }

  private boolean quotedFirst;

  private void readRow() throws IOException, ProblemException {
    cells.clear();
    do {
      while (isBlank()) {
        take();
      }
      begin(cells.size());
      boolean quoted = next == '"';
      if (cells.isEmpty()) {
        quotedFirst = quoted;
      }
      cells.add(quoted ? quotedCell() : plainCell());
    } while (skipSeparator());
    lineEnd();
  }

  private void begin(int cell) {
    if (2 * cell == starts.length) {
      starts = Arrays.copyOf(starts, 2 * starts.length);
    }
    starts[2 * cell] = line;
    starts[2 * cell + 1] = column;
  }

  private boolean skipSeparator() throws IOException {
    if (next != separator) {
      return false;
    }
    take();
    return true;
  }

  private String plainCell() throws IOException {
    cell.setLength(0);
    while (next != separator && !atLineEnd()) {
      cell.append((char) take());
    }
    return cell.toString().strip();
  }

  private String quotedCell() throws IOException, ProblemException {
    var start = start(cells.size());
    cell.setLength(0);
    take();
    while (true) {
      if (next == END) {
        throw Problem.of(ProblemCode.QUOTE_OPEN, "the quote that opens here is never closed")
            .mend("a quote inside a quoted cell is written twice: \"\"")
            .at(start)
            .thrown();
      }
      int c = take();
      if (c != '"') {
        cell.append((char) c);
      } else if (next == '"') {
        cell.append((char) take());
      } else {
        break;
      }
    }
    while (isBlank()) {
      take();
    }
    if (next != separator && !atLineEnd()) {
      throw Problem.of(ProblemCode.QUOTE_OPEN, "text follows the closing quote of a cell")
          .mend("a quote inside a quoted cell is written twice: \"\"")
          .at(new Place(name(), line, column))
          .thrown();
    }
    return cell.toString();
  }

  private boolean isBlank() {
    return (next == ' ' || next == '\t') && next != separator;
  }

  private boolean atLineEnd() {
    return next == '\n' || next == '\r' || next == END;
  }

  private void skipLine() throws IOException {
    while (!atLineEnd()) {
      take();
    }
    lineEnd();
  }

  private void lineEnd() throws IOException {
    if (next != END) {
      take();
    }
  }

  /** The current character, stepping behind it; a line end of two characters counts as one. */
  private int take() throws IOException {
    int c = next;
    next = read();
    if (c == '\r' && next == '\n') {
      c = '\n';
      next = read();
    }
    if (c == '\n' || c == '\r') {
      line++;
      column = 1;
    } else {
      column++;
    }
    return c;
  }

  private int read() throws IOException {
    if (taken == filled) {
      filled = in.read(buffer);
      taken = 0;
      if (filled <= 0) {
        filled = 0;
        return END;
      }
    }
    return buffer[taken++];
  }

  private String name() {
    return file.path().toString();
  }
}
