/**
 * Runs a program that was compiled to bytecode on the processor's cores.
 *
 * <p>In: a {@link dev.nnlang.runtime.cpu.CompiledProgram}, which is class files and the tables that
 * say which buffers they work in. Out: an {@link dev.nnlang.runtime.program.Executable}.
 *
 * <p>Invariants: a session allocates only when an open dimension exceeds what it has seen; how a
 * nest is cut into chunks depends on sizes alone, and how a product is cut divides no sum, so
 * results have the same bits on one thread and on many.
 *
 * <p>Start at {@code CompiledProgram}, then {@code CpuSession} and {@code Product}.
 */
package dev.nnlang.runtime.cpu;
