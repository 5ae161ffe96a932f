/**
 * From facts to reports to pixels.
 *
 * <p>In: {@link dev.nnlang.compiler.diagnostic.Problem}s, which each stage declares as a sealed
 * family of records that carry facts. Out: text for a terminal ({@link
 * dev.nnlang.compiler.diagnostic.TerminalRenderer}) or one JSON object a line ({@link
 * dev.nnlang.compiler.diagnostic.JsonRenderer}).
 *
 * <p>Always holds: no stage prints; every problem has a code, a span and, for codes, a page in
 * {@code explain/}. A user's mistake is a value and never thrown; {@link
 * dev.nnlang.compiler.diagnostic.CompilerBug} is ours and thrown. The hundreds of a code say the
 * stage: E01 lexis and syntax, E02 names, kinds and config, E03 shapes and dimensions, E04 index
 * ranges, equations and recurrences, E05 data when compiling, E06 training plans, E07 derivatives
 * and numerics, E08 data at run time, E09 model files and the command line; warnings start with W,
 * hints with H, in the same hundreds. Start reading at {@code Problem}.
 */
package dev.nnlang.compiler.diagnostic;
