/**
 * Makes a program with long stacks of equal layers from one that has only their ends.
 *
 * <p>In: a program compiled with the first and the last copies of each long {@code repeat} ({@link
 * dev.nnlang.compiler.elaborate.LowTraining}), as {@link
 * dev.nnlang.runtime.cpu.CompiledProgram.Parts}. Out: the parts of the program with all copies, the
 * very same as if it had been compiled whole; or nothing, and then it is.
 *
 * <p>How: what belongs to a copy has its number in its name, so that the next copy's is known by
 * its name. In the list of steps, and in every other list, a stretch beside the gap is found that
 * has its like before or behind it, the same but for the number: the same classes, sizes, order and
 * lives, on tensors of which each is the next of the other. The missing copies are more of its
 * likes: what computes a copy from its neighbours computes the next one from its own, if it is
 * given their tensors. So two copies at either end are enough, one that is beside the rest of the
 * network and one that is not; one end may be different further in, where the other shows two that
 * are alike. The tensors of a stretch may belong to several copies, and stretches may follow each
 * other upwards (a forward pass, updates of parameters) or downwards (adjoints).
 *
 * <p>Always holds: whatever has to do with a middle copy lies in such a stretch, and what belongs
 * to a missing copy is used by as many steps as its likes, or nothing is made. A sum over all
 * copies, such as a norm of all gradients, has no place to put more copies in; kernels that each
 * take two copies together would leave the missing ones out. It rests on one thing: a stage treats
 * a copy according to its neighbourhood, not to the height of the stack. {@code InductionTest}
 * compares with programs compiled whole.
 *
 * <p>Start at {@code Induction}, then {@code Stretches} and {@code TallParts}.
 */
package dev.nnlang.compiler.induction;
