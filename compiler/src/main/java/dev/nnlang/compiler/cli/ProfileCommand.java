package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Options;
import dev.nnlang.runtime.problem.ProblemException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nn profile}: what takes how long in a program of a plan. */
@Command(
    name = "profile",
    description = "Run a program of a plan for a while and show how long each kernel takes.")
final class ProfileCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Output output;
  @Mixin private ThreadsOption threads;
  @Mixin private DeviceOption device;

  @Parameters(index = "0", paramLabel = "FILE", description = "The .nn file.")
  private Path file;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description = "A train of the file; without: its first.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--program",
      paramLabel = "PROGRAM",
      description = "Which program: step (default), evaluate, predict, ...")
  private String program = "step";

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "How many examples, instead of the plan's batch.")
  private Optional<Long> batch = Optional.empty();

  @Override
  public Integer call() {
    if (batch.isPresent() && batch.get() < 1) {
      throw new ParameterException(spec.commandLine(), "--batch is at least 1, not " + batch.get());
    }
    try {
      var measured = measured();
      output.result(TimeTable.json(measured), TimeTable.of(measured).stripTrailing());
    } catch (ProblemException found) {
      throw new Reported(new CommandProblem.AtRunTime(found.problem()));
    }
    return ExitStatus.DONE.code();
  }

  private TimeTable.Measured measured() throws ProblemException {
    var compilation = Compiler.open(ProgramFiles.read(file), new ProgramFiles(file));
    var run = new TimedRun(output, file, batch);
    var options = device.options(Options.Precision.f32);
    return switch (options.backend()) {
      case Options.Backend.Bytecode _ -> {
        var found = compilation.measurable(name, Map.of(), program, options.precision());
        output.require(found.problems());
        yield run.of(found.value().orElseThrow(), threads.threads());
      }
      case Options.Backend.Kernels on -> {
        var found = compilation.measurable(name, Map.of(), program, options.precision(), on);
        output.require(found.problems());
        var where = on.device().info().name();
        yield run.of(found.value().orElseThrow(), where, threads.threads());
      }
      case Options.Backend.Interpreter _ ->
          throw new ParameterException(
              spec.commandLine(), "--interpret has no kernels, whose time could be shown");
    };
  }
}
