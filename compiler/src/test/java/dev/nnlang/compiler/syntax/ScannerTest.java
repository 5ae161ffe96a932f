package dev.nnlang.compiler.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.source.SourceFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What cannot be written in a case file: bytes, controls, halves of characters. */
class ScannerTest {
  private static Checked<SourceFile> decode(int... bytes) {
    byte[] all = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      all[i] = (byte) bytes[i];
    }
    return SourceText.decode("a.nn", all);
  }

  private static List<String> messages(String text) {
    return Parser.parse(new SourceFile("a.nn", text)).problems().stream()
        .map(p -> p.code() + " " + p.at() + " " + p.report().title())
        .toList();
  }

  @Test
  void aByteOrderMarkIsSkipped() {
    Checked<SourceFile> file = decode(0xef, 0xbb, 0xbf, 'd', 'i', 'm');
    assertEquals("dim", file.value().text());
    assertEquals(List.of(), file.problems());
  }

  @Test
  void badUtf8NamesItsByte() {
    Checked<SourceFile> file = decode('a', 0xc3, 0xa4, 0xff, 'b', 0xc3);
    assertEquals("a\u00e4\ufffdb\ufffd", file.value().text());
    assertEquals(1, file.problems().size(), "one message a file");
    Problem problem = file.problems().getFirst();
    assertEquals("E0101", problem.code());
    assertEquals("this file is not UTF-8: byte 3 is 0xff", problem.report().title());
    assertEquals(3, problem.at().column());
  }

  @Test
  void whatWasNoUtf8IsNotToldTwice() {
    Checked<SourceFile> file = decode('d', 'i', 'm', ' ', 'A', '=', 0xff, '3');
    assertEquals(1, file.then(Parser::parse).problems().size());
  }

  @Test
  void allTextDecodesToItself() {
    String text = "// \u00e4 \u4e2d \ud83d\ude00\n";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertEquals(text, SourceText.decode("a.nn", bytes).value().text());
  }

  @Test
  void controlsAreErrorsEverywhere() {
    assertEquals(
        List.of("E0102 a.nn:1:7 a control character, U+0000, stands here"),
        messages("dim A \u0000= 3"));
    assertEquals(
        List.of("E0102 a.nn:1:5 a control character, U+0007, stands here"),
        messages("// a\u0007\n"));
    assertEquals(
        List.of(
            "E0102 a.nn:1:10 a control character, a carriage return without a line feed,"
                + " stands here"),
        messages("dim A = 3\r// c"));
    assertEquals(List.of(), messages("dim A =\t3\r\ndim B = 4\r\n"));
  }

  @Test
  void positionsAreRightBehindCharactersOfTwoUnits() {
    assertEquals(
        List.of("E0108 a.nn:2:9 99999999999999999999 is too large for an int"),
        messages("// \ud83d\ude00\ndim A = 99999999999999999999"));
    assertEquals(
        List.of(
            "E0103 a.nn:1:9 `\ud83d\ude00` (U+1F600 grinning face) is no character of the language"),
        messages("dim A = \ud83d\ude003"));
  }

  @Test
  void halvesOfCharactersDoNotHarm() {
    List<String> messages = messages("dim A = \ud83d3 \ude00");
    assertTrue(messages.getFirst().startsWith("E0103"), messages.toString());
  }
}
