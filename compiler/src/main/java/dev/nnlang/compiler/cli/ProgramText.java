package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.runtime.problem.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * The text at a place that the runtime names, which knows lines and no text: a line of a program is
 * shown as the compiler's problems show it. Data may be of any size and are named only.
 */
final class ProgramText {
  private ProgramText() {}

  /** From the place to the end of its line; without a text where that cannot be had. */
  static Span at(Place place) {
    if (place.file().endsWith(".nn") && place.line() > 0) {
      try {
        var file = new SourceFile(place.file(), Files.readString(Path.of(place.file())));
        if (place.line() <= file.lineCount()) {
          return ofLine(file, Math.toIntExact(place.line()), place.column());
        }
      } catch (IOException | InvalidPathException | SecurityException _) {
        // The program came from somewhere else, such as a model: its name and line must do.
      }
    }
    return SourceFile.unread(place.file(), place.line(), place.column());
  }

  private static Span ofLine(SourceFile file, int line, long column) {
    int start = file.lineStart(line);
    var text = file.lineText(line);
    int most = text.codePointCount(0, text.length());
    int from = text.offsetByCodePoints(0, Math.toIntExact(Math.clamp(column - 1, 0, most)));
    return file.span(start + from, start + Math.max(from, text.stripTrailing().length()));
  }
}
