package dev.nnlang.compiler.syntax;

import dev.nnlang.grammar.NnLexer;

/**
 * What the formatter sets: a word, a comment, or a parenthesis that it adds.
 *
 * @param type a constant of {@code NnLexer}; what it adds has no extent in the source
 * @param text how it is written
 * @param start where it stood in the source
 * @param end where it ended there
 * @param depth how many round and square brackets of its statement are open around it
 */
record Piece(int type, String text, int start, int end, int depth) {
  boolean isComment() {
    return type == NnLexer.DOC || type == NnLexer.LINE_COMMENT || type == NnLexer.BLOCK_COMMENT;
  }

  boolean opens() {
    return type == NnLexer.LPAREN || type == NnLexer.LBRACK || type == NnLexer.ENUM_OPEN;
  }

  boolean closes() {
    return type == NnLexer.RPAREN || type == NnLexer.RBRACK || type == CLOSE_ENUM;
  }

  /** The brace after the members of an enumerated dimension, which is no block's. */
  static final int CLOSE_ENUM = -2;
}
