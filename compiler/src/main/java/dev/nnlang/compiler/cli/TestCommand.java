package dev.nnlang.compiler.cli;

import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.data.Part;
import dev.nnlang.runtime.file.Json;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.train.Trainer;
import dev.nnlang.runtime.train.TrainingListener;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nn test}: the figures of a trained model on a part of its data. */
@Command(name = "test", description = "Evaluate a trained model on the test part of its data.")
final class TestCommand implements Callable<Integer> {
  @Mixin private Output output;
  @Mixin private PlanOptions plan;

  @Parameters(
      paramLabel = "DIR|FILE",
      description = "A model folder, or the .nn file it came from.")
  private Path place;

  @Option(names = "--part", paramLabel = "PART", description = "train, valid or test (default).")
  private Part part = Part.TEST;

  @Override
  public Integer call() {
    try {
      var run = SavedRun.read(place, plan, output).compiled(output);
      var data =
          DataSet.open(
              run.training().data(),
              run.folders(),
              run.options().precision().element(),
              run.saved().info().vocabularies());
      var trainer =
          new Trainer(
              run.training().plan(),
              run.training().programs(),
              data,
              plan.threads(),
              TrainingListener.none(),
              () -> false);
      var figures = trainer.evaluate(run.weights(), part);
      if (output.json) {
        output
            .out()
            .println(Json.object().with("event", "tested").with(part.word(), figures.json()));
      } else {
        figures
            .scalars()
            .forEach(
                (name, value) ->
                    output
                        .out()
                        .printf(
                            "%-24s %s%n", part.word() + "." + name, TrainingView.number(value)));
        FigureTables.of(figures).forEach(output.out()::print);
      }
      return ExitStatus.DONE.code();
    } catch (ProblemException found) {
      throw new Reported(new CommandProblem.AtRunTime(found.problem()));
    }
  }
}
