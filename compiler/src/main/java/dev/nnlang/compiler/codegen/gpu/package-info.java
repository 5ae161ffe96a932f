/**
 * Spells a plan as kernels for OpenCL and CUDA: one text in the common form of both, behind a
 * prelude that says what each spells differently.
 *
 * <p>In: a {@link dev.nnlang.compiler.schedule.Plan}, made for devices. Out: a {@link
 * dev.nnlang.runtime.gpu.DeviceProgram}, the text with the list of its launches.
 *
 * <p>Invariants: no decision about order, fusion or storage is made here, only how a kernel's work
 * is laid out on work-items; every kind of kernel has its form, nothing falls back to the
 * processor; a work-item returns only where no barrier follows; sums may be associated otherwise
 * than on the processor, all else is the same arithmetic.
 *
 * <p>{@code Layout} lays a nest out, {@code NestText} writes it, {@code LinearText} one that knows
 * no index, {@code ReductionText} its reductions, {@code Quads} four neighbours at a time, {@code
 * ContractionText} products in tiles of local memory, {@code StripText} sums along rows of matrices
 * that are never in memory (both from {@code Slices} of their factors; {@code MaskedBlocks} says
 * what of these is skipped), {@code PlainProduct} says which of them a driver's library may compute
 * instead, {@code OrthogonalText} the one draw of a whole matrix; {@code Expressions} and {@code
 * Formulas} write values and places. What rounding the factors of products costs, {@code
 * RoundedSums} says.
 *
 * <p>Start at {@code GpuBackend}, then {@code Scope} and {@code NestText}.
 */
package dev.nnlang.compiler.codegen.gpu;
