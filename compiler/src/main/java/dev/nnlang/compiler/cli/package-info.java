/**
 * The command line: arguments in, text and an exit status out.
 *
 * <p>The only package that sees picocli, and nobody imports it. A command reads its arguments,
 * calls the root package, and prints what comes back; it decides nothing about the language. Every
 * end of the program is one of {@link dev.nnlang.compiler.cli.ExitStatus}.
 *
 * <p>How fast a command starts is decided here, too: {@code PredictionCache} and {@code
 * TrainingCache} keep what was compiled, in a folder of the user's, {@code CompilingProcess}
 * compiles a training's program in the JVM of short commands, {@code Rehearsal} is what the
 * launcher's start-up caches learn from, and {@code VectorProcess} takes over from a quick process
 * what is much to compute.
 *
 * <p>What is measured here: {@code TimedRun} where the time of a run goes, and {@code KernelTuning}
 * which forms of products are the fastest on this machine.
 *
 * <p>Start at {@link dev.nnlang.compiler.cli.Main}.
 */
package dev.nnlang.compiler.cli;
