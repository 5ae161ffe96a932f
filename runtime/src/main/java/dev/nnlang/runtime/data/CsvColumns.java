package dev.nnlang.runtime.data;

import dev.nnlang.runtime.data.ReaderCall.Value;
import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.util.List;

/**
 * Which columns of a file are read, and whether its first row is a header.
 *
 * @param names of all columns; empty without a header
 * @param width how many cells each row must have
 * @param from the first column read
 * @param to behind the last one
 * @param single whether one column was asked for by {@code column =}
 */
record CsvColumns(List<String> names, boolean header, int width, int from, int to, boolean single) {

  /** Decides by the arguments and the first row, at which {@code rows} stands. */
  static CsvColumns of(SourceRequest request, DataFile file, CsvRows rows) throws ProblemException {
    var first = List.copyOf(rows.cells());
    var asked = request.truth("header");
    // A first row without a single number is a header; whether it is one of words depends on the
    // columns.
    boolean header = asked.orElse(first.stream().noneMatch(CsvCells::isNumber));
    var columns = chosen(request, file, first, header);
    if (asked.isEmpty() && header && columns.holdsWord(request, first)) {
      return new CsvColumns(
          List.of(), false, columns.width, columns.from, columns.to, columns.single);
    }
    return columns;
  }

  int count() {
    return to - from;
  }

  /** How messages call a column. */
  String title(int column) {
    return header ? column + " (\"" + names.get(column) + "\")" : Integer.toString(column);
  }

  private static CsvColumns chosen(
      SourceRequest request, DataFile file, List<String> first, boolean header)
      throws ProblemException {
    var names = header ? first : List.<String>of();
    int width = first.size();
    var one = request.named("column");
    var several = request.named("columns");
    if (one.isPresent() && several.isPresent()) {
      throw request.argument("has both column and columns").expected("one of them").thrown();
    }
    if (one.isPresent()) {
      int column = column(request, file, names, width, one.get());
      return new CsvColumns(names, header, width, column, column + 1, true);
    }
    if (several.isEmpty()) {
      return new CsvColumns(names, header, width, 0, width, false);
    }
    if (!(several.get() instanceof Value.Range(var from, var to)) || from < 0 || from >= to) {
      throw request
          .wrong("columns", several.get(), "a range such as 0 .. 4, which is columns 0 to 3")
          .thrown();
    }
    if (to > width) {
      throw missing(request, file, "there is no column " + (to - 1))
          .expected("columns 0 .. " + width)
          .thrown();
    }
    return new CsvColumns(names, header, width, (int) from, (int) to, false);
  }

  private static int column(
      SourceRequest request, DataFile file, List<String> names, int width, Value column)
      throws ProblemException {
    switch (column) {
      case Value.Number(var number) when number == Math.rint(number) && number >= 0 -> {
        if (number >= width) {
          throw missing(request, file, "there is no column " + column)
              .expected("0 to " + (width - 1) + ", as columns count from 0")
              .thrown();
        }
        return (int) number;
      }
      case Value.Text(var name) -> {
        if (names.isEmpty()) {
          throw missing(
                  request, file, "there is no column \"" + name + "\", as the file has no header")
              .mend("name it by its number, from 0: column = 0")
              .thrown();
        }
        int at = names.indexOf(name);
        if (at < 0) {
          throw missing(request, file, "there is no column \"" + name + "\"")
              .expected(
                  "one of " + Messages.list(names.stream().map(text -> '"' + text + '"').toList()))
              .thrown();
        }
        return at;
      }
      case Value.Number _, Value.Truth _, Value.Range _ ->
          throw request
              .wrong("column", column, "a number from 0, or a name of the header in quotes")
              .thrown();
    }
  }

  private boolean holdsWord(SourceRequest request, List<String> first) {
    return first.subList(from, to).stream()
        .anyMatch(cell -> request.words().stream().anyMatch(word -> word.written().equals(cell)));
  }

  private static Problem missing(SourceRequest request, DataFile file, String found) {
    return Problem.of(ProblemCode.COLUMN_MISSING, found)
        .at(new Place(file.path().toString(), 1, 0))
        .declared(request.source().declared());
  }
}
