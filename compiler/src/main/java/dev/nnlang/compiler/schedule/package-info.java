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
 * <p>Equations join kernels in the order of their needs ({@code Fusion}): those that share axes and
 * rows one loop nest ({@code Space}, cut into stages by {@code NestShape}), those over the elements
 * of a product its epilogue ({@code Product}). A stage runs in lanes where {@code LaneForm} finds
 * vectors in it. What a nest computes and nobody else reads is never in memory. Long sums become
 * sums of sums ({@code Definitions}), guarded borders of products become zeros around a copy
 * ({@code Padding}), and a condition where a factor is 0 anyway is not asked ({@code Zeros}). Slow
 * parts of few values are computed once ({@code Invariants}), conditions on the result alone leave
 * sums ({@code OuterConditions}), and the place of the first of few values is a choice ({@code
 * FirstOfFew}). What another kernel needs is kept or computed again there, whichever moves and
 * computes less ({@code Recompute}, {@code Signs}): a first fusion shows who needs what, the second
 * makes the kernels.
 *
 * <p>Products of few terms over many rows and columns, of which all that is ever needed are sums
 * along their rows or columns, are computed where they are added up ({@code Strips}), as the matrix
 * of attention, forwards and backwards: {@code LargeValues} says which values those are, {@code
 * StripSum} what is added up, {@code Relative} which sums need not wait for the largest value that
 * they are relative to. {@code Exchange} first takes a sum of such a product for one that is there
 * already. On a device they are never in memory; for a processor, {@code StripRows} makes kernels
 * of a strip that run for a block of rows after the other, without the columns that a mask excludes
 * ({@code Held}), where the matrix is larger than what its caches hold.
 *
 * <p>What depends on parameters alone, and on none that the program updates, lives from run to run
 * ({@code Fixed}): a backend computes it, and lays out matrices for products, when a parameter is
 * new.
 *
 * <p>Where examples have nothing to do with each other, a run takes few at a time ({@code Blocks}),
 * so that what lies between kernels stays near.
 *
 * <p>Where an equation has computed a slow function of a tensor, others read it ({@code Reuse});
 * where two stages of a nest need the same slow value, it is kept between them ({@code KeptRows}).
 * A nest that sweeps over its rows several times reads the next row in the last one ({@code
 * ReadAhead}).
 *
 * <p>A recurrence has one of two forms. If what its step multiplies by fits the nearest cache, each
 * example has a time loop of its own, in one nest ({@code Recurrence}), which reads copies with
 * their neighbours last ({@code Turned}): no thread waits for another. Else the time loop is
 * outside, and a round runs kernels over all examples ({@code TimeLoop}), found by the same fusion
 * as those of a whole program, for which the loop's index is a constant ({@code Outer}): a product
 * then reads its matrix once for many examples, and packs it once for all rounds. For many examples
 * it takes up the product of the loop's input ({@code Concatenation}): a program may have a plan
 * for those beside the one for any number ({@code Forms}).
 *
 * <p>All that is decided for speed alone is in {@code Choices}, so that tests decide otherwise.
 *
 * <p>Start at {@code Schedule}, then {@code Kernel} and {@code Stage}.
 */
package dev.nnlang.compiler.schedule;
