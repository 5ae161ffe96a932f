package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.cli.Output.Ink;
import dev.nnlang.runtime.train.Figures;
import dev.nnlang.runtime.train.TrainingEvent;
import dev.nnlang.runtime.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A run as people watch it: a progress bar while it works, a row for each epoch, the end. */
final class TrainingView implements TrainingListener {
  /** A plot of this many epochs or more says something that the table does not. */
  private static final int WORTH_A_PLOT = 3;

  private final Output output;
  private ProgressBar bar;
  private long epochs;
  private List<String> columns = List.of();
  private final List<Double> trainLoss = new ArrayList<>();
  private final List<Double> validLoss = new ArrayList<>();

  TrainingView(Output output) {
    this.output = output;
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainingEvent.Started started -> started(started);
      case TrainingEvent.GateStep gate -> gate(gate);
      case TrainingEvent.GatePassed passed -> {
        clear();
        print(
            Ink.GREEN,
            "it can learn: %s after %d steps (%s)"
                .formatted(passed.condition(), passed.step(), number(passed.figure())));
      }
      case TrainingEvent.Step step -> step(step);
      case TrainingEvent.Epoch epoch -> epoch(epoch);
      case TrainingEvent.Warning warning -> warning(warning);
      case TrainingEvent.Saved _ -> {
        // Routine: it is in the log.
      }
      case TrainingEvent.Interrupted stopped -> {
        clear();
        print(Ink.YELLOW, "stopped after step " + stopped.step());
      }
      case TrainingEvent.Done done -> done(done);
    }
  }

  private void started(TrainingEvent.Started started) {
    clear();
    epochs = started.epochs().orElse(0);
    var examples =
        started.examples().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> e.getValue() + " " + e.getKey().word())
            .collect(Collectors.joining(", "));
    print(
        Ink.BOLD,
        "%s: %,d parameters, examples: %s"
            .formatted(started.name(), started.parameters(), examples));
    started.notes().forEach(note -> print(Ink.DIM, "  note: " + note));
    bar = null;
  }

  private void gate(TrainingEvent.GateStep gate) {
    if (bar == null) {
      bar = new ProgressBar(output, "first", gate.within());
    }
    bar.at(gate.step(), "loss " + number(gate.loss()));
  }

  private void step(TrainingEvent.Step step) {
    if (bar == null) {
      bar = new ProgressBar(output, "training", step.steps());
    }
    var figures =
        step.mean().scalars().entrySet().stream()
            .map(e -> e.getKey() + " " + number(e.getValue()))
            .collect(Collectors.joining("  "));
    var rate = String.format(Locale.ROOT, "%,.0f/s", step.rate());
    var epoch = epochs > 0 ? "epoch " + step.epoch() + "/" + epochs : "step " + step.step();
    bar.at(step.step(), epoch + "  " + figures + "  " + rate);
  }

  private void epoch(TrainingEvent.Epoch epoch) {
    if (bar != null) {
      bar.hide();
    }
    var cells = new ArrayList<String>();
    var names = new ArrayList<String>();
    names.add("epoch");
    cells.add(Long.toString(epoch.epoch()));
    add("train", epoch.train(), names, cells);
    epoch.valid().ifPresent(valid -> add("valid", valid, names, cells));
    names.add("time");
    cells.add(ProgressBar.duration(epoch.seconds()));
    if (!names.equals(columns)) {
      columns = names;
      print(Ink.DIM, row(names));
    }
    var mark = epoch.best().orElse(false) ? "  " + output.paint(Ink.GREEN, "best") : "";
    output.out().println(row(cells) + mark);
    epoch.train().scalar("loss").ifPresent(trainLoss::add);
    epoch.valid().ifPresent(v -> v.scalar("loss").ifPresent(validLoss::add));
  }

  /** Among the rows of the table, in the form of the compiler's warnings. */
  private void warning(TrainingEvent.Warning warning) {
    if (bar != null) {
      bar.hide();
    }
    var sickness = warning.sickness();
    print(
        Ink.YELLOW,
        "warning[%s]: %s (step %d)"
            .formatted(sickness.code().code(), warning.message(), warning.step()));
    output.out().println("  --> " + warning.site().at());
    output.out().println("   = likely: " + sickness.cause());
    output.out().println("   = help: " + sickness.mend());
  }

  private static void add(String part, Figures figures, List<String> names, List<String> cells) {
    figures
        .scalars()
        .forEach(
            (name, value) -> {
              names.add(part + "." + name);
              cells.add(number(value));
            });
  }

  /** Columns are as wide as their heads need, so that heads and figures stand above each other. */
  private String row(List<String> cells) {
    var text = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      int width = Math.max(8, i < columns.size() ? columns.get(i).length() : 0);
      text.append(i == 0 ? "" : "  ")
          .append(" ".repeat(Math.max(0, width - cells.get(i).length())));
      text.append(cells.get(i));
    }
    return text.toString();
  }

  private void done(TrainingEvent.Done done) {
    clear();
    if (trainLoss.size() >= WORTH_A_PLOT && !output.json) {
      output.out().print(Plot.of(trainLoss, validLoss, Math.min(output.width(), 72)));
    }
    var kept =
        done.keptEpoch() < done.epochs()
            ? ", the parameters of epoch " + done.keptEpoch() + " kept"
            : "";
    print(
        Ink.BOLD,
        "%s after %d epochs, %d steps%s"
            .formatted(done.reason().word(), done.epochs(), done.steps(), kept));
    done.test()
        .ifPresent(
            test -> {
              var figures =
                  test.scalars().entrySet().stream()
                      .map(e -> e.getKey() + " " + number(e.getValue()))
                      .collect(Collectors.joining("  "));
              print(Ink.GREEN, "test: " + figures);
              FigureTables.of(test).forEach(output.out()::print);
            });
  }

  private void print(Ink ink, String text) {
    output.out().println(output.paint(ink, text));
  }

  /** Takes the bar away; the next one starts anew. */
  void clear() {
    if (bar != null) {
      bar.hide();
      bar = null;
    }
  }

  /** Four significant digits, as a table wants them. */
  static String number(double value) {
    double size = Math.abs(value);
    if (value == 0 || size >= 1e-3 && size < 1e5) {
      int digits = size >= 1000 ? 1 : size >= 100 ? 2 : size >= 10 ? 3 : 4;
      return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
    return String.format(Locale.ROOT, "%.3e", value);
  }
}
