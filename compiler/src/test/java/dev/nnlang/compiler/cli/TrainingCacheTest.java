package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code nn train} keeps for the next time: used where it fits, and never where not. */
class TrainingCacheTest {
  /** With a gate, fit values, a stateful metric, watching, parts and another file: all programs. */
  private static final String PROGRAM =
      """
      use "layer.nn"
      dim Kind = 2
      model M : x[3] -> p[Kind] { p = x |> Twice |> relu |> Dense(Kind) |> softmax }
      data Rows {
          source table[N, 4] = csv("rows.csv")
          fit { mu = mean[n](table[n, 0]) }
          sample n -> x[3], kind: index Kind {
              x[i] = table[n, i] - mu
              kind = table[n, 3]
          }
          split = ordered(train = 0.5, valid = 0.25, test = 0.25)
      }
      train Fit : M on Rows {
          loss      = sparse_categorical_cross_entropy(p, kind)
          metrics   = [accuracy(p, kind)]
          optimizer = Adam()
          batch     = 2
          epochs    = 3
          watch     = [nan, dead]
      }
      """;

  private static final String LAYER =
      """
      layer Twice : x[N] -> y[9] { y = x |> Dense(9) |> tanh |> Dense(9) }
      """;

  @TempDir private Path folder;
  private Shell shell;
  private String before;

  @BeforeEach
  void write() {
    shell = new Shell(folder);
    before = System.getProperty(KeptFile.FOLDER, "");
    System.setProperty(KeptFile.FOLDER, folder.resolve("cache").toString());
    shell.file("rows.csv", "1,2,3,0\n4,5,6,1\n1,1,3,0\n5,5,7,1\n".repeat(4));
    shell.file("layer.nn", LAYER);
    shell.file("m.nn", PROGRAM);
  }

  @AfterEach
  void restore() {
    System.setProperty(KeptFile.FOLDER, before);
    System.clearProperty("nn.compiles");
  }

  private Shell.Ended compile() {
    System.setProperty("nn.compiles", "true");
    try {
      return shell.nn("train", "@m.nn", "--out", "@none");
    } finally {
      System.clearProperty("nn.compiles");
    }
  }

  private byte[] trained(String out) throws IOException {
    var ended = shell.nn("train", "@m.nn", "--out", "@" + out);
    assertEquals(0, ended.status(), ended.toString());
    return Files.readAllBytes(folder.resolve(out).resolve("weights.safetensors"));
  }

  private List<Path> kept() throws IOException {
    var place = folder.resolve("cache").resolve("trainings");
    if (!Files.isDirectory(place)) {
      return List.of();
    }
    try (var files = Files.list(place)) {
      return files.sorted().toList();
    }
  }

  private boolean isRead(Path file) throws IOException {
    boolean read = Files.getLastModifiedTime(file).toMillis() > 1000;
    Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
    return read;
  }

  @Test
  void whatIsKeptTrainsTheSame() throws IOException {
    var compiled = trained("first");
    assertEquals(List.of(), kept(), "the process of a training keeps nothing itself");
    var ended = compile();
    assertEquals(0, ended.status(), ended.toString());
    assertFalse(Files.exists(folder.resolve("none")), "nothing was trained");
    assertEquals(1, kept().size());
    isRead(kept().getFirst());
    assertArrayEquals(compiled, trained("second"));
    assertTrue(isRead(kept().getFirst()));
    var source = folder.resolve("second/sources/layer.nn");
    assertEquals(LAYER, Files.readString(source), "the model has the files that are used");
  }

  @Test
  void whatHasChangedIsCompiled() throws IOException {
    compile();
    var first = trained("first");
    shell.file("layer.nn", LAYER.replace("tanh", "sigmoid"));
    var changed = trained("second");
    assertFalse(java.util.Arrays.equals(first, changed));
    shell.file("layer.nn", LAYER);
    assertArrayEquals(first, trained("third"));
    isRead(kept().getFirst());
    shell.file("m.nn", PROGRAM + "\n");
    assertArrayEquals(first, trained("fourth"));
    assertFalse(isRead(kept().getFirst()), "the file is another one");
  }

  @Test
  void whatIsWrongIsSaidByTheTraining() throws IOException {
    shell.file("m.nn", PROGRAM.replace("Dense(Kind)", "Dens(Kind)"));
    assertEquals(1, compile().status());
    assertEquals(List.of(), kept());
    assertTrue(shell.nn("train", "@m.nn").err().contains("nothing here is called `Dens`"));
  }
}
