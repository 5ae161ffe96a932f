package dev.nnlang.runtime.data;

import dev.nnlang.runtime.file.Inputs;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Recognises a csv file that was read with the wrong separator. */
final class CsvSeparator {
  private record Other(char separator, String written, String name) {}

  private static final List<Other> OTHERS =
      List.of(new Other(';', ";", "semicolons"), new Other('\t', "\\t", "tabs"));

  private CsvSeparator() {}

  /** Refuses a file in which no line has a comma but all have another separator. */
  static void refuse(DataFile file) throws ProblemException {
    var candidates = new ArrayList<>(OTHERS);
    boolean isOther =
        Inputs.read(
            file.path(),
            in -> {
              var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
              boolean isAny = false;
              for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var text = line;
                if (text.startsWith("#") || text.isBlank()) {
                  continue;
                }
                if (text.indexOf(',') >= 0) {
                  return false;
                }
                isAny = true;
                candidates.removeIf(other -> text.indexOf(other.separator) < 0);
              }
              return isAny;
            });
    if (isOther && !candidates.isEmpty()) {
      var other = candidates.getFirst();
      throw Problem.of(ProblemCode.SEPARATOR, "no line has a comma, but all have " + other.name)
          .mend("say separator = \"" + other.written + "\"")
          .in(file.path().toString())
          .thrown();
    }
  }
}
