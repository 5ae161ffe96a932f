package dev.nnlang.runtime.data;

import static dev.nnlang.runtime.data.Opening.N;
import static dev.nnlang.runtime.data.Opening.column;
import static dev.nnlang.runtime.data.Opening.gzip;
import static dev.nnlang.runtime.data.Opening.index;
import static dev.nnlang.runtime.data.Opening.open;
import static dev.nnlang.runtime.data.Opening.refused;
import static dev.nnlang.runtime.data.Opening.size;
import static dev.nnlang.runtime.data.Opening.source;
import static dev.nnlang.runtime.data.Opening.text;
import static dev.nnlang.runtime.data.Opening.write;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.runtime.data.ReaderCall.Argument;
import dev.nnlang.runtime.data.ReaderCall.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvSourceTest {
  private static final Element REAL = new Element.Real();

  @TempDir Path dir;

  private SourcePlan table(int columns, Argument... more) {
    return source("table", List.of(N, size(columns)), REAL, "csv", with(more));
  }

  private SourcePlan vector(Element element, Argument... more) {
    return source("v", List.of(N), element, "csv", with(more));
  }

  private static Argument[] with(Argument... more) {
    var all = new Argument[more.length + 1];
    all[0] = text("a.csv");
    System.arraycopy(more, 0, all, 1, more.length);
    return all;
  }

  private double[] reals(String content, SourcePlan plan) throws Exception {
    write(dir.resolve("a.csv"), content);
    return open(dir, plan).tensor(plan.name()).doubles();
  }

  private void refuses(String content, String expected, SourcePlan plan) throws Exception {
    write(dir.resolve("a.csv"), content);
    refused(dir, expected, plan);
  }

  @Test
  void readsNumbersWithAndWithoutHeader() throws Exception {
    assertArrayEquals(new double[] {1, 2.5, -3e-2, .5}, reals("1,2.5\n-3e-2,.5\n", table(2)));
    assertArrayEquals(new double[] {1, 2}, reals("a,b\n1,2", table(2)));
    // One number in the first line makes it data, whatever else is there.
    refuses(
        "1,b\n2,3\n",
        """
        error[E0812]: "b" in column 1 is not a number
          --> DIR/a.csv:1:3
          expected: a real number
          declared: a.nn:7:5
        """,
        table(2));
  }

  @Test
  void knowsDecimalNumbersAndNoOthers() {
    for (var number : List.of("1", "-1", "+1.", ".5", "1e5", "1.5E-3", "007", "nan", "-Inf")) {
      assertTrue(CsvCells.isNumber(number), number);
    }
    for (var word : List.of("", "-", ".", "e5", "1e", "1e+", "1f", "0x1p3", "1 2", "1,5", "--1")) {
      assertFalse(CsvCells.isNumber(word), word);
    }
  }

  @Test
  void readsTheDialectOfRfc4180() throws Exception {
    var content =
        "\uFEFF# made by hand\r\n\"x, \"\"1\"\"\",y\r\n 1 ,\"2\"\r\n# more\r\n3, \"4\"\r\n\r\n\r\n";
    assertArrayEquals(new double[] {1, 2, 3, 4}, reals(content, table(2)));
    assertArrayEquals(new double[] {1, 3}, reals(content, vector(REAL, column("x, \"1\""))));
    assertArrayEquals(new double[] {2, 4}, reals(content, vector(REAL, column(1))));
    assertArrayEquals(
        new double[] {1, 2, 3},
        reals("1\r2\r3", source("v", List.of(N), REAL, "csv", text("a.csv"))));
  }

  @Test
  void readsGzipSeveralFilesAndOtherSeparators() throws Exception {
    Files.write(dir.resolve("a.csv.gz"), gzip("a;b\n1;2\n"));
    Files.write(dir.resolve("b.csv.gz"), gzip("a;b\n3;4\n"));
    var separator = Argument.named("separator", new Value.Text(";"));
    var plan =
        source(
            "t", List.of(N, size(2)), REAL, "csv", text("a.csv.gz"), text("b.csv.gz"), separator);
    assertArrayEquals(new double[] {1, 2, 3, 4}, open(dir, plan).tensor("t").doubles());
    assertEquals(dir.resolve("b.csv.gz") + ":2:3", open(dir, plan).place("t", 3).toString());
  }

  @Test
  void takesARangeOfColumns() throws Exception {
    var range = Argument.named("columns", new Value.Range(1, 3));
    assertArrayEquals(new double[] {2, 3, 6, 7}, reals("1,2,3,4\n5,6,7,8\n", table(2, range)));
  }

  @Test
  void turnsWordsIntoValuesOfAnEnumeratedDimension() throws Exception {
    write(dir.resolve("a.csv"), "1,Red\n2,Blue\n3,Red\n");
    var colours = index("Colour", 2, "Red", "Blue");
    var open = open(dir, vector(colours, column(1)));
    assertArrayEquals(new long[] {0, 1, 0}, open.tensor("v").longs());
    // A first line of words alone is data when the column's word stands in it.
    write(dir.resolve("a.csv"), "Red\nBlue\n");
    assertArrayEquals(new long[] {0, 1}, open(dir, vector(colours)).tensor("v").longs());
    write(dir.resolve("a.csv"), "colour\nBlue\n");
    assertArrayEquals(new long[] {1}, open(dir, vector(colours)).tensor("v").longs());
  }

  @Test
  void refusesAMissingColumn() throws Exception {
    refuses(
        "month,sunspots\n1,58\n",
        """
        error[E0808]: there is no column "sunspot"
          --> DIR/a.csv:1
          expected: one of "month", "sunspots"
          declared: a.nn:7:5
        """,
        vector(REAL, column("sunspot")));
    refuses(
        "1,58\n",
        """
        error[E0808]: there is no column "sunspots", as the file has no header
          --> DIR/a.csv:1
          declared: a.nn:7:5
          help: name it by its number, from 0: column = 0
        """,
        vector(REAL, column("sunspots")));
    refuses(
        "1,58\n",
        """
        error[E0808]: there is no column 2
          --> DIR/a.csv:1
          expected: 0 to 1, as columns count from 0
          declared: a.nn:7:5
        """,
        vector(REAL, column(2)));
  }

  @Test
  void refusesCellsThatAreNoFiniteNumbers() throws Exception {
    refuses(
        "a,b\n1,2\n1,oops\n",
        """
        error[E0812]: "oops" in column 1 ("b") is not a number
          --> DIR/a.csv:3:3
          expected: a real number
          declared: a.nn:7:5
        """,
        table(2));
    refuses(
        "x,kind\n1,red\n2,blue\n",
        """
        error[E0812]: "red" in column 1 ("kind") is not a number
          --> DIR/a.csv:2:3
          expected: a real number
          declared: a.nn:7:5
          help: this is a column of words: declare v[N]: index D with a dim D { name = word, ... } of "red", "blue"
        """,
        vector(REAL, column("kind")));
    refuses(
        "1,2\n1,NaN\n",
        """
        error[E0813]: NaN stands in column 1
          --> DIR/a.csv:2:3
          expected: a finite number
          declared: a.nn:7:5
          help: fill it, or leave the row out
        """,
        table(2));
    refuses(
        "1,2\n1,1e999\n",
        """
        error[E0813]: 1e999 in column 1 is beyond all reals
          --> DIR/a.csv:2:3
          expected: a number below 3.4e38, or --precision f64
          declared: a.nn:7:5
        """,
        table(2));
    refuses(
        "1,2\n,4\n",
        """
        error[E0811]: the cell in column 0 is empty
          --> DIR/a.csv:2:1
          declared: a.nn:7:5
          help: fill it, or leave the row out
        """,
        table(2));
  }

  @Test
  void refusesRaggedRowsBlankLinesAndOpenQuotes() throws Exception {
    refuses(
        "a,b\n1,2\n1\n",
        """
        error[E0810]: this row has 1 cell
          --> DIR/a.csv:3
          expected: 2, as the header has
        """,
        table(2));
    refuses(
        "1,2\n\n1,2\n",
        """
        error[E0810]: a blank line stands between the rows
          --> DIR/a.csv:2
          expected: blank lines at the end of the file only
        """,
        table(2));
    refuses(
        "1,2\n\"1,2\n3,4\n",
        """
        error[E0822]: the quote that opens here is never closed
          --> DIR/a.csv:2:1
          help: a quote inside a quoted cell is written twice: ""
        """,
        table(2));
  }

  @Test
  void refusesTheWrongSeparator() throws Exception {
    refuses(
        "a;b\n1;2\n",
        """
        error[E0809]: no line has a comma, but all have semicolons
          --> DIR/a.csv
          help: say separator = ";"
        """,
        table(2));
  }

  @Test
  void refusesClassesOutsideTheirDimension() throws Exception {
    refuses(
        "1,3\n1,10\n",
        """
        error[E0815]: source v[1] is 10, outside index Digit
          --> DIR/a.csv:2:3
          expected: 0 to 9, as Digit has 10 values
          declared: a.nn:7:5
        """,
        vector(index("Digit", 10), column(1)));
    refuses(
        "1,3\n1,2.5\n",
        """
        error[E0816]: source v[N] has the value 2.5, which is no whole number
          --> DIR/a.csv:2:3
          expected: a whole number, a value of index Digit
          declared: a.nn:7:5
        """,
        vector(index("Digit", 10), column(1)));
    refuses(
        "1,Red\n1,Pink\n1,Pink\n",
        """
        error[E0814]: "Pink" in column 1 is no word of Colour
          --> DIR/a.csv:2:3
          expected: one of "Red", "Blue"
          declared: a.nn:7:5
          help: the column holds "Red", "Pink"
        """,
        vector(index("Colour", 2, "Red", "Blue"), column(1)));
  }

  @Test
  void refusesOtherShapes() throws Exception {
    refuses(
        "1,2,3\n",
        """
        error[E0817]: the file has 3 columns
          --> DIR/a.csv
          expected: what source table[N, 2] has room for
          declared: a.nn:7:5
          help: choose with columns = from .. to
        """,
        table(2));
    refuses(
        "1,2,3\n",
        """
        error[E0817]: the file has 3 columns
          --> DIR/a.csv
          expected: what source table[N, 5] has room for
          declared: a.nn:7:5
          help: give each row 5 columns, or declare table[N, 3]
        """,
        table(5));
    refuses(
        "1,2,3\n",
        """
        error[E0817]: the file has 3 columns
          --> DIR/a.csv
          expected: what source v[N] has room for
          declared: a.nn:7:5
          help: take one of them: column = 0
        """,
        vector(REAL));
  }

  @Test
  void refusesWhatIsNoReadableFile() throws Exception {
    refuses("", "error[E0803]: the file is empty\n  --> DIR/a.csv", table(2));
    refuses("a,b\n", "error[E0803]: the file has a header and no rows\n  --> DIR/a.csv", table(2));
    Files.delete(dir.resolve("a.csv"));
    refused(
        dir,
        """
        error[E0801]: there is no file "a.csv"
          --> a.nn:7:5
          expected: the file in DIR
          help: paths are relative to the .nn file; or set NN_DATA to the folder that has it
        """,
        table(2));
    Files.createDirectory(dir.resolve("a.csv"));
    refused(dir, "error[E0802]: this is a folder, not a file\n  --> DIR/a.csv", table(2));
  }

  @Test
  void refusesDamagedGzipAndText() throws Exception {
    var plan = source("t", List.of(N, size(2)), REAL, "csv", text("a.csv.gz"));
    byte[] whole = gzip("1,2\n".repeat(10_000));
    Files.write(dir.resolve("a.csv.gz"), Arrays.copyOf(whole, whole.length / 2));
    refused(
        dir,
        """
        error[E0804]: the file ends in the middle of its data
          --> DIR/a.csv.gz
          help: the file was cut off; copy or download it again
        """,
        plan);
    Files.writeString(dir.resolve("a.csv.gz"), "1,2\n");
    refused(
        dir,
        """
        error[E0805]: the compressed data are damaged: Not in GZIP format
          --> DIR/a.csv.gz
          help: copy or download the file again
        """,
        plan);
    Files.write(
        dir.resolve("a.csv"), new byte[] {'1', ',', '2', '\n', '3', ',', (byte) 0xE4, '\n'});
    refused(
        dir,
        """
        error[E0823]: the text is not UTF-8
          --> DIR/a.csv:2
          help: save the file as UTF-8
        """,
        table(2));
  }

  @Test
  void refusesArgumentsThatMakeNoSense() throws Exception {
    refuses(
        "1\n",
        """
        error[E0807]: csv has no argument "colum"
          --> a.nn:7:5
          expected: one of column, columns, header, separator
        """,
        vector(REAL, Argument.named("colum", new Value.Number(1))));
    refuses(
        "1\n",
        """
        error[E0807]: csv cannot take columns = 4
          --> a.nn:7:5
          expected: a range such as 0 .. 4, which is columns 0 to 3
        """,
        vector(REAL, Argument.named("columns", new Value.Number(4))));
  }
}
