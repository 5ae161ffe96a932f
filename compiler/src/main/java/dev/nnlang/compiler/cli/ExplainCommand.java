package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.Compilation;
import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.Pipeline;
import dev.nnlang.compiler.RequestProblem;
import dev.nnlang.compiler.diagnostic.ExplainPages;
import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.runtime.file.Json;
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

/** {@code nn explain}: the page of a problem's code, or what becomes of a program. */
@Command(
    name = "explain",
    description = "Explain a problem's code, or show the kernels of a program, stage by stage.")
final class ExplainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Output output;

  @Parameters(index = "0", paramLabel = "CODE|FILE", description = "E0301, or a .nn file.")
  private String subject;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description = "A train, model, layer or function of the file; without: its first train.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--after",
      paramLabel = "STAGE",
      description =
          "Print what a stage gives: elaborate, stabilise, differentiate, simplify, schedule.")
  private Optional<String> after = Optional.empty();

  @Option(
      names = "--device",
      description = "Show how the kernels are laid out on a device, and what is not offloaded.")
  private boolean device;

  @Option(
      names = "--math",
      paramLabel = "MATH",
      description =
          "With --device: how factors of products are rounded, ${COMPLETION-CANDIDATES}, and the"
              + " error of that.")
  private Optional<Options.Rounding> math = Optional.empty();

  @Option(
      names = "--program",
      paramLabel = "PROGRAM",
      description =
          "Which program of a train: step (default), evaluate, predict, initial, fit, ...")
  private String program = "step";

  @Option(
      names = "--memory",
      description =
          "Show where the program keeps its tensors, for how long, and what is full when; with"
              + " --device, there.")
  private boolean memory;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "With --memory: how many examples, instead of the plan's batch.")
  private Optional<Long> batch = Optional.empty();

  @Option(
      names = "--size",
      paramLabel = "NAME=N",
      description = "With --memory: the size of another dimension that only data decide.")
  private Map<String, Long> sizes = new LinkedHashMap<>();

  @Override
  public Integer call() {
    if (device && after.isPresent()) {
      throw new ParameterException(spec.commandLine(), "--device and --after do not go together");
    }
    if (memory && after.isPresent()) {
      throw new ParameterException(spec.commandLine(), "--memory and --after do not go together");
    }
    if (!memory && batch.isPresent()) {
      throw new ParameterException(spec.commandLine(), "--batch needs --memory");
    }
    if (!memory && !sizes.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--size needs --memory");
    }
    batch.ifPresent(count -> atLeastOne("batch", count));
    if (math.isPresent() && !device) {
      throw new ParameterException(spec.commandLine(), "--math goes with --device");
    }
    if (subject.matches("[EWH][0-9]{4}")) {
      page();
      return ExitStatus.DONE.code();
    }
    after.ifPresent(
        wanted -> {
          if (!Pipeline.names().contains(wanted)) {
            throw new Reported(
                new RequestProblem.NoSuchName(
                    subject,
                    "stage",
                    wanted,
                    NearNames.near(wanted, Pipeline.names()),
                    Pipeline.names()));
          }
        });
    var file = Path.of(subject);
    var stage = device ? "device" : after.orElse("schedule");
    var compilation = Compiler.open(ProgramFiles.read(file), new ProgramFiles(file));
    if (memory) {
      memory(compilation);
      return ExitStatus.DONE.code();
    }
    var text =
        device
            ? compilation.explainOnDevice(name, program, math.orElse(Options.Rounding.ieee))
            : compilation.explain(name, program, stage);
    output.require(text.problems());
    output.result(
        Json.object().with("event", "explained").with("stage", stage).with("text", text.value()),
        text.value().stripTrailing());
    return ExitStatus.DONE.code();
  }

  private void memory(Compilation compilation) {
    batch.ifPresent(count -> sizes.put("batch", count));
    sizes.forEach(this::atLeastOne);
    var map =
        device
            ? compilation.memoryOnDevice(name, program, sizes)
            : compilation.memory(name, program, sizes);
    output.require(map.problems());
    map.value()
        .ifPresent(
            found -> output.result(MemoryChart.json(found), MemoryChart.of(found).stripTrailing()));
  }

  private void atLeastOne(String dimension, long size) {
    if (size < 1) {
      throw new ParameterException(
          spec.commandLine(), "a size is at least 1, not " + size + " (" + dimension + ")");
    }
  }

  private void page() {
    var text = ExplainPages.page(subject);
    if (text.isEmpty()) {
      throw new Reported(
          new RequestProblem.NoSuchName("(pages)", "page", subject, List.of(), List.of()));
    }
    output.result(
        Json.object().with("event", "page").with("code", subject).with("text", text.get()),
        text.get().stripTrailing());
  }
}
