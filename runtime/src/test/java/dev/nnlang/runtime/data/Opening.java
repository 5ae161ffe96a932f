package dev.nnlang.runtime.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nnlang.runtime.data.ReaderCall.Argument;
import dev.nnlang.runtime.data.ReaderCall.Value;
import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.program.Extent;
import dev.nnlang.runtime.tensor.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Plans for tests: one source, read from a folder. */
final class Opening {
  static final Extent N = new Extent.Dim("N");
  private static final Place LINE = new Place("a.nn", 7, 5);

  private Opening() {}

  static Extent size(long value) {
    return Extent.of(value);
  }

  static Argument text(String text) {
    return Argument.of(new Value.Text(text));
  }

  static Argument number(double value) {
    return Argument.of(new Value.Number(value));
  }

  static Argument column(int number) {
    return Argument.named("column", new Value.Number(number));
  }

  static Argument column(String name) {
    return Argument.named("column", new Value.Text(name));
  }

  static Element.Index index(String dim, long size, String... words) {
    return new Element.Index(
        dim,
        Extent.of(size),
        Arrays.stream(words).map(w -> new Element.Word(w.toLowerCase(), w)).toList());
  }

  static SourcePlan source(
      String name, List<Extent> shape, Element element, String reader, Argument... arguments) {
    return new SourcePlan(name, shape, element, new ReaderCall(reader, List.of(arguments)), LINE);
  }

  static DataPlan plan(Split split, long window, SourcePlan... sources) {
    return new DataPlan(
        "D",
        List.of(sources),
        new SampleRange("n", List.of(Extent.of(0)), List.of(N)),
        window,
        split,
        List.of());
  }

  static DataSet open(Path folder, SourcePlan... sources) throws ProblemException {
    return DataSet.open(
        plan(new Split.Whole(), 1, sources), DataFolders.of(folder), ElementType.F64);
  }

  /** Opening must fail with this text, in which the folder is called DIR. */
  static void refused(Path folder, String expected, SourcePlan... sources) {
    var e = assertThrows(ProblemException.class, () -> open(folder, sources));
    assertEquals(expected.strip(), e.problem().toString().replace(folder.toString(), "DIR"));
  }

  static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
  }

  static byte[] gzip(byte[] bytes) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  static byte[] gzip(String text) throws IOException {
    return gzip(text.getBytes(StandardCharsets.UTF_8));
  }
}
