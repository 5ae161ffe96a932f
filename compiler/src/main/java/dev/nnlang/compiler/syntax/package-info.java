/**
 * From text to the tree of what was written.
 *
 * <p>In: a {@link dev.nnlang.compiler.source.SourceFile}. Out: an {@link
 * dev.nnlang.compiler.syntax.Ast.File} and problems.
 *
 * <p>Always holds: parsing never fails and never throws; a hole in the text becomes an {@link
 * dev.nnlang.compiler.syntax.Ast.Missing} and one problem, about which later stages are silent. The
 * tree knows no names and no types: it says what stands in the text, without layout and without
 * redundant parentheses. What stands in front of a declaration is taken apart by {@code DocText}.
 * This is the only package that sees ANTLR. Start reading at {@code Ast}, then {@code Parser}.
 */
package dev.nnlang.compiler.syntax;
