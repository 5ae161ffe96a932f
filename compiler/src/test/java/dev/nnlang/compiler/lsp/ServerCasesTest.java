package dev.nnlang.compiler.lsp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nnlang.compiler.Cases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.lsp4j.Position;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every feature over real streams: a case is a question, a program with a mark {@code ‸} where the
 * cursor stands, and the answer. A line {@code ## name.nn} starts another file of the folder; the
 * first, {@code main.nn}, is the one that is open.
 */
class ServerCasesTest {
  private static final String CURSOR = "‸";

  @TempDir private static Path temporary;

  @TestFactory
  Stream<DynamicTest> cases() {
    return Cases.in("lsp", ServerCasesTest::answer);
  }

  private static String answer(String input) {
    int cut = input.indexOf('\n');
    var question = input.substring(0, cut);
    try {
      var folder = Files.createTempDirectory(temporary, "case");
      var files = files(input.substring(cut + 1), folder);
      var marked = files.getFirst();
      int cursor = marked.indexOf(CURSOR);
      var text = marked.replace(CURSOR, "");
      var main = folder.resolve("main.nn");
      Files.writeString(main, text);
      var uri = main.toUri().toString();
      try (var editor = new Editor(folder.toUri().toString())) {
        editor.open(uri, text);
        var at = cursor < 0 ? new Position(0, 0) : new Positions(text).position(cursor);
        var answer = new Answers(editor, uri, text, at).to(question);
        assertEquals(List.of(), editor.logged());
        return answer.isEmpty() ? "" : answer + "\n";
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first part, after the others have been written. */
  private static List<String> files(String text, Path folder) throws IOException {
    var parts = new ArrayList<String>();
    for (var part : ("\n" + text).split("\n## ", -1)) {
      if (parts.isEmpty()) {
        parts.add(part.startsWith("\n") ? part.substring(1) : part);
        continue;
      }
      int end = part.indexOf('\n');
      Files.writeString(folder.resolve(part.substring(0, end)), part.substring(end + 1) + "\n");
      parts.add(part.substring(end + 1));
    }
    return parts;
  }
}
