package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.CompiledTraining;
import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.file.Json;
import dev.nnlang.runtime.model.CheckpointFolders;
import dev.nnlang.runtime.model.ModelFolder;
import dev.nnlang.runtime.model.ModelInfo;
import dev.nnlang.runtime.model.RunLog;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.train.Outcome;
import dev.nnlang.runtime.train.Trainer;
import dev.nnlang.runtime.train.TrainingEvent;
import dev.nnlang.runtime.train.TrainingListener;
import dev.nnlang.runtime.train.TrainingPlan;
import java.nio.file.Path;
import java.util.ArrayList;
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

/** {@code nn train}: runs a training plan to its end and leaves a model folder. */
@Command(name = "train", description = "Train a model by its plan and save it.")
final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Output output;
  @Mixin private PlanOptions plan;

  @Parameters(paramLabel = "FILE", description = "The .nn file.")
  private Path file;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Replaces the plan's epochs or steps.")
  private Optional<Long> epochs = Optional.empty();

  @Option(names = "--seed", paramLabel = "N", description = "Replaces the plan's seed.")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the model goes; default runs/NAME beside the file.")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--from",
      paramLabel = "DIR",
      description = "Begin with the parameters of that model, as far as they fit.")
  private Optional<Path> from = Optional.empty();

  @Option(
      names = "--resume",
      description = "Go on where an interrupted run in that folder stopped.")
  private boolean resume;

  @Option(
      names = "--plot",
      paramLabel = "SVG",
      description = "Draws loss and metrics there, anew after each epoch.")
  private Optional<Path> plot = Optional.empty();

  @Option(
      names = "--attached",
      description = "Stop as at Ctrl-C when standard input ends: for programs that start runs.")
  private boolean attached;

  @Override
  public Integer call() {
    if (attached && !CompilingProcess.isThis()) {
      Interruption.atEndOf(System.in);
    }
    if (resume && from.isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "--resume goes on with what is there: it takes no --from");
    }
    var replaced = new LinkedHashMap<>(PlanOptions.pairs(plan.settings));
    epochs.ifPresent(n -> replaced.put("epochs", n.toString()));
    seed.ifPresent(n -> replaced.put("seed", n.toString()));
    var source = ProgramFiles.read(file);
    var files = new ProgramFiles(file);
    var compiled = compiled(source, files, replaced);
    if (CompilingProcess.isThis()) {
      return ExitStatus.DONE.code();
    }
    var name = compiled.plan().name();
    var folder = out.orElseGet(() -> beside(file).resolve("runs").resolve(name));
    var texts = new LinkedHashMap<String, String>();
    texts.put(file.getFileName().toString(), source.text());
    files.opened().forEach((path, used) -> texts.put(path, used.text()));
    var info =
        new ModelInfo(
            name,
            compiled.plan().model(),
            compiled.plan().data(),
            file.getFileName().toString(),
            beside(file).toString(),
            texts,
            replaced,
            plan.precision.name(),
            Map.of());
    var view = new TrainingView(output);
    try (var stop = new Interruption();
        var log = new RunLog(folder)) {
      var data =
          DataSet.open(
              compiled.data(),
              PlanOptions.folders(beside(file)),
              plan.options().precision().element());
      ModelFolder.mustBeWritable(folder);
      var checkpoints =
          compiled.plan().checkpoint().map(c -> new CheckpointFolders(folder, c.keep()));
      if (checkpoints.isPresent() && !resume) {
        checkpoints.get().clear();
      }
      var drawn = plot.map(picture -> LivePlot.of(picture, folder, resume));
      var told = listener(view, log, drawn);
      var trainer =
          new Trainer(
              compiled.plan(), compiled.programs(), data, plan.threads(), told, stop::asked);
      trainer.saveTo(
          state -> {
            if (checkpoints.isPresent()) {
              var made = checkpoints.get().save(info, state);
              told.on(new TrainingEvent.Saved(state.state().step(), made.toString()));
            }
          });
      var outcome = run(trainer, folder, compiled);
      view.clear();
      ModelFolder.save(folder, info, outcome);
      report(outcome, folder);
      log.problem().ifPresent(p -> output.problems(List.of(new CommandProblem.AtRunTime(p))));
      drawn.map(LivePlot::problems).ifPresent(output::problems);
      return (outcome.ending() == TrainingEvent.Ending.INTERRUPTED
              ? ExitStatus.PROBLEM
              : ExitStatus.DONE)
          .code();
    } catch (ProblemException found) {
      view.clear();
      throw new Reported(new CommandProblem.AtRunTime(found.problem()));
    }
  }

  /**
   * The compiled plan: as an earlier process has kept it, or one that is started for that, or
   * compiled here, which also says what is wrong with it.
   */
  private CompiledTraining compiled(
      SourceFile source, ProgramFiles files, Map<String, String> replaced) {
    var kept = TrainingCache.of(source, plan.train, replaced, plan.options());
    var found = kept.flatMap(k -> TrainingCache.find(k, files));
    if (found.isEmpty()
        && kept.isPresent()
        && CompilingProcess.isThere()
        && CompilingProcess.run(spec.root().commandLine().getParseResult().originalArgs())) {
      found = TrainingCache.find(kept.get(), files);
    }
    if (found.isPresent()) {
      return found.get();
    }
    var checked = Compiler.open(source, files).training(plan.train, replaced, plan.options());
    output.require(checked.problems());
    var compiled = checked.value().orElseThrow();
    if (CompilingProcess.isThis() && checked.problems().isEmpty()) {
      kept.ifPresent(k -> k.keep(compiled.training(files.hashes())));
    }
    return compiled;
  }

  private static Path beside(Path file) {
    return file.toAbsolutePath().normalize().getParent();
  }

  private TrainingListener listener(TrainingView view, RunLog log, Optional<LivePlot> drawn) {
    return event -> {
      log.on(event);
      drawn.ifPresent(p -> p.on(event));
      if (!output.json) {
        view.on(event);
      } else if (!(event instanceof TrainingEvent.Done)) {
        // The last line also says where the model is, which is known after saving.
        output.out().println(event.json());
      } else {
        last = event.json();
      }
    };
  }

  private Json.Members last = Json.object();

  private Outcome run(Trainer trainer, Path folder, CompiledTraining compiled)
      throws ProblemException {
    if (resume) {
      var place = CheckpointFolders.newest(folder);
      var saved = ModelFolder.load(place);
      return trainer.resume(saved.weights().checked(compiled.programs(), place), saved.state());
    }
    var start = from.isPresent() ? from : compiled.plan().from().map(this::folder);
    if (start.isEmpty()) {
      return trainer.train();
    }
    return trainer.trainFrom(ModelFolder.load(start.get()).weights(), start.get().toString());
  }

  /** Where a plan's {@code from} is: relative to the program, as its data are. */
  private Path folder(TrainingPlan.Start start) {
    return switch (start) {
      case TrainingPlan.Start.Folder(var path, _) -> beside(file).resolve(path);
      case TrainingPlan.Start.Plan(var name, _) -> beside(file).resolve("runs").resolve(name);
    };
  }

  private void report(Outcome outcome, Path folder) {
    if (output.json) {
      var line = Json.object();
      for (var member : last.members().entrySet()) {
        line = line.with(member.getKey(), member.getValue());
        if (member.getKey().equals(outcome.test().isPresent() ? "test" : "event")) {
          line = line.with("model", folder.toString());
        }
      }
      output
          .out()
          .println(
              outcome.ending() == TrainingEvent.Ending.INTERRUPTED
                  ? Json.object()
                      .with("event", "saved")
                      .with("model", folder.toString())
                      .with("resume", again())
                  : line);
      output.out().flush();
      return;
    }
    output.out().println("model: " + folder);
    if (outcome.ending() == TrainingEvent.Ending.INTERRUPTED) {
      output.out().println("go on with: " + again());
    }
    output.out().flush();
  }

  /** The command that resumes this run: with what it was started with, and {@code --resume}. */
  private String again() {
    var words = new ArrayList<>(List.of("nn", "train", file.toString(), "--resume"));
    words.addAll(plan.arguments());
    epochs.ifPresent(n -> words.addAll(List.of("--epochs", n.toString())));
    seed.ifPresent(n -> words.addAll(List.of("--seed", n.toString())));
    out.ifPresent(folder -> words.addAll(List.of("--out", folder.toString())));
    plot.ifPresent(picture -> words.addAll(List.of("--plot", picture.toString())));
    return String.join(" ", words.stream().map(TrainCommand::quoted).toList());
  }

  /** As a shell takes it for one word. */
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
