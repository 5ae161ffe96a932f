package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bad data through {@code nn train}: each its message, file and line, status 1, nothing written.
 */
class BadDataTest {
  private static final String GOOD = "1,2,0\n3,4,1\n5,6,2\n7,8,0\n";

  @TempDir private Path folder;
  private Shell shell;

  @BeforeEach
  void program() {
    shell = new Shell(folder);
    write("data.csv", "column = 2");
  }

  private void write(String file, String column) {
    shell.file(
        "p.nn",
        """
        dim Class = 3
        model M : x[2] -> p[Class] { p = x |> Dense(Class) |> softmax }
        data D {
            source table[N, 2]      = csv("%s", columns = 0 .. 2)
            source c[N]: index Class = csv("%s", %s)
            sample n -> x[2], label: index Class {
                x[i]  = table[n, i]
                label = c[n]
            }
        }
        train T : M on D {
            loss      = sparse_categorical_cross_entropy(p, label)
            optimizer = SGD(lr = 0.1)
            epochs    = 1
        }
        """
            .formatted(file, file, column));
  }

  private void refused(String code, String at, String says) {
    var ended = shell.nn("train", "@p.nn");
    assertEquals(1, ended.status(), ended.toString());
    assertEquals("", ended.out());
    assertTrue(ended.err().startsWith("error[" + code + "]: "), ended.err());
    assertTrue(ended.err().contains("--> " + at + "\n"), ended.err());
    assertTrue(ended.err().contains(says), ended.err());
    assertFalse(Files.exists(folder.resolve("runs")), "a folder was made");
  }

  @Test
  void goodDataTrain() {
    shell.file("data.csv", GOOD);
    var ended = shell.nn("train", "@p.nn");
    assertEquals(0, ended.status(), ended.toString());
  }

  @Test
  void aMissingColumn() {
    shell.file("data.csv", GOOD);
    write("data.csv", "column = 7");
    refused("E0808", "@data.csv:1", "column 7");
    write("data.csv", "column = \"kind\"");
    refused("E0808", "@data.csv:1", "kind");
  }

  @Test
  void aWordForANumber() {
    shell.file("data.csv", "1,2,0\n3,four,1\n");
    refused("E0812", "@data.csv:2:3", "four");
  }

  @Test
  void notANumber() {
    shell.file("data.csv", "1,2,0\n3,4,1\nNaN,6,2\n");
    refused("E0813", "@data.csv:3:1", "NaN");
  }

  @Test
  void aClassOutside() {
    shell.file("data.csv", "1,2,0\n3,4,3\n");
    refused("E0815", "@data.csv:2:5", "0 to 2");
  }

  @Test
  void aTruncatedGzip() throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(GOOD.repeat(1000).getBytes(StandardCharsets.UTF_8));
    }
    shell.file("data.csv.gz", Arrays.copyOf(bytes.toByteArray(), bytes.size() - 20));
    write("data.csv.gz", "column = 2");
    refused("E0804", "@data.csv.gz", "");
  }

  @Test
  void anEmptyFile() {
    shell.file("data.csv", "");
    refused("E0803", "@data.csv", "");
  }

  @Test
  void aDirectory() {
    shell.file("data.csv/inside.csv", GOOD);
    refused("E0802", "@data.csv", "this is a folder, not a file");
  }

  @Test
  void noFile() {
    refused("E0801", "@p.nn:4:5", "NN_DATA");
    shell.file("date.csv", GOOD);
    refused("E0801", "@p.nn:4:5", "did you mean date.csv?");
  }

  @Test
  void aRaggedRowAndAnEmptyCell() {
    shell.file("data.csv", "1,2,0\n3,4\n");
    refused("E0810", "@data.csv:2", "");
    shell.file("data.csv", "1,2,0\n3,,1\n");
    refused("E0811", "@data.csv:2:3", "");
  }
}
