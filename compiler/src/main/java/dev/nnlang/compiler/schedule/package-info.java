/**
 * Decides how a program runs: which equations share a loop nest, in which order, in which buffers.
 *
 * <p>In: a {@link dev.nnlang.compiler.equation.Program} without derivatives. Out: a {@link
 * dev.nnlang.compiler.schedule.Plan}, a list of {@link dev.nnlang.compiler.schedule.Kernel}s and
 * the life of every tensor between them.
 *
 * <p>Invariants: a plan computes what the program's outputs and updates need and nothing else; an
 * equation whose form no fast kernel takes still has a plain nest, which says why; within a kernel
 * an index name is one loop; nothing depends on the number of threads.
 *
 * <p>Start at {@code Schedule}, then {@code Kernel}.
 */
package dev.nnlang.compiler.schedule;
