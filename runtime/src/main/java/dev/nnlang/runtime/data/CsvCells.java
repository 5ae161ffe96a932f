package dev.nnlang.runtime.data;

import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a cell of a csv file means. */
final class CsvCells {
  private static final Set<String> NOT_FINITE =
      Set.of("nan", "inf", "infinity", "+inf", "-inf", "+infinity", "-infinity", "+nan", "-nan");

  private final SourceRequest request;
  private final Map<String, Integer> words = new HashMap<>();

  CsvCells(SourceRequest request) {
    this.request = request;
    for (var word : request.words()) {
      words.put(word.written(), words.size());
    }
  }

  /** Whether a first row with such a cell is data. */
  static boolean isNumber(String cell) {
    return isDecimal(cell) || isNotFinite(cell);
  }

  /** Of Java's own numbers only those that everyone else reads too: no 1f, no 0x1p3. */
  private static boolean isDecimal(String cell) {
    int at = digits(cell, sign(cell, 0));
    int count = at - sign(cell, 0);
    if (at < cell.length() && cell.charAt(at) == '.') {
      int after = digits(cell, at + 1);
      count += after - at - 1;
      at = after;
    }
    if (count > 0 && at < cell.length() && (cell.charAt(at) | 0x20) == 'e') {
      int from = sign(cell, at + 1);
      at = digits(cell, from);
      count = at - from;
    }
    return count > 0 && at == cell.length();
  }

  private static int sign(String cell, int at) {
    return at < cell.length() && (cell.charAt(at) == '+' || cell.charAt(at) == '-') ? at + 1 : at;
  }

  private static int digits(String cell, int from) {
    int at = from;
    while (at < cell.length() && cell.charAt(at) >= '0' && cell.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  private static boolean isNotFinite(String cell) {
    return NOT_FINITE.contains(cell.toLowerCase(Locale.ROOT));
  }

  double value(String cell, Place at, String column) throws ProblemException {
    if (cell.isEmpty()) {
      throw problem(ProblemCode.CELL_EMPTY, "the cell in column " + column + " is empty", at)
          .mend("fill it, or leave the row out")
          .thrown();
    }
    if (!words.isEmpty()) {
      var word = words.get(cell);
      if (word != null) {
        return word;
      }
    }
    if (!isDecimal(cell)) {
      throw (isNotFinite(cell) ? notFinite(cell, at, column) : word(cell, at, column)).thrown();
    }
    double value = Double.parseDouble(cell);
    boolean inside =
        switch (request.storage()) {
          case F32 -> Float.isFinite((float) value);
          case F64, INT, BOOL -> Double.isFinite(value);
        };
    if (!inside) {
      throw problem(
              ProblemCode.NOT_FINITE, cell + " in column " + column + " is beyond all reals", at)
          .expected("a number below 3.4e38, or --precision f64")
          .thrown();
    }
    return value;
  }

  private Problem notFinite(String cell, Place at, String column) {
    return problem(ProblemCode.NOT_FINITE, cell + " stands in column " + column, at)
        .expected("a finite number")
        .mend("fill it, or leave the row out");
  }

  private Problem word(String cell, Place at, String column) {
    var found = "\"" + cell + "\" in column " + column;
    if (request.words().isEmpty()) {
      return problem(ProblemCode.NOT_A_NUMBER, found + " is not a number", at)
          .expected(Messages.elements(request.source().element()));
    }
    return problem(
            ProblemCode.WORD_UNKNOWN,
            found + " is no word of " + ((Element.Index) request.source().element()).dim(),
            at)
        .expected("one of " + Messages.words(request.words()));
  }

  private Problem problem(ProblemCode code, String message, Place at) {
    return Problem.of(code, message).at(at).declared(request.source().declared());
  }
}
