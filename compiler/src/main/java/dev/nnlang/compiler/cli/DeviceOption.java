package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.Options;
import dev.nnlang.runtime.gpu.DeviceName;
import dev.nnlang.runtime.gpu.Devices;
import dev.nnlang.runtime.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code --device}, {@code --math} and {@code --interpret}, the same for every command that
 * computes.
 */
final class DeviceOption {
  private static final String CPU = "cpu";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  private Optional<DeviceName> device = Optional.empty();

  @Option(names = "--interpret", description = "Use the reference interpreter: slow and literal.")
  private boolean interpret;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "cpu (default), opencl[:N] or cuda[:N]: where it runs. See nn devices.")
  void device(String wanted) {
    device = DeviceName.parse(wanted);
    if (device.isEmpty() && !wanted.equals(CPU)) {
      throw misuse("--device is cpu, opencl, opencl:N, cuda or cuda:N, not \"" + wanted + "\"");
    }
  }

  @Option(
      names = "--math",
      paramLabel = "MATH",
      description =
          "How a device rounds the factors of products: ${COMPLETION-CANDIDATES} (default ieee: not"
              + " at all). tf32 and bf16 run on tensor cores where there are such. See nn explain"
              + " --device.")
  private Optional<Options.Rounding> math = Optional.empty();

  /** What was asked for, as arguments. */
  List<String> arguments() {
    var arguments = new ArrayList<String>();
    device.ifPresent(name -> arguments.addAll(List.of("--device", name.toString())));
    math.ifPresent(wanted -> arguments.addAll(List.of("--math", wanted.name())));
    if (interpret) {
      arguments.add("--interpret");
    }
    return arguments;
  }

  /** The options of a run in this precision; opens the device. */
  Options options(Options.Precision precision) {
    if (math.isPresent() && device.isEmpty()) {
      throw misuse("--math is for a device: --device opencl or cuda");
    }
    if (interpret && device.isPresent()) {
      throw misuse("--interpret and --device do not go together");
    }
    var rounding = math.orElse(Options.Rounding.ieee);
    if (precision == Options.Precision.f64 && rounding != Options.Rounding.ieee) {
      throw misuse("--math " + rounding + " rounds reals of 32 bits, and these have 64");
    }
    if (device.isEmpty()) {
      return new Options(
          precision, interpret ? Options.Backend.INTERPRETER : Options.Backend.BYTECODE);
    }
    try {
      return new Options(
          precision, new Options.Backend.Kernels(Devices.open(device.get()), rounding));
    } catch (ProblemException found) {
      throw new Reported(new CommandProblem.AtRunTime(found.problem()));
    }
  }

  private ParameterException misuse(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
