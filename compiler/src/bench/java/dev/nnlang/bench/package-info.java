/**
 * The benchmarks of {@code BENCHMARKS.md}. {@link dev.nnlang.bench.Plan} takes the selected rows,
 * has ours make a {@link dev.nnlang.bench.Fixture} for each network, and starts a process of JMH
 * for each engine and round; in it, {@link dev.nnlang.bench.RowBenchmark} opens a {@link
 * dev.nnlang.bench.Task}, which compares its numbers with the fixture before it is timed. Nothing
 * but the sub-packages sees a peer's classes.
 */
package dev.nnlang.bench;
