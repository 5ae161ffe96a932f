/**
 * Derivatives as equations, by one rule.
 *
 * <p>In: a {@link dev.nnlang.compiler.equation.Program} with {@code derivatives}. Out: the same
 * program with an equation for every result and none left over. The equations that were there stay
 * untouched.
 *
 * <p>The rule: for {@code Y[i] = sum[k | G](B)} and each read {@code X[phi(i, k)]} in {@code B}
 *
 * <pre>{@code
 * dX[u] += sum over the unsolved (i, k), with phi(i, k) = u solved, under the ranges and G,
 *          of dY[i] * dB/dread
 * }</pre>
 *
 * <p>Always holds: a read that is affine never becomes a scatter; a gather becomes {@code sum[i |
 * idx[i] == u](...)}, the only sum whose guard compares a gather with an axis of the left side;
 * what was guarded stays guarded; the adjoint of {@code h} is called {@code d_h}.
 *
 * <p>Start at {@code Differentiate}, then {@code Adjoints} (the sweep over tensors), {@code
 * Backward} (the sweep over one body), {@code Slopes} and {@code Rules} (the tables of scalar
 * functions and of reductions), {@code Inversion} (solving subscripts), {@code Contribution} (what
 * becomes a sum).
 */
package dev.nnlang.compiler.differentiate;
