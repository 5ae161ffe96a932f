/**
 * Characters to tokens to a parse tree, as ANTLR generates them from {@code NnLexer.g4} and {@code
 * NnParser.g4}.
 *
 * <p>In: the text of a {@code .nn} file. Out: ANTLR's tokens and context classes. Nothing is
 * written by hand here: neither visitor nor listener is generated, and the tree that the compiler
 * works on is made from the contexts by its package {@code syntax}, the only one that reads this
 * one.
 */
package dev.nnlang.grammar;
