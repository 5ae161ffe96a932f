package dev.nnlang.compiler.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Where the launcher enters: finds the command, runs it, and turns its end into a status. */
@Command(
    name = "nn",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Trains, checks and explains neural networks written in .nn files.")
public final class Main implements Runnable {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Main() {}

  public static void main(String[] arguments) {
    StandardError.restore();
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main());
  }

  /** Without a command there is nothing to do but to say which ones there are. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Which command?");
  }
}
