package dev.nnlang.compiler.cli;

import dev.nnlang.runtime.gpu.DeviceFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Where the launcher enters: finds the command, runs it, and turns its end into a status. */
@Command(
    name = "nn",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    description = "Trains, checks and explains neural networks written in .nn files.")
public final class Main implements Runnable {

  private static final Package OWN = Main.class.getPackage();

  /** In the order of the help, by their names. */
  private static final List<Map.Entry<String, Class<?>>> COMMANDS =
      List.of(
          Map.entry("check", CheckCommand.class),
          Map.entry("fmt", FmtCommand.class),
          Map.entry("train", TrainCommand.class),
          Map.entry("tune", TuneCommand.class),
          Map.entry("test", TestCommand.class),
          Map.entry("run", RunCommand.class),
          Map.entry("predict", PredictCommand.class),
          Map.entry("profile", ProfileCommand.class),
          Map.entry("diff", DiffCommand.class),
          Map.entry("explain", ExplainCommand.class),
          Map.entry("doc", DocCommand.class),
          Map.entry("data", DataCommand.class),
          Map.entry("devices", DevicesCommand.class),
          Map.entry("new", NewCommand.class),
          Map.entry("draw", DrawCommand.class),
          Map.entry("plot", PlotCommand.class),
          Map.entry("lsp", LspCommand.class),
          Map.entry("help", HelpCommand.class),
          Map.entry("generate-completion", GenerateCompletion.class));

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Main() {}

  public static void main(String[] arguments) {
    StandardError.restore();
    System.exit(run(arguments));
  }

  /** The whole program but for the end of the process; gives the exit status. */
  static int run(String... arguments) {
    int status;
    try {
      status = commandLine(arguments).execute(arguments);
    } catch (OutOfMemoryError _) {
      System.err.println("nn: this does not fit into the memory that the JVM was given");
      System.err.println("    a smaller batch takes less; NN_JAVA_OPTIONS=-Xmx8g gives more");
      status = ExitStatus.PROBLEM.code();
    } catch (Throwable thrown) {
      status = bug(thrown, arguments.length == 0 ? "" : arguments[0]);
    }
    System.out.flush();
    System.err.flush();
    return status;
  }

  /**
   * To read what every command takes costs more than some of them do: only the one is looked at.
   */
  private static CommandLine commandLine(String... arguments) {
    var main = new CommandLine(new Main());
    var first = arguments.length == 0 ? "" : arguments[0];
    var meant = COMMANDS.stream().filter(c -> c.getKey().equals(first)).toList();
    var isAlone = !meant.isEmpty() && meant.getFirst().getValue().getPackage() == OWN;
    var isOfNone = arguments.length == 1 && List.of("--version", "-V").contains(first);
    for (var command : isAlone || isOfNone ? meant : COMMANDS) {
      main.addSubcommand(command.getKey(), command.getValue());
    }
    return main.setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .registerConverter(Long.class, whole(Long::valueOf))
        .registerConverter(long.class, whole(Long::valueOf))
        .registerConverter(int.class, whole(Integer::valueOf))
        .setParameterExceptionHandler((wrong, _) -> misused(wrong))
        .setExecutionExceptionHandler((thrown, command, _) -> end(thrown, command));
  }

  private static <T> ITypeConverter<T> whole(ITypeConverter<T> parse) {
    return text -> {
      try {
        return parse.convert(text.replace("_", ""));
      } catch (NumberFormatException _) {
        throw new TypeConversionException("\"" + text + "\" is no whole number in range");
      }
    };
  }

  /** The command line is wrong: what of it, and where the right one is shown. */
  private static int misused(ParameterException wrong) {
    var command = wrong.getCommandLine();
    System.err.println("nn: " + wrong.getMessage());
    UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
    command.getErr().flush();
    var name = command.getCommandSpec().qualifiedName();
    if (command.getParent() == null) {
      command.usage(System.err);
    } else {
      System.err.println("    " + name + " --help shows what it takes");
    }
    return ExitStatus.USAGE.code();
  }

  /** The status of a command that threw, and what the user is told. */
  private static int end(Exception thrown, CommandLine command) {
    if (thrown instanceof Reported reported) {
      outputOf(command).problems(reported.problems());
      return ExitStatus.PROBLEM.code();
    }
    if (thrown instanceof DeviceFailure failure) {
      outputOf(command).problems(List.of(new CommandProblem.AtRunTime(failure.problem())));
      return ExitStatus.PROBLEM.code();
    }
    return bug(thrown, command.getCommandName());
  }

  private static int bug(Throwable thrown, String command) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    var where = "";
    try {
      var log = Files.createTempFile("nn-bug-", ".log");
      Files.writeString(log, "nn " + command + "\n" + text);
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
    throw new ParameterException(spec.commandLine(), "which command?");
  }
}
