/**
 * The middle language: what a network computes, as a set of indexed equations.
 *
 * <p>In: nothing; this is a data language. Out: {@link dev.nnlang.compiler.equation.Program}, its
 * text form, its verifier and the reference interpreter that judges every backend.
 *
 * <pre>{@code
 * Equation = tensor, axes (i : extent), reduction? (op, axes (k : extent), guard), body, origin
 * Expr     = constants | Index(subscript) | Read(tensor, subscripts) | Unary | Binary | Compare
 *          | Logic | Select(guard, a, b) | Cast | Draw(site, distribution, arguments, key)
 * }</pre>
 *
 * <p>Always holds, and the verifier checks it after every pass in tests: one defining equation a
 * tensor, total on its domain; every read provably in range under the guards around it; a reduction
 * only at the root of an equation; a subscript that is not an {@code Index} (a gather) is the only
 * data-dependent access; the dependence graph is acyclic but for recurrences (LR-30), whose
 * equations read themselves at a constant distance; types are explicit; every equation has an
 * origin. {@code training} is resolved before: training and inference are two programs. The batch
 * is an ordinary axis with the open dimension {@code batch}.
 *
 * <p>Nodes are interned by {@link dev.nnlang.compiler.equation.Nodes}: equality is identity, ids
 * ascend from operands to users. What every stage asks of an expression, what is below it and what
 * it reads, is kept with its node. {@code Select} evaluates only the branch taken, and a reduction
 * evaluates its body only where its guard holds: nothing guarded is evaluated, forward or backward.
 *
 * <p>Start at {@code Program}, then {@code Expr}.
 */
package dev.nnlang.compiler.equation;
