package dev.nnlang.compiler.diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.diagnostic.TerminalRenderer.Colour;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.source.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalRendererTest {
  private final SourceFile file =
      new SourceFile(
          "mnist.nn", "\n".repeat(13) + "    p = image |> enc |> head\n    q = \u00e4\u0007\t1\n");
  private final Span head = file.span(13 + 24, 13 + 28);

  private record Fact(String code, Span at, Report report) implements Problem {}

  private static String render(Report report) {
    Fact fact = new Fact("E0301", report.primary().span(), report);
    return new TerminalRenderer(Colour.NONE).render(fact);
  }

  @Test
  void looksAsTheLanguageSays() {
    Report report =
        Report.of("Dense reads x[In] with In = 784, but x has 768 here", head, "given enc's y[768]")
            .help("write Dense(10) here for fresh parameters");
    assertEquals(
        """
        error[E0301]: Dense reads x[In] with In = 784, but x has 768 here
          --> mnist.nn:14:25
           |
        14 |     p = image |> enc |> head
           |                         ^^^^ given enc's y[768]
           = help: write Dense(10) here for fresh parameters
        """,
        render(report));
  }

  @Test
  void otherPlacesOfTheFileAreInThePictureAndOfOtherFilesBelowIt() {
    SourceFile library = new SourceFile("dense.nn", "layer Dense {\n");
    Report report =
        Report.of("title", head, "here")
            .with(file.span(13 + 4, 13 + 5), "defined here")
            .with(file.span(0, 0), "")
            .with(library.span(6, 11), "declared here")
            .note("a note");
    assertEquals(
        """
        error[E0301]: title
          --> mnist.nn:14:25
           |
         1 |
           | -
        ...
        14 |     p = image |> enc |> head
           |                         ^^^^ here
           |     - defined here
          ::: dense.nn:1:7
           |
         1 | layer Dense {
           |       ----- declared here
           = note: a note
        """,
        render(report));
  }

  @Test
  void controlsDoNotReachTheTerminal() {
    int start = file.text().indexOf('1', 40);
    assertEquals(
        """
        error[E0301]: t
          --> mnist.nn:15:12
           |
        15 |     q = \u00e4\ufffd 1
           |            ^
        """,
        render(Report.of("t", file.span(start, start + 1), "")));
  }

  @Test
  void ofALongLineOnlyWhatIsNearIsShown() {
    SourceFile wide = new SourceFile("wide.nn", "x".repeat(500) + "HERE" + "y".repeat(500));
    String text = render(Report.of("t", wide.span(500, 504), "this"));
    List<String> lines = text.lines().toList();
    assertEquals(" 1 | ..." + "x".repeat(80) + "HERE" + "y".repeat(156) + "...", lines.get(3));
    assertEquals("   | " + " ".repeat(83) + "^^^^ this", lines.get(4));
  }

  @Test
  void aFileWithoutTextHasANameOnly() {
    SourceFile nothing = new SourceFile("data/x.csv", "");
    assertEquals(
        """
        error[E0301]: cannot be read
          --> data/x.csv
           = no such file
        """,
        render(Report.of("cannot be read", nothing.span(0, 0), "no such file")));
  }

  @Test
  void coloursAreOnlyAdded() {
    Fact fact = new Fact("W0101", head, Report.of("title", head, "label").help("help"));
    String coloured = new TerminalRenderer(Colour.ANSI).render(fact);
    assertTrue(coloured.contains("\u001b[1;33mwarning[W0101]"), coloured);
    assertEquals(
        new TerminalRenderer(Colour.NONE).render(fact),
        coloured.replaceAll("\u001b\\[[0-9;]*m", ""));
  }

  @Test
  void problemsComeInOrderAndOnce() {
    Span early = file.span(13 + 4, 13 + 5);
    Fact late = new Fact("E0301", head, Report.of("late", head, ""));
    Fact same = new Fact("E0301", head, Report.of("late", head, "said again"));
    Fact hint = new Fact("H0101", early, Report.of("hint", early, ""));
    Fact error = new Fact("E0302", early, Report.of("error", early, ""));
    assertEquals(List.of(error, hint, late), Problems.ordered(List.of(late, hint, same, error)));
    assertTrue(Problems.anyError(List.of(hint, error)));
    assertEquals(false, Problems.anyError(List.of(hint)));
  }
}
