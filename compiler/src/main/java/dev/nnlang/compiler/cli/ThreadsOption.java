package dev.nnlang.compiler.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --threads N}, the same for every command that computes. */
final class ThreadsOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads; default all cores. Results do not depend on it.")
  void threads(int wanted) {
    if (wanted < 1) {
      throw new ParameterException(command.commandLine(), "--threads must be at least 1");
    }
    threads = wanted;
  }

  int threads() {
    return threads;
  }
}
