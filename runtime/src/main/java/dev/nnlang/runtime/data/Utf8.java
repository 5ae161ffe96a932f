package dev.nnlang.runtime.data;

import dev.nnlang.runtime.file.Inputs;
import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Finds the first line of a text that is not UTF-8. */
final class Utf8 {
  private Utf8() {}

  static Problem problem(DataFile file) throws ProblemException {
    // Latin-1 keeps every byte as it is, so each line can be decoded by itself.
    long line =
        Inputs.read(
            file.path(),
            in -> {
              var lines =
                  new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
              long at = 0;
              for (var text = lines.readLine(); text != null; text = lines.readLine()) {
                at++;
                try {
                  var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
                  StandardCharsets.UTF_8.newDecoder().decode(bytes);
                } catch (CharacterCodingException _) {
                  break;
                }
              }
              return at;
            });
    return Problem.of(ProblemCode.ENCODING, "the text is not UTF-8")
        .mend("save the file as UTF-8")
        .at(new Place(file.path().toString(), line, 0));
  }
}
