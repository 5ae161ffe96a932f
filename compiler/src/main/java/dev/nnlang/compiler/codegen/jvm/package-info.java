/**
 * Spells a plan as Java bytecode.
 *
 * <p>In: a {@link dev.nnlang.compiler.schedule.Plan}. Out: a {@link
 * dev.nnlang.runtime.program.Executable} of hidden classes.
 *
 * <p>Invariants: the only package that knows ASM; no decision about order, fusion or storage is
 * made here; one kernel is one class with one method of less than 6,000 bytes, since HotSpot
 * compiles none above 8,000; kernels that do the same with other tensors, or with draws at other
 * sites, are the same class; classes carry the source file and its lines.
 *
 * <p>{@code Values} emits one value at a time, {@code LaneValues} a vector of them under masks,
 * with the functions of {@code VectorMath}, in the instructions of the Vector API ({@code
 * VectorApiCode}) or, where nothing runs in vectors, of one lane ({@code SingleLaneCode}). Nothing
 * here loads the API, so a process without it compiles for one that has it; {@code SweepEmitter}
 * loops over vectors, in which {@code NextRows} reads ahead, {@code MoveEmitter} moves pieces of
 * matrices, {@code TileClass} multiplies them.
 *
 * <p>A strip in blocks of rows is products and a nest as they are elsewhere; the nest sweeps over
 * the columns between two numbers that are set for each block, as loops' indices are.
 *
 * <p>What a class depends on is a text first ({@code KernelShape}); a class with the same text is
 * not written again ({@code WrittenClasses}).
 *
 * <p>Start at {@code JvmBackend}, then {@code NestEmitter} and {@code Values}.
 */
package dev.nnlang.compiler.codegen.jvm;
