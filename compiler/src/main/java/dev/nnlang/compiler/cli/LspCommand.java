package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.lsp.Server;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nn lsp}: the language server, for editors. */
@Command(
    name = "lsp",
    description = "Serve an editor: the Language Server Protocol over standard input and output.")
final class LspCommand implements Callable<Integer> {
  @Option(names = "--stdio", description = "What it does anyway; editors like to say it.")
  private boolean stdio;

  @Override
  public Integer call() {
    var out = System.out;
    // Standard output is the protocol's: whatever else prints goes to standard error.
    System.setOut(System.err);
    return Server.serve(System.in, out);
  }
}
