package dev.nnlang.runtime.data;

import static dev.nnlang.runtime.data.Opening.N;
import static dev.nnlang.runtime.data.Opening.column;
import static dev.nnlang.runtime.data.Opening.open;
import static dev.nnlang.runtime.data.Opening.size;
import static dev.nnlang.runtime.data.Opening.source;
import static dev.nnlang.runtime.data.Opening.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nnlang.runtime.data.ReaderCall.Argument;
import dev.nnlang.runtime.data.ReaderCall.Value;
import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.program.Extent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The files of the examples, read as the examples read them. */
class RealDataTest {
  private static final Path EXAMPLES = Path.of("..", "examples");

  @Test
  void digits() throws Exception {
    var table =
        source(
            "table", List.of(N, size(65)), new Element.Real(), "csv", text("data/digits.csv.gz"));
    var open = open(EXAMPLES, table);
    assertEquals(5620, open.dims().get("N"));
    double[] cells = open.tensor("table").doubles();
    int[] classes = new int[10];
    for (int row = 0; row < 5620; row++) {
      classes[(int) cells[65 * row + 64]]++;
    }
    assertArrayEquals(new int[] {554, 571, 557, 572, 568, 558, 558, 566, 554, 562}, classes);
  }

  @Test
  void iris() throws Exception {
    var species =
        new Element.Index(
            "Species",
            Extent.of(3),
            List.of(
                new Element.Word("setosa", "Iris-setosa"),
                new Element.Word("versicolor", "Iris-versicolor"),
                new Element.Word("virginica", "Iris-virginica")));
    var columns = Argument.named("columns", new Value.Range(0, 4));
    var open =
        open(
            EXAMPLES,
            source(
                "table",
                List.of(N, size(4)),
                new Element.Real(),
                "csv",
                text("data/iris.csv"),
                columns),
            source("kind", List.of(N), species, "csv", text("data/iris.csv"), column(4)));
    assertEquals(150, open.dims().get("N"));
    assertEquals(150, LongStream.of(open.tensor("kind").longs()).sum());
  }

  @Test
  void sunspots() throws Exception {
    var level =
        source(
            "level",
            List.of(N),
            new Element.Real(),
            "csv",
            text("data/sunspots.csv"),
            column("sunspots"));
    double[] values = open(EXAMPLES, level).tensor("level").doubles();
    assertEquals(2820, values.length);
    assertEquals(58.0, values[0]);
  }

  @Test
  void fashion() throws Exception {
    var shared = new ArrayList<Path>();
    Optional.ofNullable(System.getenv("NN_DATA")).map(Path::of).ifPresent(shared::add);
    shared.add(Path.of("..", "..", "shared", "data"));
    var catalogue = Catalogue.read(EXAMPLES.resolve("data/catalogue.csv"));
    var folders = new DataFolders(EXAMPLES, shared, catalogue.known(), (_, _) -> Optional.empty());
    assumeTrue(
        shared.stream().anyMatch(f -> Files.exists(f.resolve("fashion-mnist"))),
        "Fashion-MNIST is not here");
    var name = "data/fashion-mnist/t10k-labels-idx1-ubyte.gz";
    var file = folders.find(name, new Place("lenet.nn", 12, 5));
    var plan =
        source(
            "lab",
            List.of(N),
            new Element.Index("Garment", Extent.of(10), List.of()),
            "idx",
            text(file.path().toAbsolutePath().toString()));
    long[] labels = open(EXAMPLES, plan).tensor("lab").longs();
    assertEquals(10_000, labels.length);
    assertEquals(45_000, LongStream.of(labels).sum());
  }
}
