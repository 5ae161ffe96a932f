package dev.nnlang.compiler.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Where the launcher enters: finds the command, runs it, and turns its end into a status. */
@Command(
    name = "nn",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Trains, checks and explains neural networks written in .nn files.",
    subcommands = {
      CheckCommand.class,
      FmtCommand.class,
      TrainCommand.class,
      TestCommand.class,
      RunCommand.class,
      PredictCommand.class,
      DiffCommand.class,
      ExplainCommand.class,
      DocCommand.class,
      DataCommand.class,
      NewCommand.class,
      GenerateCompletion.class
    })
public final class Main implements Runnable {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Main() {}

  public static void main(String[] arguments) {
    StandardError.restore();
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setExecutionExceptionHandler((thrown, command, _) -> end(thrown, command));
  }

  /** The status of a command that threw, and what the user is told. */
  private static int end(Exception thrown, CommandLine command) {
    if (thrown instanceof Reported reported) {
      outputOf(command).problems(reported.problems());
      return ExitStatus.PROBLEM.code();
    }
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    var where = "";
    try {
      var log = Files.createTempFile("nn-bug-", ".log");
      Files.writeString(log, "nn " + command.getCommandName() + "\n" + text);
      where = log.toString();
    } catch (IOException _) {
      where = "(no log could be written) " + thrown;
    }
    System.err.println("nn: this is a bug of ours, not of your program: " + thrown.getMessage());
    System.err.println("    Please report it with the .nn file and this log: " + where);
    return ExitStatus.BUG.code();
  }

  private static Output outputOf(CommandLine command) {
    var mixin = command.getMixins().get("output");
    return mixin instanceof Output output ? output : new Output();
  }

  /** Without a command there is nothing to do but to say which ones there are. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Which command?");
  }
}
