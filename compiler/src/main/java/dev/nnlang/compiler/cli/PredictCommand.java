package dev.nnlang.compiler.cli;

import dev.nnlang.runtime.data.DataFolders;
import dev.nnlang.runtime.data.DataPlan;
import dev.nnlang.runtime.file.Json;
import dev.nnlang.runtime.file.Safetensors;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.Tensor;
import dev.nnlang.runtime.train.Predictor;
import dev.nnlang.runtime.train.Predictor.Predictions;
import dev.nnlang.runtime.train.TrainingPrograms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nn predict}: a trained model on new data, preprocessing included. */
@Command(name = "predict", description = "Apply a trained model to new data.")
final class PredictCommand implements Callable<Integer> {
  private static final String EACH_BY_NAME = "write --input SOURCE=FILE for each";

  @Spec private CommandSpec spec;
  @Mixin private Output output;
  @Mixin private PlanOptions plan;

  @Parameters(
      paramLabel = "DIR|FILE",
      description = "A model folder, or the .nn file it came from.")
  private Path place;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "[SOURCE=]FILE",
      description = "A csv, npy or safetensors file in place of a source; several by source name.")
  private List<String> inputs;

  @Option(
      names = "--output",
      paramLabel = "FILE.safetensors",
      description = "Write the outputs there; default is text, one line an example.")
  private Optional<Path> target = Optional.empty();

  @Override
  public Integer call() {
    if (target.isPresent() && !target.get().toString().endsWith(".safetensors")) {
      throw new ParameterException(
          spec.commandLine(),
          "--output writes a .safetensors file, not "
              + target.get()
              + "; without it the outputs are printed, with --json as JSON");
    }
    try {
      var run = SavedRun.read(place, plan, output);
      var cache = PredictionCache.of(run.saved().info(), run.main(), run.options());
      var kept = cache.flatMap(KeptFile::find);
      if (kept.isPresent()) {
        return predict(run, kept.get().data(), kept.get().programs());
      }
      var compiled = run.compile(output);
      int status = predict(run, compiled.data(), compiled.programs());
      // Afterwards: nobody waits for it.
      cache.ifPresent(free -> compiled.prediction().ifPresent(free::keep));
      return status;
    } catch (ProblemException found) {
      throw new Reported(new CommandProblem.AtRunTime(found.problem()));
    }
  }

  private int predict(SavedRun run, DataPlan data, TrainingPrograms programs)
      throws ProblemException {
    var predictor =
        new Predictor(
            data,
            programs,
            run.saved().weights().checked(programs, run.folder()),
            run.saved().info().vocabularies());
    var found = predict(predictor, run.folders());
    if (found.isEmpty()) {
      return VectorProcess.run(spec.root().commandLine().getParseResult().originalArgs());
    }
    var predictions = found.get();
    if (target.isPresent()) {
      Safetensors.write(target.get(), predictions.outputs(), Map.of());
      output.result(
          Json.object().with("event", "done").with("output", target.get().toString()),
          "wrote " + target.get());
    } else {
      print(predictions);
    }
    return ExitStatus.DONE.code();
  }

  /** Nothing, if a process with vectors is to do it. */
  private Optional<Predictions> predict(Predictor predictor, DataFolders folders)
      throws ProblemException {
    return predictor.predict(
        files(predictor),
        folders,
        plan.threads(),
        operations -> !VectorProcess.isWorth(operations));
  }

  /** What is read, by the source that it stands for. */
  private Map<String, String> files(Predictor predictor) {
    if (inputs.size() == 1 && cut(inputs.getFirst()) < 0) {
      return predictor.everywhere(absolute(inputs.getFirst()));
    }
    var bySource = new LinkedHashMap<String, String>();
    for (var input : inputs) {
      int cut = cut(input);
      if (cut < 0) {
        throw unnamed(input, predictor.sources());
      }
      var source = input.substring(0, cut);
      if (bySource.put(source, absolute(input.substring(cut + 1))) != null) {
        throw unread(input, source + " is given twice", EACH_BY_NAME);
      }
    }
    return bySource;
  }

  /** Where the source's name ends; -1 for a mere file, whose path may hold the sign, too. */
  private static int cut(String input) {
    int cut = input.indexOf('=');
    return cut > 0 && input.substring(0, cut).matches("\\w+") ? cut : -1;
  }

  /** One of several inputs that does not say which source it is. */
  private static Reported unnamed(String input, List<String> sources) {
    return sources.size() == 1
        ? unread(input, sources.getFirst() + " is the only source", "give one --input")
        : unread(
            input,
            "which source each of several inputs stands for must be said; the sources are "
                + String.join(", ", sources),
            EACH_BY_NAME);
  }

  private static Reported unread(String input, String why, String mend) {
    return new Reported(new CommandProblem.BadSetting("--input", input, why, mend));
  }

  /** What the user names is relative to where the user is, not to the program. */
  private static String absolute(String file) {
    if (!Files.exists(Path.of(file))) {
      throw TextFiles.missing(Path.of(file));
    }
    return Path.of(file).toAbsolutePath().normalize().toString();
  }

  private void print(Predictions predictions) {
    var outputs = predictions.outputs();
    long count = predictions.examples().count();
    for (int i = 0; i < count; i++) {
      long n = predictions.examples().from() + i;
      if (output.json) {
        var json = Json.object().with("event", "prediction").with(predictions.index(), n);
        for (var entry : outputs.entrySet()) {
          json = json.with(entry.getKey(), new Json.Items(row(entry.getValue(), i, count)));
        }
        output.out().println(json);
      } else {
        int at = i;
        var cells =
            outputs.entrySet().stream()
                .map(e -> e.getKey() + " " + text(e.getValue(), at, count))
                .collect(Collectors.joining("  "));
        output.out().println(n + ": " + cells);
      }
    }
    output.out().flush();
  }

  private static List<Json> row(Tensor tensor, int example, long count) {
    int size = Math.toIntExact(tensor.size() / count);
    return IntStream.range(0, size).mapToObj(k -> Json.of(tensor.get(example * size + k))).toList();
  }

  private static String text(Tensor tensor, int example, long count) {
    int size = Math.toIntExact(tensor.size() / count);
    return IntStream.range(0, size)
        .mapToObj(k -> TrainingView.number(tensor.get(example * size + k)))
        .collect(Collectors.joining(" "));
  }
}
