/**
 * Runs a program that was compiled to bytecode on the processor's cores.
 *
 * <p>In: a {@link dev.nnlang.runtime.cpu.CompiledProgram}, which is class files and the tables that
 * say which buffers they work in. Out: an {@link dev.nnlang.runtime.program.Executable}.
 *
 * <p>Invariants: a session allocates only when an open dimension exceeds what it has seen; how a
 * nest is cut into chunks depends on sizes alone, and a product's sums are cut, if at all, where
 * sizes say ({@code Tiling}), so results have the same bits on one thread and on many.
 *
 * <p>Classes are made for the lanes of the process that runs them ({@code Lanes}): those of a
 * vector, or one where there is no Vector API. Results then differ by rounding: sums along lanes
 * have another order.
 *
 * <p>Steps that depend on parameters alone run when one was bound or changed, and a product's right
 * factor that does is packed then: {@link dev.nnlang.runtime.tensor.Tensor#version} tells. Packed
 * matrices and sums begin at a line of the cache: reads across two lines cost a third of a product
 * with few rows.
 *
 * <p>How a product is computed ({@code ProductForm}: which tiles, what is packed) is chosen from
 * its {@code ProductShape} by {@code ProductCost}, unless {@code MeasuredForms} knows of a faster
 * form; all that a shape can have give the same bits.
 *
 * <p>Tiles stand one below the other ({@code RowTiles}); where a convolution has few columns, they
 * read each element once for a few terms ({@code Windows}).
 *
 * <p>Of a program with a {@link dev.nnlang.runtime.cpu.BlockSize} a run takes a few examples at a
 * time ({@code Blocks}); memory between kernels is that of a block. Several threads take a block
 * each, in memory of their own ({@code Prepared}), and share what depends on parameters alone.
 *
 * <p>A program may have a form of its own for many examples: a session runs in the one for as many
 * as are bound ({@code ChosenSession}).
 *
 * <p>Large matrices of which only sums are needed are in memory in blocks of rows ({@code
 * RowBlocks}): the kernels that compute and use them run for one block after the other, each thread
 * in windows of its own.
 *
 * <p>What another core has written is ten times as far as what is in a core's own cache. So each
 * thread has the same share of a kernel's chunks in every run ({@code Workers}), a product is cut
 * where least has to move ({@code Tiling}), and of a time loop whose examples have nothing to do
 * with each other each thread does all rounds for some of them ({@code SharedLoop}).
 *
 * <p>Before a session's first run HotSpot is given reason to compile what it will run much: tiles
 * ({@code WarmTiles}) and, of what trains, kernels and movers ({@code WarmKernels}, {@code
 * FewMoves}) are called for a little work whose results nobody reads ({@code WarmUp}).
 *
 * <p>Start at {@code CompiledProgram}, then {@code CpuSession}, {@code Prepared} and {@code
 * Product}.
 */
package dev.nnlang.runtime.cpu;
