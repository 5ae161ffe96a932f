package dev.nnlang.compiler.syntax;

import dev.nnlang.grammar.NnLexer;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** ASCII for characters that are pasted from papers and word processors. */
final class Lookalikes {
  /**
   * What to write for a symbol.
   *
   * @param text its ASCII form
   * @param type the token it becomes, or -1 for none
   */
  record Symbol(String text, int type) {
    String shown() {
      return text.isBlank() ? "an ordinary blank" : text;
    }
  }

  private static final Map<Integer, Symbol> SYMBOLS = new HashMap<>();
  private static final Map<Integer, String> LETTERS = new HashMap<>();

  static {
    symbols("\u00d7\u00b7\u22c5\u2217\u2219\u2062", "*", NnLexer.STAR);
    symbols("\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d", "-", NnLexer.MINUS);
    symbols("\u00f7\u2215\u2044", "/", NnLexer.SLASH);
    symbols("\uff0b", "+", NnLexer.PLUS);
    symbols("\u2264\u2a7d", "<=", NnLexer.LE);
    symbols("\u2265\u2a7e", ">=", NnLexer.GE);
    symbols("\u2260", "!=", NnLexer.NE);
    symbols("\u2192\u27f6\u21a6\u21d2", "->", NnLexer.ARROW);
    symbols("\u2190\u2254\uff1d", "=", NnLexer.ASSIGN);
    symbols("\u223c\u02dc\uff5e", "~", NnLexer.TILDE);
    symbols("\u2227", "and", NnLexer.AND);
    symbols("\u2228", "or", NnLexer.OR);
    symbols("\u00ac", "not ", NnLexer.NOT);
    symbols("\u2026", "...", NnLexer.ELLIPSIS);
    symbols("\u25b7\u22b3", "|>", NnLexer.PIPE);
    symbols("\uff08", "(", NnLexer.LPAREN);
    symbols("\uff09", ")", NnLexer.RPAREN);
    symbols("\uff0c\u201a", ",", NnLexer.COMMA);
    symbols("\uff1a", ":", NnLexer.COLON);
    symbols("\uff1b\u037e", ";", NnLexer.SEMICOLON);
    symbols("\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb", "\"", -1);
    symbols("\u221e", "inf", NnLexer.NAME);
    symbols("\u2211", "sum", NnLexer.NAME);
    symbols("\u220f", "prod", NnLexer.NAME);
    symbols("\u221a", "sqrt", NnLexer.NAME);
    symbols(
        "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
        " ",
        -1);
    letters(
        "\u03b1 alpha \u03b2 beta \u03b3 gamma \u03b4 delta \u03b5 eps \u03f5 eps \u03b6 zeta \u03b7 eta "
            + "\u03b8 theta \u03b9 iota \u03ba kappa \u03bb lambda \u03bc mu \u00b5 mu \u03bd nu \u03be xi \u03c0 pi "
            + "\u03c1 rho \u03c3 sigma \u03c2 sigma \u03c4 tau \u03c5 upsilon \u03c6 phi \u03d5 phi \u03c7 chi "
            + "\u03c8 psi \u03c9 omega \u0393 Gamma \u0394 Delta \u0398 Theta \u039b Lambda \u039e Xi \u03a0 Pi "
            + "\u03a3 Sigma \u03a6 Phi \u03a8 Psi \u03a9 Omega \u2202 d "
            // Cyrillic letters that look like Latin ones.
            + "\u0430 a \u0435 e \u043e o \u0440 p \u0441 c \u0443 y \u0445 x \u0456 i \u0410 A \u0412 B \u0415 E "
            + "\u041a K \u041c M \u041d H \u041e O \u0420 P \u0421 C \u0422 T \u0425 X "
            + "\u0131 i \u0142 l \u00df ss \u00e6 ae \u00f8 o \u0153 oe");
  }

  private Lookalikes() {}

  private static void symbols(String characters, String text, int type) {
    characters.codePoints().forEach(c -> SYMBOLS.put(c, new Symbol(text, type)));
  }

  private static void letters(String pairs) {
    String[] words = pairs.split(" ");
    for (int i = 0; i < words.length; i += 2) {
      LETTERS.put(words[i].codePointAt(0), words[i + 1]);
    }
  }

  static Optional<Symbol> symbol(int c) {
    return Optional.ofNullable(SYMBOLS.get(c));
  }

  /** The word in ASCII, if each of its characters has a form there. */
  static Optional<String> word(String word) {
    StringBuilder out = new StringBuilder();
    for (int c : word.codePoints().toArray()) {
      if (c < 0x80) {
        out.appendCodePoint(c);
        continue;
      }
      if (LETTERS.containsKey(c)) {
        out.append(LETTERS.get(c));
        continue;
      }
      String plain = Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKD);
      String ascii = plain.replaceAll("[^\\x00-\\x7f]", "");
      if (ascii.isEmpty()) {
        return Optional.empty();
      }
      // A raised digit is a power, a lowered one part of the name.
      boolean raised = Character.getName(c).toUpperCase(Locale.ROOT).contains("SUPERSCRIPT");
      out.append(raised ? "^" : "").append(ascii);
    }
    return out.isEmpty() ? Optional.empty() : Optional.of(out.toString());
  }
}
