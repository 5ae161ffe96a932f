/**
 * Rewrites that keep the value of the mathematics and improve that of the arithmetic (LR-86).
 *
 * <p>In: a {@link dev.nnlang.compiler.equation.Program} as it was written. Out: the same program,
 * in which logarithms of probabilities, sums of exponentials, small differences and norms at zero
 * are computed in a form that neither overflows nor cancels. Runs before differentiation, so that
 * the derivatives come from the stable forms.
 *
 * <p>Always holds: a rule fires however its parts are spread over equations, for it looks through
 * reads of elementwise tensors; each rule stands beside the reason why it is right. No other pass
 * changes a value (LR-38).
 *
 * <p>Start at {@code Stabilise}; the tables are {@code Elementary}, {@code Logarithms}, {@code
 * Exponentials}, {@code Squares}. {@code Normalisers} finds logits taken of probabilities.
 */
package dev.nnlang.compiler.stabilise;
