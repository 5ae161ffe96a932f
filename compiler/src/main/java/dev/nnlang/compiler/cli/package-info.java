/**
 * The command line: arguments in, text and an exit status out.
 *
 * <p>The only package that sees picocli, and nobody imports it. A command reads its arguments,
 * calls the root package, and prints what comes back; it decides nothing about the language. Every
 * end of the program is one of {@link dev.nnlang.compiler.cli.ExitStatus}. Start at {@link
 * dev.nnlang.compiler.cli.Main}.
 */
package dev.nnlang.compiler.cli;
