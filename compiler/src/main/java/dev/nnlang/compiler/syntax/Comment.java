package dev.nnlang.compiler.syntax;

/**
 * A comment of the text.
 *
 * @param type DOC, LINE_COMMENT or BLOCK_COMMENT of {@code NnLexer}
 * @param start the offset of its first character
 * @param end the offset after its last one
 * @param alone whether nothing but blanks stands before it on its line
 */
record Comment(int type, int start, int end, boolean alone) {}
