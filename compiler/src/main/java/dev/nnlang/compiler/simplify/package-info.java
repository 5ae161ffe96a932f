/**
 * Less work for the same values.
 *
 * <p>In: a {@link dev.nnlang.compiler.equation.Program} without derivatives. Out: one with the same
 * border whose outputs have the same bits. Nothing here rounds differently; what would is in a
 * table of its own, {@code Rounding}, that applies only where it is asked for.
 *
 * <p>Always holds: {@code x + 0} stays, for it makes 0 of -0; {@code x * 0} stays, for x may be
 * NaN; no guard goes that the prover does not prove; outputs and next states keep their tensors.
 *
 * <p>Start at {@code Simplify}; the parts are {@code Algebra} (scalar identities), {@code Guards},
 * {@code Copies} and {@code Common} (equal equations).
 */
package dev.nnlang.compiler.simplify;
