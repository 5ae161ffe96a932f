package dev.nnlang.compiler.syntax;

/**
 * A token of the text, comments and blanks apart.
 *
 * @param type a constant of {@code NnLexer}
 * @param start the offset of its first character
 * @param end the offset after its last one
 * @param firstOnLine whether a line end stands between it and the word before
 */
record Word(int type, int start, int end, boolean firstOnLine) {
  Word as(int newType) {
    return new Word(newType, start, end, firstOnLine);
  }
}
