package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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

/** What {@code nn predict} keeps for the next time: used where it fits, and never where not. */
class PredictionCacheTest {
  /** Sizes of the data are open, two programs run, and there is a product. */
  private static final String PROGRAM =
      """
      dim Kind = 2
      model M : x[3] -> p[Kind] { p = x |> Dense(9) |> relu |> Dense(Kind) |> softmax }
      data Rows {
          source table[N, 4] = csv("rows.csv")
          sample n -> x[3], kind: index Kind {
              x[i] = table[n, i]
              kind = table[n, 3]
          }
      }
      train Fit : M on Rows {
          loss      = sparse_categorical_cross_entropy(p, kind)
          optimizer = Adam()
          batch     = 2
          epochs    = 2
      }
      """;

  @TempDir private Path folder;
  private Shell shell;
  private String before;

  @BeforeEach
  void train() {
    shell = new Shell(folder);
    before = System.getProperty(PredictionCache.FOLDER, "");
    System.setProperty(PredictionCache.FOLDER, folder.resolve("cache").toString());
    shell.file("rows.csv", "1,2,3,0\n4,5,6,1\n1,1,3,0\n5,5,7,1\n");
    shell.file("m.nn", PROGRAM);
    var trained = shell.nn("train", "@m.nn", "--out", "@m");
    assertEquals(0, trained.status(), trained.toString());
  }

  @AfterEach
  void restore() {
    System.setProperty(PredictionCache.FOLDER, before);
  }

  private Shell.Ended predict(String... more) {
    var words = new java.util.ArrayList<>(List.of("predict", "@m", "--input", "@rows.csv"));
    words.addAll(List.of(more));
    return shell.nn(words.toArray(String[]::new));
  }

  private List<Path> kept() throws IOException {
    var place = folder.resolve("cache").resolve("predictions");
    if (!Files.isDirectory(place)) {
      return List.of();
    }
    try (var files = Files.list(place)) {
      return files.sorted().toList();
    }
  }

  @Test
  void theSecondTimeSaysTheSame() throws IOException {
    System.setProperty(PredictionCache.FOLDER, "");
    var compiled = predict();
    assertEquals(0, compiled.status(), compiled.toString());
    assertEquals(List.of(), kept());
    System.setProperty(PredictionCache.FOLDER, folder.resolve("cache").toString());
    assertEquals(compiled, predict());
    assertEquals(1, kept().size());
    var written = Files.readAllBytes(kept().getFirst());
    // A time that no clock gives shows that it was looked up, and not written anew.
    Files.setLastModifiedTime(kept().getFirst(), FileTime.fromMillis(1000));
    assertEquals(compiled, predict());
    assertTrue(Files.getLastModifiedTime(kept().getFirst()).toMillis() > 1000);
    assertEquals(1, kept().size());
    assertArrayEquals(written, Files.readAllBytes(kept().getFirst()));
  }

  @Test
  void newWeightsNeedNoNewProgram() throws IOException {
    var first = predict();
    assertEquals(0, shell.nn("train", "@m.nn", "--out", "@m", "--seed", "9").status());
    var second = predict();
    assertEquals(0, second.status(), second.toString());
    assertNotEquals(first, second);
    System.setProperty(PredictionCache.FOLDER, "");
    assertEquals(predict(), second);
  }

  @Test
  void whatIsDamagedIsNotUsed() throws IOException {
    var right = predict();
    var file = kept().getFirst();
    var whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at += 1 + whole.length / 7) {
      var damaged = whole.clone();
      damaged[at] ^= 0x10;
      Files.write(file, damaged);
      assertEquals(right, predict(), "byte " + at);
      assertArrayEquals(whole, Files.readAllBytes(file), "written anew");
    }
    for (int length : new int[] {0, 3, whole.length / 2, whole.length - 1}) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertEquals(right, predict(), length + " bytes");
    }
  }

  @Test
  void theModelsOwnErrorsRemain() throws IOException {
    predict();
    var source = folder.resolve("m/sources/m.nn");
    var text = Files.readString(source);
    Files.writeString(source, text.replace("relu", "tanh"));
    var changed = predict();
    assertEquals(1, changed.status());
    assertTrue(changed.err().contains("the source was changed after training"), changed.err());
    Files.writeString(source, text);
    assertEquals(0, predict().status());

    // Weights of another network.
    shell.file("m.nn", PROGRAM.replace("Dense(9)", "Dense(8)"));
    assertEquals(0, shell.nn("train", "@m.nn", "--out", "@other").status());
    var weights = folder.resolve("m/weights.safetensors");
    Files.copy(
        folder.resolve("other/weights.safetensors"),
        weights,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    var kept = predict();
    System.setProperty(PredictionCache.FOLDER, "");
    assertEquals(predict(), kept);
    assertEquals(1, kept.status(), kept.toString());
    assertTrue(kept.err().contains("E08"), kept.err());
  }

  @Test
  void anotherProgramOrSettingOrPrecisionIsAnother() throws IOException {
    predict();
    shell.file("m.nn", PROGRAM.replace("relu", "tanh"));
    assertEquals(0, shell.nn("train", "@m.nn", "--out", "@m").status());
    var changed = predict();
    assertEquals(2, kept().size());
    assertEquals(changed, predict());
    assertEquals(0, shell.nn("train", "@m.nn", "--out", "@m", "--precision", "f64").status());
    var precise = predict();
    assertEquals(0, precise.status(), precise.toString());
    assertEquals(3, kept().size());
    assertEquals(0, predict("--interpret").status());
    assertEquals(3, kept().size());
  }

  @Test
  void aFolderThatCannotBeMadeIsNoProblem() throws IOException {
    Files.writeString(folder.resolve("cache"), "a file");
    var answer = predict();
    assertEquals(0, answer.status(), answer.toString());
    assertEquals("", answer.err());
    assertEquals(answer, predict());
  }

  @Test
  void badRowsAreReportedAsEver() throws IOException {
    predict();
    assertFalse(kept().isEmpty());
    shell.file("rows.csv", "1,2,3,0\n4,5,6,7\n");
    var kept = predict();
    System.setProperty(PredictionCache.FOLDER, "");
    assertEquals(predict(), kept);
    assertEquals(1, kept.status(), kept.toString());
  }
}
