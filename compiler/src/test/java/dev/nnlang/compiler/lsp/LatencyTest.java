package dev.nnlang.compiler.lsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.eclipse.lsp4j.CodeLensParams;
import org.eclipse.lsp4j.DocumentSymbolParams;
import org.eclipse.lsp4j.FoldingRangeRequestParams;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.InlayHintParams;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.SemanticTokensParams;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From a key stroke in a file of 500 lines to its problems and all that an editor asks for after
 * it, over the streams: printed, never asserted. The memory that is held meanwhile, at ten points,
 * stays flat: that is asserted. {@code -Dlatency=N} sets how many words are typed and taken back,
 * two edits each: 1,000 for the figures, 9,000 for what an hour of typing has.
 */
class LatencyTest {
  private static final int EDITS = Integer.getInteger("latency", 40);

  /** A server that an editor has just started is slower: HotSpot has not compiled it yet. */
  private static final int WARM_UP = Math.max(30, EDITS / 4);

  private static final int POINTS = 10;

  private static final long MOST_GROWTH = 48L << 20;

  @TempDir private static Path folder;

  @Test
  void everyKeyStrokeIsAnsweredAndNothingIsKept() throws Exception {
    var text = Programs.ofLines(500);
    Files.writeString(folder.resolve("long.nn"), text);
    var uri = folder.resolve("long.nn").toUri().toString();
    var random = new Random(3);
    var broken = new double[EDITS];
    var mended = new double[EDITS];
    try (var editor = new Editor(folder.toUri().toString())) {
      editor.open(uri, text);
      assertEquals(List.of(), editor.diagnostics(uri, 1).getDiagnostics());
      int version = 1;
      long before = 0;
      var held = new ArrayList<Long>();
      for (int i = -WARM_UP; i < EDITS; i++) {
        if (i == 0) {
          before = memory();
        }
        // A word is typed and taken back, so the file is broken every other time.
        var places = new Positions(text);
        int line = random.nextInt(places.lineCount());
        int at =
            places.lineStart(line)
                + random.nextInt(places.lineEnd(line) - places.lineStart(line) + 1);
        var place = places.position(at);
        double there = stroke(editor, uri, ++version, new Range(place, place), "(x +");
        var behind = new Position(place.getLine(), place.getCharacter() + 4);
        double gone = stroke(editor, uri, ++version, new Range(place, behind), "");
        if (i >= 0) {
          broken[i] = there;
          mended[i] = gone;
        }
        if (i >= 0 && (i + 1) % Math.max(1, EDITS / POINTS) == 0) {
          held.add(memory());
        }
      }
      long grown = held.getLast() - before;
      System.out.printf("%d edits of %d lines%n", 2 * EDITS, text.lines().count());
      print("that break the file", broken);
      print("that mend it", mended);
      System.out.printf(
          "held after %d edits: %s MB; %d KB more than before%n",
          2 * EDITS, held.stream().map(h -> h >> 20).toList(), grown >> 10);
      assertEquals(List.of(), editor.logged());
      assertEquals(List.of(), editor.diagnostics(uri, version).getDiagnostics());
      assertTrue(grown < MOST_GROWTH, "memory grew by " + grown + " bytes");
    }
  }

  private static void print(String which, double[] times) {
    Arrays.sort(times);
    System.out.printf(
        "  %s: median %.1f ms, 90th percentile %.1f ms, 99th %.1f ms, longest %.1f ms%n",
        which,
        times[EDITS / 2],
        times[(int) (EDITS * 0.9)],
        times[(int) (EDITS * 0.99)],
        times[EDITS - 1]);
  }

  /** One change, and all that an editor asks after it. */
  private static double stroke(Editor editor, String uri, int version, Range range, String text) {
    long start = System.nanoTime();
    editor.change(uri, version, List.of(new TextDocumentContentChangeEvent(range, text)));
    var ask = editor.server().getTextDocumentService();
    var id = Editor.id(uri);
    var screen = new Range(new Position(0, 0), new Position(60, 0));
    var hints = ask.inlayHint(new InlayHintParams(id, screen));
    var colours = ask.semanticTokensFull(new SemanticTokensParams(id));
    var symbols = ask.documentSymbol(new DocumentSymbolParams(id));
    var folds = ask.foldingRange(new FoldingRangeRequestParams(id));
    var lenses = ask.codeLens(new CodeLensParams(id));
    var hover = ask.hover(new HoverParams(id, new Position(20, 6)));
    Editor.get(hints);
    Editor.get(colours);
    Editor.get(symbols);
    Editor.get(folds);
    Editor.get(lenses);
    Editor.get(hover);
    editor.diagnostics(uri, version);
    return (System.nanoTime() - start) / 1e6;
  }

  private static long memory() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(20);
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
