package dev.nnlang.compiler.semantics;

import dev.nnlang.compiler.size.Poly;

/** Sizes in words. */
public final class SizeText {
  private SizeText() {}

  /** A polynomial as the text would say it: without the numbers that tell equal names apart. */
  public static String of(Poly poly) {
    return plain(poly.toString());
  }

  /** A text of sizes and indices, in the same way. */
  public static String plain(String text) {
    var plain = text.indexOf('#') < 0 ? text : text.replaceAll("#\\d+", "");
    return plain.indexOf('(') < 0 ? plain : withoutParentheses(plain);
  }

  /** {@code (N + N*N) / 2} rather than {@code ((N + N*N) / (2))}. */
  private static String withoutParentheses(String text) {
    var plain = text.replaceAll("\\((\\w+)\\)", "$1");
    int depth = 0;
    for (int i = 0; i < plain.length(); i++) {
      depth += plain.charAt(i) == '(' ? 1 : plain.charAt(i) == ')' ? -1 : 0;
      if (depth == 0) {
        return i > 0 && i == plain.length() - 1 ? plain.substring(1, i) : plain;
      }
    }
    return plain;
  }
}
