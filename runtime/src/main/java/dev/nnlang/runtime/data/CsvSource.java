package dev.nnlang.runtime.data;

import dev.nnlang.runtime.data.ReaderCall.Value;
import dev.nnlang.runtime.file.Inputs;
import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.program.Extent;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * {@code csv("f.csv", ..., column = 4 | "name", columns = 0 .. 4, header = true, separator = ";")}
 * (LR-52). One column is {@code [N]}, several are {@code [N, k]}; several files follow each other.
 */
final class CsvSource implements DataSource {
  private static final char DEFAULT = ',';

  @Override
  public SourceData read(SourceRequest request) throws ProblemException {
    request.allow("column", "columns", "header", "separator");
    var separator = separator(request);
    var reading = new Reading(request, separator.orElse(DEFAULT));
    for (var file : request.files()) {
      try {
        reading.read(file);
      } catch (ProblemException e) {
        // A wrong separator makes one cell of each line, and then any message but this one
        // misleads.
        if (separator.isEmpty()) {
          CsvSeparator.refuse(file);
        }
        throw e;
      }
    }
    return reading.data();
  }

  private static Optional<Character> separator(SourceRequest request) throws ProblemException {
    var text = request.text("separator");
    if (text.isPresent() && text.get().length() != 1) {
      throw request
          .wrong("separator", new Value.Text(text.get()), "one character, such as \";\"")
          .thrown();
    }
    return text.map(t -> t.charAt(0));
  }

  /** Runs over the rows of a file, turning what is not UTF-8 into a problem. */
  static void rows(DataFile file, char separator, RowReading reading) throws ProblemException {
    Inputs.read(
        file.path(),
        in -> {
          try {
            reading.read(new CsvRows(file, in, separator));
          } catch (CharacterCodingException _) {
            throw Utf8.problem(file).thrown();
          }
          return file;
        });
  }

  /** What is done with the rows. */
  interface RowReading {
    void read(CsvRows rows) throws IOException, ProblemException;
  }

  /** The state of one reading over all files. */
  private static final class Reading {
    private final SourceRequest request;
    private final char separator;
    private final CsvCells values;
    private final Elements elements;
    private final List<FileRows> files = new ArrayList<>();
    private int width = -1;
    private int rows;

    /** The rows of the result that a file gave. */
    private record FileRows(DataFile file, int firstRow, boolean header, int from) {}

    Reading(SourceRequest request, char separator) {
      this.request = request;
      this.separator = separator;
      this.values = new CsvCells(request);
      this.elements = new Elements(request, this::place);
    }

    void read(DataFile file) throws ProblemException {
      int before = rows;
      rows(
          file,
          separator,
          rows -> {
            if (!rows.next()) {
              throw noRows(file, "the file has no rows").thrown();
            }
            var columns = CsvColumns.of(request, file, rows);
            files.add(new FileRows(file, before, columns.header(), columns.from()));
            fit(file, columns);
            if (!columns.header() || rows.next()) {
              do {
                row(rows, columns);
              } while (rows.next());
            }
          });
      if (rows == before) {
        throw noRows(file, "the file has a header and no rows").thrown();
      }
    }

    private static Problem noRows(DataFile file, String found) {
      return Problem.of(ProblemCode.FILE_EMPTY, found).in(file.path().toString());
    }

    /** The shape must fit the declaration, and the files each other. */
    private void fit(DataFile file, CsvColumns columns) throws ProblemException {
      int count = columns.count();
      if (width >= 0 && width != count) {
        throw Problem.of(
                ProblemCode.SOURCE_SHAPE,
                "the file has " + Messages.plural(count, "column") + ", the one before it " + width)
            .in(file.path().toString())
            .thrown();
      }
      width = count;
      var shape = request.source().shape();
      boolean single = shape.size() == 1;
      if (single ? count != 1 : shape.size() != 2 || columns.single()) {
        throw shapeProblem(file, columns)
            .mend(
                single
                    ? "take one of them: column = 0"
                    : columns.single() ? "declare " + request.source().name() + "[N]" : "")
            .thrown();
      }
      if (!single && shape.get(1) instanceof Extent.Number(var wanted) && wanted != count) {
        throw shapeProblem(file, columns)
            .mend(
                columns.width() > wanted
                    ? "choose with columns = from .. to"
                    : "give each row "
                        + wanted
                        + " columns, or declare "
                        + request.source().name()
                        + "["
                        + shape.get(0)
                        + ", "
                        + count
                        + "]")
            .thrown();
      }
    }

