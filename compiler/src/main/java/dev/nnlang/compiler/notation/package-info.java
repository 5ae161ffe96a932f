/**
 * Equations back into the language: what {@code nn diff} prints.
 *
 * <p>In: a program of the middle language. Out: the text of a {@code fn} whose inputs are the
 * program's inputs and whose outputs are its outputs, in the syntax of {@code .nn} files; it
 * compiles again and computes the same.
 *
 * <p>Invariants: the text needs no {@code use}, no parameters and no names of the standard library;
 * every index states its range, so that nothing is left to inference; every equation stands behind
 * what it reads, as far as recurrences allow, with a comment that says what it is. A read that only
 * a guard with a quotient of indices keeps in range is written with {@code ??}.
 *
 * <p>Start at {@code Notation}, then {@code ExprNotation} (expressions and subscripts), {@code
 * Names} and {@code Fallbacks} (which reads need {@code ??}).
 */
package dev.nnlang.compiler.notation;
