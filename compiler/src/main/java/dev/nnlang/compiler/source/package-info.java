/**
 * Text with positions.
 *
 * <p>In: a name and characters. Out: {@link dev.nnlang.compiler.source.SourceFile} and {@link
 * dev.nnlang.compiler.source.Span}.
 *
 * <p>Always holds: an offset into the text is the only position that is stored; lines and columns
 * are computed by the file, from 1, columns in code points (LR-41). Start reading at {@code Span}.
 */
package dev.nnlang.compiler.source;
