package dev.nnlang.compiler.lsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.*;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random sequences of edits with questions between them: no exception anywhere, and no answer about
 * another text than the one it was asked of. {@code -Dfuzz=10000} for many.
 */
class RandomEditsTest {
  private static final int SEQUENCES = Integer.getInteger("fuzz", 100);
  private static final int EDITS = 6;

  private static final List<String> PIECES =
      List.of(
          "x",
          "(",
          ")",
          "[",
          "]",
          "{",
          "}",
          "\n",
          " ",
          "|>",
          "=",
          " = ",
          "??",
          "sum[i](",
          ", ",
          ":",
          "->",
          "layer L : ",
          "Dense(3)",
          "if ",
          "y'",
          "\"",
          "//",
          "/*",
          "1.5e",
          "\ud83d\ude00",
          "\r\n",
          "\r",
          "use \"a.nn\"",
          "dim D = 3\n",
          "...S",
          ".",
          "param w[",
          "\t");

  @TempDir private static Path folder;

  /** As an editor has them, who asks only for what is different. */
  private SemanticTokens colours;

  private final Random random = new Random(Long.getLong("fuzzSeed", 11));

  @Test
  void noExceptionAndNoStaleAnswer() {
    try (var editor = new Editor(folder.toUri().toString())) {
      for (int i = 0; i < SEQUENCES; i++) {
        var uri = folder.resolve("f" + i + ".nn").toUri().toString();
        sequence(editor, uri);
        editor
            .server()
            .getTextDocumentService()
            .didClose(new DidCloseTextDocumentParams(Editor.id(uri)));
      }
      System.out.println(SEQUENCES + " sequences of edits: no exception, no stale answer");
    }
  }

  private void sequence(Editor editor, String uri) {
    var document = Document.of(uri, 1, Programs.ofLines(random.nextInt(4) == 0 ? 1 : 20));
    editor.open(uri, document.text());
    colours = new SemanticTokens("", List.of());
    var asked = new ArrayList<CompletableFuture<?>>();
    int edits = 1 + random.nextInt(EDITS);
    for (int e = 0; e < edits; e++) {
      var changes = new ArrayList<TextDocumentContentChangeEvent>();
      var next = document;
      for (int c = 0; c <= random.nextInt(3); c++) {
        var change = change(next);
        changes.add(change);
        next = next.changed(document.version() + 1, List.of(change));
      }
      document = document.changed(document.version() + 1, changes);
      assertEquals(next.text(), document.text());
      editor.change(uri, document.version(), changes);
      if (random.nextInt(3) == 0) {
        recolour(editor, Editor.id(uri));
      }
      for (int q = random.nextInt(4); q > 0; q--) {
        asked.add(question(editor, uri, document));
      }
    }
    // Cancelled or not, each of them ends, and none with another error than that it is too late.
    if (!asked.isEmpty() && random.nextBoolean()) {
      asked.get(random.nextInt(asked.size())).cancel(true);
    }
    for (var answer : asked) {
      end(answer, editor);
    }
    assertEquals(List.of(), editor.logged(), document.text());
    same(editor, uri, document);
  }

  private void recolour(Editor editor, TextDocumentIdentifier id) {
    var ask = editor.server().getTextDocumentService();
    var parameters = new SemanticTokensDeltaParams(id, colours.getResultId());
    var answer = Editor.get(ask.semanticTokensFullDelta(parameters));
    colours = answer.map(all -> all, delta -> changed(colours, delta));
  }

  private static SemanticTokens changed(SemanticTokens before, SemanticTokensDelta delta) {
    var data = new ArrayList<>(before.getData());
    for (var edit : delta.getEdits()) {
      var there = data.subList(edit.getStart(), edit.getStart() + edit.getDeleteCount());
      there.clear();
      there.addAll(edit.getData());
    }
    return new SemanticTokens(delta.getResultId(), data);
  }

  private static void end(CompletableFuture<?> answer, Editor editor) {
    if (answer.isCancelled()) {
      return;
    }
    try {
      Editor.get(answer);
    } catch (ResponseErrorException error) {
      int code = error.getResponseError().getCode();
      boolean isExpected =
          code == ResponseErrorCode.ContentModified.getValue()
              || code == ResponseErrorCode.RequestFailed.getValue()
              || code == ResponseErrorCode.RequestCancelled.getValue();
      assertTrue(isExpected, () -> error.getResponseError() + "\n" + editor.logged());
    }
  }

