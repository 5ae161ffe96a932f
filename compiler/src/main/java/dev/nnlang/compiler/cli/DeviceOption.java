package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.Options;
import dev.nnlang.runtime.gpu.DeviceName;
import dev.nnlang.runtime.gpu.Devices;
import dev.nnlang.runtime.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --device} and {@code --interpret}, the same for every command that computes. */
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
      throw new ParameterException(
          command.commandLine(),
          "--device is cpu, opencl, opencl:N, cuda or cuda:N, not \"" + wanted + "\"");
    }
  }

  /** What was asked for, as arguments. */
  List<String> arguments() {
    return device
        .map(name -> List.of("--device", name.toString()))
        .orElse(interpret ? List.of("--interpret") : List.of());
  }

  /** What runs the equations; opens the device. */
  Options.Backend backend() {
    if (device.isEmpty()) {
      return interpret ? Options.Backend.INTERPRETER : Options.Backend.BYTECODE;
    }
    if (interpret) {
      throw new ParameterException(
          command.commandLine(), "--interpret and --device do not go together");
    }
    try {
      return new Options.Backend.Kernels(Devices.open(device.get()));
    } catch (ProblemException found) {
      throw new Reported(new CommandProblem.AtRunTime(found.problem()));
    }
  }
}
