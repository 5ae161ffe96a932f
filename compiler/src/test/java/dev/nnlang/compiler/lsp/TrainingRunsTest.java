package dev.nnlang.compiler.lsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.ProgramProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.lsp4j.CodeLensParams;
import org.eclipse.lsp4j.ExecuteCommandParams;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The lenses of a plan: real trainings behind a real server, and what becomes of them. */
@Timeout(1200)
class TrainingRunsTest {
  /** More epochs than anybody waits for. */
  private static final String ENDLESS = "1_000_000_000";

  private static final String PROGRAM =
      """
      model Line : x -> y {
          param a = 0
          param b = 0
          y = a * x + b
      }
      data Points {
          source table[N, 2] = csv("points.csv")
          sample n -> x, target {
              x      = table[n, 0] / 100
              target = table[n, 1]
          }
          split = ordered(train = 0.6, valid = 0.2, test = 0.2)
      }
      train Fit : Line on Points {
          loss      = mse(y, target)
          optimizer = Adam(lr = 0.1)
          batch     = 16
          epochs    = #
      }
      """;

  @TempDir private Path folder;
  private String uri;

  @BeforeEach
  void points() throws IOException {
    Files.writeString(
        folder.resolve("points.csv"),
        IntStream.range(0, 100)
            .mapToObj(i -> String.format(Locale.ROOT, "%d,%.2f%n", i, 0.02 * i + 1))
            .collect(Collectors.joining()));
    uri = folder.resolve("line.nn").toUri().toString();
  }

  private void open(Editor editor, String epochs) throws IOException {
    var text = PROGRAM.replace("#", epochs);
    Files.writeString(folder.resolve("line.nn"), text);
    editor.open(uri, text);
  }

  private void command(Editor editor, String name) {
    Editor.get(
        editor
            .server()
            .getWorkspaceService()
            .executeCommand(new ExecuteCommandParams(name, List.of(uri, "Fit"))));
  }

  /** The commands above the plan. */
  private List<String> lenses(Editor editor) {
    var lenses =
        Editor.get(
            editor.server().getTextDocumentService().codeLens(new CodeLensParams(Editor.id(uri))));
    return lenses.stream()
        .filter(l -> l.getRange().getStart().getLine() == 13)
        .map(l -> l.getCommand().getTitle())
        .toList();
  }

  private static boolean isEvent(NnClient.Training told, String name) {
    return told.what().equals("event") && told.text().startsWith("{\"event\":\"" + name + "\"");
  }

  private static boolean isEnd(NnClient.Training told) {
    return told.what().equals("ended");
  }

  @Test
  void aRunTellsEveryEpochAndItsEnd() throws Exception {
    try (var editor = new Editor(folder.toUri().toString())) {
      open(editor, "3");
      assertEquals(List.of("▶ Run", "Overfit first"), lenses(editor));
      command(editor, Lenses.RUN);
      var told = editor.trainingUntil(TrainingRunsTest::isEnd);
      assertEquals("started", told.getFirst().what());
      assertEquals(3, told.stream().filter(t -> isEvent(t, "epoch")).count(), told.toString());
      assertEquals(1, told.stream().filter(t -> isEvent(t, "done")).count(), told.toString());
      assertEquals("0", told.getLast().text(), told.toString());
      assertTrue(told.stream().allMatch(t -> t.uri().equals(uri) && t.train().equals("Fit")));
      assertTrue(Files.exists(folder.resolve("runs/Fit/weights.safetensors")));
    }
  }

  @Test
  void aRunIsStoppedAndSaysWhereItWasSaved() throws Exception {
    try (var editor = new Editor(folder.toUri().toString())) {
      open(editor, ENDLESS);
      command(editor, Lenses.RUN);
      editor.trainingUntil(t -> isEvent(t, "epoch"));
      assertEquals(List.of("■ Stop"), lenses(editor));
      command(editor, Lenses.STOP);
      var told = editor.trainingUntil(TrainingRunsTest::isEnd);
      var last = told.stream().filter(t -> t.what().equals("event")).toList().getLast();
      assertTrue(isEvent(last, "saved"), last.text());
      assertTrue(Files.exists(folder.resolve("runs/Fit/weights.safetensors")));
      assertEquals(List.of("▶ Run", "Overfit first"), lenses(editor));
    }
  }

  @Test
  void overfittingComesFirstWhereItIsAskedFor() throws Exception {
    try (var editor = new Editor(folder.toUri().toString())) {
      open(editor, "2");
      command(editor, Lenses.OVERFIT);
      var told = editor.trainingUntil(TrainingRunsTest::isEnd);
      var events = told.stream().filter(t -> t.what().equals("event")).toList();
      int gate =
          IntStream.range(0, events.size())
              .filter(i -> isEvent(events.get(i), "gate"))
              .findFirst()
              .orElse(-1);
      int epoch =
          IntStream.range(0, events.size())
              .filter(i -> isEvent(events.get(i), "epoch"))
              .findFirst()
              .orElse(-1);
      assertTrue(0 <= gate && gate < epoch, told.toString());
    }
  }

  @Test
  void aPlanWithErrorsTellsThemAndEnds() throws Exception {
    try (var editor = new Editor(folder.toUri().toString())) {
      open(editor, "no_such_name");
      command(editor, Lenses.RUN);
      var told = editor.trainingUntil(TrainingRunsTest::isEnd);
      assertTrue(told.stream().anyMatch(t -> t.text().contains("E0609")), told.toString());
      assertEquals("1", told.getLast().text(), told.toString());
    }
  }

  // Nothing goes on without whoever started it.

  @Test
  void aKilledServerTakesItsTrainingAlong() throws Exception {
    var server = ProgramProcess.start("lsp");
    var editor = new Editor(folder.toUri().toString(), server);
    var training = training(editor, server);
    server.destroyForcibly();
    training.onExit().get(10, TimeUnit.MINUTES);
    assertTrue(Files.exists(folder.resolve("runs/Fit/weights.safetensors")));
    editor.close();
  }

  @Test
  void anEditorThatVanishesTakesServerAndTrainingAlong() throws Exception {
    var server = ProgramProcess.start("lsp");
    var editor = new Editor(folder.toUri().toString(), server);
    var training = training(editor, server);
    // No good-bye: the stream ends.
    editor.close();
    assertEquals(1, server.waitFor());
    training.onExit().get(10, TimeUnit.MINUTES);
    assertTrue(Files.exists(folder.resolve("runs/Fit/weights.safetensors")));
  }

  /** The process of a run that has done an epoch. */
  private ProcessHandle training(Editor editor, Process server) throws IOException {
    open(editor, ENDLESS);
    command(editor, Lenses.RUN);
    editor.trainingUntil(t -> isEvent(t, "epoch"));
    var children = server.children().toList();
    assertEquals(1, children.size());
    return children.getFirst();
  }

  @Test
  void aServerEndsWithTheProcessThatItsClientIs() throws Exception {
    var client = ProgramProcess.start("lsp");
    try (var editor = new Editor(folder.toUri().toString(), null, client)) {
      open(editor, "3");
      assertFalse(lenses(editor).isEmpty());
      client.destroyForcibly();
      assertEquals(1, editor.ended());
    }
  }
}
