package dev.nnlang.runtime.data;

import static dev.nnlang.runtime.data.Opening.N;
import static dev.nnlang.runtime.data.Opening.index;
import static dev.nnlang.runtime.data.Opening.open;
import static dev.nnlang.runtime.data.Opening.refused;
import static dev.nnlang.runtime.data.Opening.source;
import static dev.nnlang.runtime.data.Opening.text;
import static dev.nnlang.runtime.data.Opening.write;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.ElementType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CharsSourceTest {
  @TempDir Path dir;

  private static SourcePlan plan(int size, String... files) {
    var arguments = new ReaderCall.Argument[files.length];
    for (int i = 0; i < files.length; i++) {
      arguments[i] = text(files[i]);
    }
    return source("text", List.of(N), index("Char", size), "chars", arguments);
  }

  @Test
  void numbersCodePointsInOrderOverAllFiles() throws Exception {
    write(dir.resolve("a"), "cab");
    write(dir.resolve("b"), "\uD83D\uDE00a\n");
    var open = open(dir, plan(5, "a", "b"));
    assertArrayEquals(new long[] {3, 1, 2, 4, 1, 0}, open.tensor("text").longs());
    assertEquals(Map.of("text", List.of("\n", "a", "b", "c", "\uD83D\uDE00")), open.vocabularies());
  }

  @Test
  void saysTheRightSize() throws Exception {
    write(dir.resolve("a"), "abc");
    refused(
        dir,
        """
        error[E0821]: the data have 3 different values, but Char has 2
          --> a.nn:7:5
          expected: at most 2
          help: dim Char = 3
        """,
        plan(2, "a"));
  }

  @Test
  void keepsTheNumbersOfAnEarlierRun() throws Exception {
    write(dir.resolve("a"), "b\nq");
    var data = Opening.plan(new Split.Whole(), 1, plan(5, "a"));
    var folders = DataFolders.of(dir);
    var known = Map.of("text", List.of("\n", "a", "b", "q"));
    var open = DataSet.open(data, folders, ElementType.F32, known);
    assertArrayEquals(new long[] {2, 0, 3}, open.tensor("text").longs());
    var fewer = Map.of("text", List.of("\n", "a", "b"));
    var e =
        assertThrows(
            ProblemException.class, () -> DataSet.open(data, folders, ElementType.F32, fewer));
    assertEquals(
        """
        error[E0814]: the character 'q' (U+0071) is not in the vocabulary
          --> DIR/a:2:1
          expected: one of the 3 characters that the model was trained on""",
        e.problem().toString().replace(dir.toString(), "DIR"));
  }
}
