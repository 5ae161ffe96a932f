package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.runtime.model.ModelFolder;
import dev.nnlang.runtime.train.TrainingEvent;
import dev.nnlang.runtime.train.TrainingListener;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The picture of a run while it goes on: written when the run starts, after each epoch and at the
 * end. A place that cannot be written is a problem before the first step; one that has become so
 * does not end the run.
 */
final class LivePlot implements TrainingListener {
  private final Path picture;
  private final RunCurves curves;
  private List<Problem> problems = List.of();

  private LivePlot(Path picture, RunCurves curves) {
    this.picture = picture;
    this.curves = curves;
  }

  /** Of a run into a folder; one that is resumed keeps the curves so far. */
  static LivePlot of(Path picture, Path folder, boolean isResumed) {
    boolean goesOn = isResumed && Files.exists(ModelFolder.log(folder));
    return new LivePlot(picture, goesOn ? PlotCommand.of(folder) : new RunCurves());
  }

  @Override
  public void on(TrainingEvent event) {
    curves.on(event.json());
    switch (event) {
      case TrainingEvent.Started _ -> write();
      case TrainingEvent.Epoch _, TrainingEvent.Done _ -> {
        try {
          write();
        } catch (Reported unwritable) {
          problems = List.copyOf(unwritable.problems());
        }
      }
      case TrainingEvent.GateStep _,
          TrainingEvent.GatePassed _,
          TrainingEvent.Step _,
          TrainingEvent.Warning _,
          TrainingEvent.Saved _,
          TrainingEvent.Interrupted _ -> {
        // The next epoch shows it.
      }
    }
  }

  private void write() {
    TextFiles.write(picture, curves.chart().svg().getBytes(StandardCharsets.UTF_8));
  }

  /** Why the picture is not up to date, if it is not. */
  List<Problem> problems() {
    return problems;
  }
}