    private Problem shapeProblem(DataFile file, CsvColumns columns) {
      var found = Messages.plural(columns.count(), "column");
      return Problem.of(
              ProblemCode.SOURCE_SHAPE,
              columns.count() == columns.width()
                  ? "the file has " + found
                  : found + " of the file are read")
          .expected("what source " + request.source() + " has room for")
          .in(file.path().toString())
          .declared(request.source().declared());
    }

    private void row(CsvRows rows, CsvColumns columns) throws ProblemException {
      var cells = rows.cells();
      if (cells.size() != columns.width()) {
        throw Problem.of(
                ProblemCode.ROW_RAGGED, "this row has " + Messages.plural(cells.size(), "cell"))
            .expected(
                columns.width()
                    + ", as the "
                    + (columns.header() ? "header" : "first row")
                    + " has")
            .at(rows.row())
            .thrown();
      }
      for (int c = columns.from(); c < columns.to(); c++) {
        try {
          elements.add(values.value(cells.get(c), rows.start(c), columns.title(c)));
        } catch (ProblemException e) {
          throw withWords(e.problem(), c).thrown();
        }
      }
      this.rows++;
    }

    /** A word that is not understood is best explained by all the words of its column. */
    private Problem withWords(Problem problem, int column) throws ProblemException {
      if (problem.code() != ProblemCode.WORD_UNKNOWN
          && problem.code() != ProblemCode.NOT_A_NUMBER) {
        return problem;
      }
      var last = files.getLast();
      var words = new LinkedHashSet<String>();
      boolean[] numbers = {false};
      rows(
          last.file,
          separator,
          rows -> {
            for (int i = 0; rows.next(); i++) {
              if ((i > 0 || !last.header) && column < rows.cells().size()) {
                var cell = rows.cells().get(column);
                numbers[0] |= CsvCells.isNumber(cell);
                words.add('"' + cell + '"');
              }
            }
          });
      var list = Messages.list(List.copyOf(words));
      if (problem.code() == ProblemCode.WORD_UNKNOWN) {
        return problem.mend("the column holds " + list);
      }
      // One word among numbers is a slip; a column of words wants another declaration.
      return numbers[0]
          ? problem
          : problem.mend(
              "this is a column of words: declare "
                  + request.source().name()
                  + "[N]: index D with a dim D { name = word, ... } of "
                  + list);
    }

    /** Reads the file once more up to the element: nobody pays for places while all is well. */
    private Place place(int position) {
      int row = position / width;
      var source = files.getFirst();
      for (var candidate : files) {
        source = candidate.firstRow <= row ? candidate : source;
      }
      var found = new Place[] {Place.file(source.file.path().toString())};
      int skip = row - source.firstRow + (source.header ? 1 : 0);
      int cell = source.from + position % width;
      try {
        rows(
            source.file,
            separator,
            rows -> {
              for (int i = 0; i <= skip && rows.next(); i++) {
                found[0] = i == skip ? rows.start(cell) : found[0];
              }
            });
      } catch (ProblemException _) {
        // The file changed under us; the file's name is still right.
      }
      return found[0];
    }

    SourceData data() throws ProblemException {
      var tensor =
          request.rank() == 1 ? elements.tensor(rows) : elements.tensor(rows, Math.max(width, 0));
      return SourceData.of(tensor, this::place);
    }
  }
}
