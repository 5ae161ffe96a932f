package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Text in, text out: each {@code .case} file of a folder below {@code src/test/resources} holds an
 * input, a line {@code ----} and the expected output, and after a line {@code ====} perhaps another
 * such pair. {@code -Dcases=update} rewrites what is expected; the difference is read like code.
 */
public final class Cases {
  private static final String BETWEEN = "----\n";
  private static final String NEXT = "====\n";

  private Cases() {}

  /** The tests of a folder, named by their files. */
  public static Stream<DynamicTest> in(String folder, UnaryOperator<String> run) {
    Path root = Path.of("src/test/resources/dev/nnlang/compiler").resolve(folder);
    return files(root).stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> run(file, run)));
  }

  /** The case files of a folder, sorted. */
  public static List<Path> files(Path root) {
    try (Stream<Path> files = Files.list(root)) {
      return files.filter(file -> file.toString().endsWith(".case")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(Path file, UnaryOperator<String> run) throws IOException {
    String text = Files.readString(file);
    List<String> actual = new ArrayList<>();
    for (String pair : ("\n" + text).split("\n" + NEXT, -1)) {
      String clean = pair.startsWith("\n") ? pair.substring(1) : pair;
      if (!clean.endsWith("\n")) {
        // The line end before the separator belongs to the pair.
        clean += "\n";
      }
      int middle = ("\n" + clean).indexOf("\n" + BETWEEN);
      String input = middle < 0 ? clean : clean.substring(0, middle);
      actual.add(input + BETWEEN + run.apply(input));
    }
    String result = String.join(NEXT, actual);
    if ("update".equals(System.getProperty("cases"))) {
      Files.writeString(file, result);
    }
    assertEquals(
        text, "update".equals(System.getProperty("cases")) ? text : result, file.toString());
  }
}
