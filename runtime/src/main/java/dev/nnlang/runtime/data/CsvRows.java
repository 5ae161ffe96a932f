package dev.nnlang.runtime.data;

import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a csv file, one after the other, in the dialect of LR-52: RFC 4180 quotes, any line
 * ends, a byte order mark skipped, lines that start with {@code #} skipped, blank lines allowed at
 * the end. Blanks around a cell are not part of it unless quoted.
 */
final class CsvRows {
  private static final int END = -1;

  private final DataFile file;
  private final BufferedReader in;
  private final char separator;

  private int next;
  private long line = 1;
  private long column = 1;

  private final List<String> cells = new ArrayList<>();
  private final List<Place> starts = new ArrayList<>();
  private long rowLine;
  private long blankLine;

  CsvRows(DataFile file, InputStream in, char separator) throws IOException {
    this.file = file;
    this.in =
        new BufferedReader(
            new InputStreamReader(
                in,
                // A decoder of its own reports what is not UTF-8, instead of replacing it.
                StandardCharsets.UTF_8.newDecoder()),
            1 << 16);
    this.separator = separator;
    next = this.in.read();
    if (next == '\uFEFF') {
      next = this.in.read();
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
    return starts.get(cell);
  }

  /** The line on which the row begins. */
  Place row() {
    return new Place(name(), rowLine, 0);
  }

  private boolean quotedFirst;

  private void readRow() throws IOException, ProblemException {
    cells.clear();
    starts.clear();
    do {
      while (isBlank()) {
        take();
      }
      starts.add(new Place(name(), line, column));
      boolean quoted = next == '"';
      if (cells.isEmpty()) {
        quotedFirst = quoted;
      }
      cells.add(quoted ? quotedCell() : plainCell());
    } while (skipSeparator());
    lineEnd();
  }

  private boolean skipSeparator() throws IOException {
    if (next != separator) {
      return false;
    }
    take();
    return true;
  }

  private String plainCell() throws IOException {
    var cell = new StringBuilder();
    while (next != separator && !atLineEnd()) {
      cell.append((char) take());
    }
    return cell.toString().strip();
  }

  private String quotedCell() throws IOException, ProblemException {
    var start = starts.getLast();
    var cell = new StringBuilder();
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
    next = in.read();
    if (c == '\r' && next == '\n') {
      c = '\n';
      next = in.read();
    }
    if (c == '\n' || c == '\r') {
      line++;
      column = 1;
    } else {
      column++;
    }
    return c;
  }

  private String name() {
    return file.path().toString();
  }
}
