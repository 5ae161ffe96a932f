/**
 * From meaning to equations: every call is written out where it stands.
 *
 * <p>In: {@link dev.nnlang.compiler.semantics.Typed}, which has no errors left. Out: {@link
 * dev.nnlang.compiler.equation.Program}s whose gradients are still asked for as {@code
 * Program.derivatives}; for a {@code train} declaration all programs of a run and the runtime's
 * plans beside them.
 *
 * <p>How it works: a {@code Frame} is one use of a body. Its <em>leads</em> are the indices that
 * the use stands for: the examples, the indices of the equation around the call that its arguments
 * depend on, the dimensions that the call is mapped over (LR-17). An expression becomes a {@code
 * Value}: a shape and a function from subscripts to a node, so that arithmetic on whole tensors,
 * slices and reshapes compose without copies. What is worked out once becomes a tensor: locals,
 * reductions, arguments that are more than a read. A tensor has the leads that it depends on and no
 * others.
 *
 * <p>Always holds: an index name has one extent in a whole program; a reduction has just the
 * indices it depends on, so what does not depend on a recurrence falls out of it; what stands in a
 * branch is guarded by the branch's condition, all the way down into calls; a random number's site
 * depends on names and ordinals, not on the layout of the text (LR-29); the package knows no
 * declaration by name.
 *
 * <p>Of a long {@code repeat} the copies in the middle can be left out ({@code LowStacks}), for
 * {@link dev.nnlang.compiler.induction}: the copies that are written out have their own numbers.
 *
 * <p>Start at {@code Elaborate} (the face), then {@code Frame}, {@code Lowering}, {@code Value}.
 */
package dev.nnlang.compiler.elaborate;
