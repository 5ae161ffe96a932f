package dev.nnlang.compiler.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SpanTest {
  private final SourceFile file = new SourceFile("a.nn", "ab\r\n\t\ud83d\ude00x\n");

  @Test
  void linesAndColumnsCountFromOne() {
    assertEquals("a.nn:1:1", file.span(0, 1).toString());
    assertEquals("a.nn:1:3", file.span(2, 2).toString());
    assertEquals("a.nn:2:1", file.span(4, 5).toString());
  }

  @Test
  void columnsCountCodePointsAndATabIsOne() {
    assertEquals(3, file.span(7, 8).column(), "the emoji before it is one column");
    assertEquals("x", file.span(7, 8).text());
  }

  @Test
  void linesComeWithoutTheirEnds() {
    assertEquals(3, file.lineCount());
    assertEquals("ab", file.lineText(1));
    assertEquals("\t\ud83d\ude00x", file.lineText(2));
    assertEquals("", file.lineText(3));
  }

  @Test
  void aPlaceOfAFileThatNobodyHasReadIsShownAsFarAsItIsKnown() {
    assertEquals("a.csv:1:1", SourceFile.unread("a.csv", 1, 1).file().toString());
    assertEquals("a.csv:7", SourceFile.unread("a.csv", 7, 0).file().toString());
    assertEquals("a.csv", SourceFile.unread("a.csv", 0, 0).file().toString());
    var place = SourceFile.unread("a.csv", 7, 3);
    assertEquals("a.csv", place.file().name());
    assertEquals("7:3", place.line() + ":" + place.column());
    assertEquals(Integer.MAX_VALUE, SourceFile.unread("a.csv", 1L << 40, 1).line());
  }

  @Test
  void spansJoinAndHaveEnds() {
    Span joined = file.span(0, 1).to(file.span(4, 5));
    assertEquals(file.span(0, 5), joined);
    assertEquals(file.span(5, 5), joined.after());
    assertEquals(file.span(0, 0), joined.before());
    assertEquals(2, joined.endLine());
    assertEquals(2, joined.endColumn());
  }

  @Test
  void aSpanLiesInItsFile() {
    assertThrows(IllegalArgumentException.class, () -> file.span(3, 99));
    assertThrows(IllegalArgumentException.class, () -> file.span(3, 2));
  }
}