  private TextDocumentContentChangeEvent change(Document document) {
    var text = document.text();
    if (random.nextInt(30) == 0) {
      return new TextDocumentContentChangeEvent(Programs.ofLines(15));
    }
    int start = random.nextInt(text.length() + 1);
    int length = random.nextInt(3) == 0 ? random.nextInt(12) : 0;
    int end = Math.min(text.length(), start + length);
    // Editors do not cut a pair of units in two.
    start =
        start > 0 && start < text.length() && Character.isLowSurrogate(text.charAt(start))
            ? start - 1
            : start;
    end =
        end > 0 && end < text.length() && Character.isLowSurrogate(text.charAt(end))
            ? end + 1
            : end;
    // Nor can a position lie between CR and LF.
    var range = document.positions().range(start, Math.max(start, end));
    var piece = PIECES.get(random.nextInt(PIECES.size()));
    return new TextDocumentContentChangeEvent(range, piece);
  }

  private CompletableFuture<?> question(Editor editor, String uri, Document document) {
    var ask = editor.server().getTextDocumentService();
    var id = Editor.id(uri);
    var at = document.positions().position(random.nextInt(document.text().length() + 1));
    var all = new Range(new Position(0, 0), new Position(1000, 0));
    return switch (random.nextInt(16)) {
      case 0 -> ask.hover(new HoverParams(id, at));
      case 1 -> ask.completion(new CompletionParams(id, at));
      case 2 -> ask.signatureHelp(new SignatureHelpParams(id, at));
      case 3 -> ask.definition(new DefinitionParams(id, at));
      case 4 -> ask.references(new ReferenceParams(id, at, new ReferenceContext(true)));
      case 5 -> ask.documentHighlight(new DocumentHighlightParams(id, at));
      case 6 -> ask.rename(new RenameParams(id, at, "fresh"));
      case 7 -> ask.codeAction(new CodeActionParams(id, all, new CodeActionContext(List.of())));
      case 8 -> ask.inlayHint(new InlayHintParams(id, all));
      case 9 -> ask.documentSymbol(new DocumentSymbolParams(id));
      case 10 -> ask.foldingRange(new FoldingRangeRequestParams(id));
      case 11 -> ask.selectionRange(new SelectionRangeParams(id, List.of(at)));
      case 12 ->
          ask.semanticTokensFullDelta(
              new SemanticTokensDeltaParams(id, String.valueOf(random.nextInt(20))));
      case 13 -> ask.formatting(new DocumentFormattingParams(id, new FormattingOptions(4, true)));
      case 14 -> ask.codeLens(new CodeLensParams(id));
      default -> ask.prepareCallHierarchy(new CallHierarchyPrepareParams(id, at));
    };
  }

  /** What the server says of the last text is what a server says that has never seen another. */
  private void same(Editor editor, String uri, Document document) {
    var analysis = new Project().analysis(Document.of(uri, 1, document.text()));
    var ask = editor.server().getTextDocumentService();
    var id = Editor.id(uri);
    var all = new Range(new Position(0, 0), new Position(1000, 0));
    assertEquals(
        Diagnostics.of(analysis),
        editor.diagnostics(uri, document.version()).getDiagnostics(),
        document.text());
    assertEquals(
        Colours.of(analysis),
        Editor.get(ask.semanticTokensFull(new SemanticTokensParams(id))).getData(),
        document.text());
    // The newest colours have just been sent, the client has older ones.
    recolour(editor, id);
    assertEquals(Colours.of(analysis), colours.getData(), document.text());
    recolour(editor, id);
    assertEquals(Colours.of(analysis), colours.getData(), document.text());
    assertEquals(
        InlayHints.in(analysis, 0, Integer.MAX_VALUE, InlayHints.Wanted.ALL),
        Editor.get(ask.inlayHint(new InlayHintParams(id, all))),
        document.text());
    assertEquals(
        Outline.symbols(analysis),
        Editor.get(ask.documentSymbol(new DocumentSymbolParams(id))).stream()
            .map(s -> s.getRight())
            .toList(),
        document.text());
    assertEquals(
        titles(Lenses.of(analysis, List.of())),
        titles(Editor.get(ask.codeLens(new CodeLensParams(id)))),
        document.text());
  }

  /** Where they stand and what they say; what a plan takes is worked out later. */
  private static List<String> titles(List<? extends CodeLens> lenses) {
    return lenses.stream()
        .map(l -> l.getRange() + (l.getCommand() == null ? "" : l.getCommand().getTitle()))
        .toList();
  }
}
