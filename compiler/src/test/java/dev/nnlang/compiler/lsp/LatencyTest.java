package dev.nnlang.compiler.lsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.regex.Pattern;
import org.eclipse.lsp4j.CodeLensParams;
import org.eclipse.lsp4j.DocumentSymbolParams;
import org.eclipse.lsp4j.FoldingRangeRequestParams;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.InlayHintParams;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.SemanticTokens;
import org.eclipse.lsp4j.SemanticTokensDelta;
import org.eclipse.lsp4j.SemanticTokensDeltaParams;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * From a key stroke in a file of 500 lines to its problems and all that an editor asks for after
 * it, over the streams: printed, never asserted. The memory that is held meanwhile, at ten points,
 * stays flat: that is asserted. {@code -Dlatency=N} sets how many edits there are, after a quarter
 * as many to warm up: 1,000 for the figures, 18,000 for what an hour of typing has.
 */
@Isolated("it looks at the memory of the process")
class LatencyTest {
  private static final int EDITS = Integer.getInteger("latency", 80);

  /** A server that an editor has just started is slower: HotSpot has not compiled it yet. */
  private static final int WARM_UP = Math.max(60, EDITS / 4);

  private static final int POINTS = 10;

  private static final int SLOWEST = 10;

  private static final long MOST_GROWTH = 48L << 20;

  /** A number that may be any other: of the split no more than all. */
  private static final Pattern NUMBER = Pattern.compile("(?m)^(?!.*shuffled).*\\b0(\\.\\d+)");

  @TempDir private static Path folder;

  private enum Kind {
    /** A word is typed somewhere, and the file is broken. */
    BREAKS("that break the file"),
    /** It is taken back. */
    MENDS("that mend it"),
    /** A number that was not there before. */
    CHANGES("that change a number");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  private record Stroke(Kind kind, double ms) {}

  private record Slow(double ms, int line, String text) {}

  private final Random random = new Random(3);
  private String text;
  private String uri;
  private int version = 1;
  private String colours = "";

  /** Of all others no text is kept: it is the server's memory that is measured. */
  private final PriorityQueue<Slow> slowest =
      new PriorityQueue<>(Comparator.comparingDouble(Slow::ms));

  @Test
  void everyKeyStrokeIsAnsweredAndNothingIsKept() throws Exception {
    text = Programs.ofLines(500);
    Files.writeString(folder.resolve("long.nn"), text);
    uri = folder.resolve("long.nn").toUri().toString();
    var cold = new ArrayList<Stroke>();
    var warm = new ArrayList<Stroke>();
    try (var editor = new Editor(folder.toUri().toString())) {
      long opened = System.nanoTime();
      editor.open(uri, text);
      assertEquals(List.of(), editor.diagnostics(uri, 1).getDiagnostics());
      System.out.printf("%d lines opened in %.0f ms%n", text.lines().count(), since(opened));
      while (cold.size() < WARM_UP) {
        edit(editor, cold);
      }
      slowest.clear();
      long before = memory();
      var held = new ArrayList<Long>();
      while (warm.size() < EDITS) {
        edit(editor, warm);
        if (warm.size() >= (held.size() + 1) * EDITS / POINTS) {
          held.add(memory());
        }
      }
      long grown = held.getLast() - before;
      print("the first 10 edits", cold.subList(0, 10));
      print(cold.size() + " edits to warm up", cold);
      print(warm.size() + " edits", warm);
      for (var kind : Kind.values()) {
        print("  " + kind.words, warm.stream().filter(s -> s.kind == kind).toList());
      }
      System.out.println("the slowest:");
      slowest.stream()
          .sorted(Comparator.comparingDouble(Slow::ms).reversed())
          .forEach(s -> System.out.printf("  %.1f ms, line %d: %s%n", s.ms, s.line, s.text));
      System.out.printf(
          "held meanwhile: %s MB; %d KB more than before%n",
          held.stream().map(h -> h >> 20).toList(), grown >> 10);
      assertEquals(List.of(), editor.logged());
      assertEquals(List.of(), editor.diagnostics(uri, version).getDiagnostics());
      assertTrue(grown < MOST_GROWTH, "memory grew by " + grown + " bytes");
    }
  }

  /** A word typed and taken back, then a number changed. */
  private void edit(Editor editor, List<Stroke> done) {
    var places = new Positions(text);
    int line = random.nextInt(places.lineCount());
    int start = places.lineStart(line);
    int at = start + random.nextInt(places.lineEnd(line) - start + 1);
    done.add(replace(editor, Kind.BREAKS, at, at, "(x +"));
    done.add(replace(editor, Kind.MENDS, at, at + 4, ""));
    var numbers = NUMBER.matcher(text).results().toList();
    var number = numbers.get(random.nextInt(numbers.size()));
    var other = ".0" + (100_000 + random.nextInt(900_000));
    done.add(replace(editor, Kind.CHANGES, number.start(1), number.end(1), other));
  }

  private Stroke replace(Editor editor, Kind kind, int start, int end, String by) {
    var places = new Positions(text);
    var range = new Range(places.position(start), places.position(end));
    text = text.substring(0, start) + by + text.substring(end);
    double ms = stroke(editor, uri, ++version, range, by);
    int line = range.getStart().getLine();
    var now = new Positions(text);
    slowest.add(
        new Slow(ms, line + 1, text.substring(now.lineStart(line), now.lineEnd(line)).strip()));
    if (slowest.size() > SLOWEST) {
      slowest.remove();
    }
    return new Stroke(kind, ms);
  }

  private static void print(String which, List<Stroke> strokes) {
    var times = strokes.stream().mapToDouble(Stroke::ms).sorted().toArray();
    System.out.printf(
        "%s: median %.1f ms, 90th percentile %.1f ms, 99th %.1f ms, longest %.1f ms%n",
        which,
        times[times.length / 2],
        times[(int) (times.length * 0.9)],
        times[(int) (times.length * 0.99)],
        times[times.length - 1]);
  }

  private static double since(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  /** One change, and all that an editor asks after it. */
  private double stroke(Editor editor, String uri, int version, Range range, String text) {
    long start = System.nanoTime();
    editor.change(uri, version, List.of(new TextDocumentContentChangeEvent(range, text)));
    var ask = editor.server().getTextDocumentService();
    var id = Editor.id(uri);
    var screen = new Range(new Position(0, 0), new Position(60, 0));
    var hints = ask.inlayHint(new InlayHintParams(id, screen));
    var tokens = ask.semanticTokensFullDelta(new SemanticTokensDeltaParams(id, colours));
    var symbols = ask.documentSymbol(new DocumentSymbolParams(id));
    var folds = ask.foldingRange(new FoldingRangeRequestParams(id));
    var lenses = ask.codeLens(new CodeLensParams(id));
    var hover = ask.hover(new HoverParams(id, new Position(20, 6)));
    Editor.get(hints);
    colours = Editor.get(tokens).map(SemanticTokens::getResultId, SemanticTokensDelta::getResultId);
    Editor.get(symbols);
    Editor.get(folds);
    Editor.get(lenses);
    Editor.get(hover);
    editor.diagnostics(uri, version);
    return since(start);
  }

  private static long memory() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(20);
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
