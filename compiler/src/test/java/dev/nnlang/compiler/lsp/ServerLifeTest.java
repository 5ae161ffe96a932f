package dev.nnlang.compiler.lsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.Diagnostic;
import org.eclipse.lsp4j.DidChangeWatchedFilesParams;
import org.eclipse.lsp4j.ExecuteCommandParams;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.SemanticTokensDeltaParams;
import org.eclipse.lsp4j.SemanticTokensParams;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Between the questions: versions, files that change elsewhere, commands, the end. */
class ServerLifeTest {
  @TempDir private Path folder;

  private String uri(String name) {
    return folder.resolve(name).toUri().toString();
  }

  private Editor editor() {
    return new Editor(folder.toUri().toString());
  }

  private static CompletableFuture<Hover> hover(Editor editor, String uri) {
    return editor
        .server()
        .getTextDocumentService()
        .hover(new HoverParams(Editor.id(uri), new Position(0, 3)));
  }

  /** Problems after everything that was said so far: questions are answered in order. */
  private static List<String> codes(Editor editor, String uri, int version) {
    Editor.get(hover(editor, uri));
    return editor.diagnostics(uri, version).getDiagnostics().stream()
        .map(Diagnostic::getCode)
        .map(c -> c.getLeft())
        .toList();
  }

  @Test
  void goodByeIsAnsweredAndTheStatusIsZero() {
    var editor = editor();
    assertEquals(0, editor.quit());
  }

  @Test
  void onlyTheColoursThatAreDifferentAreSent() {
    try (var editor = editor()) {
      var uri = uri("a.nn");
      var id = Editor.id(uri);
      var ask = editor.server().getTextDocumentService();
      var text = Programs.ofLines(500);
      editor.open(uri, text);
      var all = Editor.get(ask.semanticTokensFull(new SemanticTokensParams(id)));
      // A name more in an equation: five numbers, and the place of its neighbour.
      int line = text.lines().toList().indexOf("    p = h |> Dense(Digit) |> softmax");
      var behind = new Position(line, "    p = h".length());
      var more = new TextDocumentContentChangeEvent(new Range(behind, behind), " |> relu");
      editor.change(uri, 2, List.of(more));
      var asked = new SemanticTokensDeltaParams(id, all.getResultId());
      var delta = Editor.get(ask.semanticTokensFullDelta(asked)).getRight();
      var edit = delta.getEdits().getFirst();
      assertEquals(1, delta.getEdits().size());
      assertTrue(edit.getData().size() <= 10, edit.toString());
      var changed = new ArrayList<>(all.getData());
      changed.subList(edit.getStart(), edit.getStart() + edit.getDeleteCount()).clear();
      changed.addAll(edit.getStart(), edit.getData());
      var again = Editor.get(ask.semanticTokensFull(new SemanticTokensParams(id)));
      assertEquals(again.getData(), changed);
      // What a client has that the server does not know: all of them.
      var unknown = new SemanticTokensDeltaParams(id, "?");
      assertEquals(
          again.getData(), Editor.get(ask.semanticTokensFullDelta(unknown)).getLeft().getData());
    }
  }

  @Test
  void anAnswerAboutAnOlderTextIsNotSent() {
    try (var editor = editor()) {
      var uri = uri("a.nn");
      editor.open(uri, Programs.ofLines(500));
      var asked = new ArrayList<CompletableFuture<Hover>>();
      for (int version = 2; version <= 40; version++) {
        asked.add(hover(editor, uri));
        editor.change(
            uri, version, List.of(new TextDocumentContentChangeEvent(Programs.ofLines(500))));
      }
      int overtaken = 0;
      for (var answer : asked) {
        try {
          Editor.get(answer);
        } catch (ResponseErrorException refused) {
          assertEquals(
              ResponseErrorCode.ContentModified.getValue(), refused.getResponseError().getCode());
          overtaken++;
        }
      }
      // How many depends on the machine; a hover of 500 lines is never faster than a message.
      assertTrue(overtaken > 0);
      assertEquals(List.of(), codes(editor, uri, 40));
    }
  }

  @Test
  void aFileThatIsUsedCountsAsTheEditorHasItElseAsItIsOnDisk() throws IOException {
    Files.writeString(folder.resolve("used.nn"), "fn twice : x = 2 * x\n");
    try (var editor = editor()) {
      var main = uri("main.nn");
      editor.open(main, "use \"used.nn\"\nfn f : x = twice(x)\n");
      assertEquals(List.of(), codes(editor, main, 1));

      Files.writeString(folder.resolve("used.nn"), "fn thrice : x = 3 * x\n");
      editor
          .server()
          .getWorkspaceService()
          .didChangeWatchedFiles(new DidChangeWatchedFilesParams(List.of()));
      assertEquals(List.of("E0201"), codes(editor, main, 1));

      editor.open(uri("used.nn"), "fn twice : x = x + x\n");
      assertEquals(List.of(), codes(editor, main, 1));
      editor.change(
          uri("used.nn"), 2, List.of(new TextDocumentContentChangeEvent("fn once : x = x\n")));
      assertEquals(List.of("E0201"), codes(editor, main, 1));
    }
  }

  @Test
  void whatIsNoCommandAndWhatIsNotOpenIsRefused() {
    try (var editor = editor()) {
      var commands = editor.server().getWorkspaceService();
      var no = new ExecuteCommandParams("nn.nothing", List.of(uri("a.nn"), "T"));
      assertThrows(ResponseErrorException.class, () -> Editor.get(commands.executeCommand(no)));
      assertThrows(ResponseErrorException.class, () -> Editor.get(hover(editor, uri("never.nn"))));
    }
  }
}
