/**
 * Exact integer algebra of dimensions and indices: the arithmetic of shapes, subscripts and ranges.
 *
 * <p>In: integers, dimension variables, index variables. Out: {@link
 * dev.nnlang.compiler.size.Poly}, a canonical polynomial that serves as extent ({@code 2*H - 1})
 * and as subscript ({@code h*2 + r - P}), and the {@code Prover}, which decides whether {@code e >=
 * 0} follows from known facts.
 *
 * <p>Invariants: a polynomial is immutable and canonical, so equal polynomials are {@code equals};
 * division rounds towards minus infinity (LR-1); every dimension is at least 1 (LR-39); arithmetic
 * is exact and throws {@link java.lang.ArithmeticException} beyond 64 bits, which the callers turn
 * into a problem of the user's program.
 *
 * <p>Start at {@code Poly}, whose sums are {@code Terms}, then {@code Facts} and {@code Prover};
 * {@code Cone} holds the proof search.
 */
package dev.nnlang.compiler.size;
