package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Evaluation;
import dev.nnlang.compiler.Evaluation.Phase;
import dev.nnlang.compiler.Options;
import dev.nnlang.runtime.file.Json;
import dev.nnlang.runtime.file.Safetensors;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
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

/** {@code nn run}: one declaration on given tensors, and its gradients. */
@Command(
    name = "run",
    description = "Evaluate a fn, activation, loss, layer, model or optimizer on given tensors.")
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Output output;

  @Parameters(index = "0", paramLabel = "FILE", description = "The .nn file.")
  private Path file;

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      description = "The declaration, or one of the library.")
  private String name;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "X.safetensors",
      description = "The inputs by name; leading dimensions beyond the declared are the batch.")
  private Path input;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "Y.safetensors",
      description = "Where the outputs go.")
  private Path target;

  @Option(
      names = "--params",
      paramLabel = "P.safetensors",
      description = "Parameters and states by path; others come from their initialisers.")
  private Optional<Path> parameters = Optional.empty();

  @Option(
      names = "--upstream",
      paramLabel = "DY.safetensors",
      description = "The gradient that arrives at each output; one not given is 0.")
  private Optional<Path> upstream = Optional.empty();

  @Option(
      names = "--gradients",
      paramLabel = "G.safetensors",
      description = "Where the gradients of inputs and parameters go.")
  private Optional<Path> gradients = Optional.empty();

  @Option(names = "--set", paramLabel = "NAME=VALUE", description = "A config of the declaration.")
  private List<String> settings = List.of();

  @Option(
      names = "--training",
      description = "The training program instead of the one for inference.")
  private boolean training;

  @Option(
      names = "--batch-dims",
      paramLabel = "N",
      description = "How many leading dimensions are the batch where a declaration takes ...S.")
  private int batchDims;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of draws and initial values; default 0.")
  private long seed;

  @Option(
      names = "--step",
      paramLabel = "N",
      description = "What step is, for optimizers and schedules.")
  private long step = 1;

  @Option(names = "--steps", paramLabel = "N", description = "What steps is, for schedules.")
  private long steps = 1;

  @Option(
      names = "--precision",
      paramLabel = "f32|f64",
      description = "Bits of a real; default f32.")
  private Options.Precision precision = Options.Precision.f32;

  @Mixin private DeviceOption device;

  @Mixin private ThreadsOption threads;

  @Override
  public Integer call() {
    if (gradients.isPresent() != upstream.isPresent()) {
      throw new ParameterException(
          spec.commandLine(),
          "--upstream and --gradients go together: the gradient that arrives, and where the others"
              + " are written");
    }
    if (batchDims < 0) {
      throw new ParameterException(spec.commandLine(), "--batch-dims must be at least 0");
    }
    try {
      var request =
          new Evaluation.Request(
              name,
              PlanOptions.pairs(settings),
              read(input),
              parameters.isPresent() ? read(parameters.get()) : Map.of(),
              upstream.isPresent() ? read(upstream.get()) : Map.of(),
              training ? Phase.TRAINING : Phase.INFERENCE,
              batchDims,
              seed,
              step,
              steps);
      var options = device.options(precision);
      var compilation = Compiler.open(ProgramFiles.read(file), new ProgramFiles(file));
      var result = compilation.evaluate(request, options, threads.threads());
      if (result.value().isEmpty()) {
        throw new Reported(result.problems());
      }
      output.require(result.problems());
      write(result.value().orElseThrow());
      return ExitStatus.DONE.code();
    } catch (ProblemException found) {
      throw new Reported(new CommandProblem.AtRunTime(found.problem()));
    } catch (Evaluation.Misfit misfit) {
      throw new Reported(
          new CommandProblem.BadTensor(file(misfit.given()), misfit.getMessage(), misfit.mend()));
    }
  }

  private String file(Evaluation.Given given) {
    var path =
        switch (given) {
          case INPUTS -> input;
          case PARAMETERS -> parameters.orElse(input);
          case UPSTREAM -> upstream.orElse(input);
        };
    return path.toString();
  }

  private void write(Evaluation.Result result) throws ProblemException {
    var outputs = new LinkedHashMap<>(result.outputs());
    outputs.putAll(result.states());
    Safetensors.write(target, outputs, Map.of());
    if (gradients.isPresent()) {
      Safetensors.write(gradients.get(), result.gradients(), Map.of());
    }
    if (output.json) {
      output
          .out()
          .println(
              Json.object()
                  .with("event", "done")
                  .with("output", target.toString())
                  .with("notes", Json.texts(result.notes())));
      return;
    }
    result.notes().forEach(note -> output.err().println("note: " + note));
    outputs.forEach((key, value) -> output.out().println(key + " " + value));
  }

  /** The tensors of a file, reals in the precision of the run. */
  private Map<String, Tensor> read(Path path) throws ProblemException {
    var tensors = new LinkedHashMap<String, Tensor>();
    Safetensors.read(path).tensors().forEach((key, value) -> tensors.put(key, real(value)));
    return tensors;
  }

  private Tensor real(Tensor tensor) {
    boolean whole = tensor.type() == ElementType.INT || tensor.type() == ElementType.BOOL;
    if (whole || tensor.type() == precision.element()) {
      return tensor;
    }
    var converted = Tensor.zeros(precision.element(), tensor.shape());
    for (int i = 0; i < tensor.size(); i++) {
      converted.set(i, tensor.get(i));
    }
    return converted;
  }
}
