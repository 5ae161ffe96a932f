package dev.nnlang.compiler.syntax;

import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.source.SourceFile;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** From the bytes of a file to its text (LR-41). */
public final class SourceText {
  private SourceText() {}

  /**
   * The text of UTF-8 bytes; a byte order mark at the start is skipped. Bytes that are no UTF-8
   * become U+FFFD; the first run of them is a problem that names its byte.
   */
  public static Checked<SourceFile> decode(String name, byte[] bytes) {
    int skipped = startsWithMark(bytes) ? 3 : 0;
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes, skipped, bytes.length - skipped);
    CharBuffer out = CharBuffer.allocate(bytes.length - skipped + 1);
    int badByte = -1;
    int badChar = -1;
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (!result.isError()) {
        break;
      }
      if (badByte < 0) {
        badByte = in.position();
        badChar = out.position();
      }
      in.position(in.position() + result.length());
      out.put('\ufffd');
    }
    SourceFile file = new SourceFile(name, out.flip().toString());
    List<Problem> problems = new ArrayList<>();
    if (badByte >= 0) {
      problems.add(
          new SyntaxProblem.BadUtf8(
              file.span(badChar, badChar + 1), badByte, bytes[badByte] & 0xff));
    }
    return new Checked<>(file, problems);
  }

  private static boolean startsWithMark(byte[] bytes) {
    return bytes.length >= 3
        && bytes[0] == (byte) 0xef
        && bytes[1] == (byte) 0xbb
        && bytes[2] == (byte) 0xbf;
  }
}
