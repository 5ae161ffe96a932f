package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.picture.Chart;
import dev.nnlang.compiler.picture.Chart.Curve;
import dev.nnlang.compiler.picture.Chart.Panel;
import dev.nnlang.compiler.picture.Chart.Part;
import dev.nnlang.compiler.picture.Chart.Point;
import dev.nnlang.runtime.file.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The curves of a run, from the events of {@code --json} and {@code run.jsonl} as they come: loss
 * and metrics after each epoch; of a run of fewer than two epochs, the loss of each step.
 */
final class RunCurves {
  private final Map<Long, Json.Members> epochs = new TreeMap<>();
  private final Map<Long, Double> steps = new TreeMap<>();
  private Json.Members started = Json.object();
  private Optional<Json.Members> done = Optional.empty();

  void on(Json.Members event) {
    switch (word(event, "event")) {
      case "started" -> {
        // A log goes on where a run is resumed, and begins anew where it is not.
        if (event.get("resumedAt").isEmpty()) {
          epochs.clear();
          steps.clear();
        }
        started = event;
        done = Optional.empty();
      }
      case "step" -> steps.put(whole(event, "step"), real(event, "loss"));
      case "epoch" -> epochs.put(whole(event, "epoch"), event);
      case "done" -> done = Optional.of(event);
      default -> {}
    }
  }

  /** The curves so far. */
  Chart chart() {
    return epochs.size() < 2 ? bySteps() : byEpochs();
  }

  private Chart byEpochs() {
    var names = new LinkedHashSet<String>();
    epochs.values().forEach(e -> List.of("train", "valid").forEach(p -> names.addAll(names(e, p))));
    var panels = new ArrayList<Panel>();
    for (var name : names) {
      var curves = new ArrayList<Curve>();
      for (var part : Part.values()) {
        var points = new ArrayList<Point>();
        epochs.forEach(
            (epoch, event) ->
                figures(event, part == Part.TRAIN ? "train" : "valid")
                    .flatMap(f -> f.get(name))
                    .flatMap(RunCurves::number)
                    .ifPresent(y -> points.add(new Point(epoch, y))));
        if (!points.isEmpty()) {
          curves.add(new Curve(part, points));
        }
      }
      panels.add(new Panel(name, curves));
    }
    var kept = done.map(d -> whole(d, "keptEpoch")).filter(k -> k < whole(done.get(), "epochs"));
    return new Chart(
        name(),
        line(),
        "epoch",
        kept.map(k -> OptionalDouble.of(k)).orElse(OptionalDouble.empty()),
        panels);
  }

  private Chart bySteps() {
    var points = new ArrayList<Point>();
    steps.forEach((step, loss) -> points.add(new Point(step, loss)));
    var panels =
        points.isEmpty()
            ? List.<Panel>of()
            : List.of(new Panel("loss", List.of(new Curve(Part.TRAIN, points))));
    return new Chart(name(), line(), "step", OptionalDouble.empty(), panels);
  }

  private String name() {
    return word(started, "train");
  }

  /** {@code 4,810 parameters · completed after 3 epochs · test: loss 0.31}. */
  private String line() {
    var words = new ArrayList<String>();
    if (started.get("parameters").isPresent()) {
      words.add("%,d parameters".formatted(whole(started, "parameters")));
    }
    if (done.isEmpty()) {
      words.add(epochs.size() + " of " + count(whole(started, "epochs"), "epoch"));
    } else {
      words.add(
          word(done.get(), "reason") + " after " + count(whole(done.get(), "epochs"), "epoch"));
      figures(done.get(), "test")
          .ifPresent(
              test ->
                  words.add(
                      "test: "
                          + test.members().entrySet().stream()
                              .filter(e -> number(e.getValue()).isPresent())
                              .map(
                                  e ->
                                      e.getKey()
                                          + " "
                                          + TrainingView.number(number(e.getValue()).orElseThrow()))
                              .collect(Collectors.joining(", "))));
    }
    return String.join(" · ", words);
  }

  private static String count(long n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  // Reading.

  private static Optional<Json.Members> figures(Json.Members event, String part) {
    return event.get(part).filter(Json.Members.class::isInstance).map(Json.Members.class::cast);
  }

  private static List<String> names(Json.Members event, String part) {
    return figures(event, part)
        .map(Json.Members::members)
        .orElse(new LinkedHashMap<>())
        .entrySet()
        .stream()
        .filter(e -> number(e.getValue()).isPresent())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** A figure that is one number; NaN and the infinities are written as texts. */
  private static Optional<Double> number(Json value) {
    return switch (value) {
      case Json.Number n -> Optional.of(n.real());
      case Json.Text(var text) ->
          List.of("NaN", "Infinity", "-Infinity").contains(text)
              ? Optional.of(Double.valueOf(text))
              : Optional.empty();
      case Json.Members _, Json.Items _, Json.Truth _, Json.Null _ -> Optional.empty();
    };
  }

  private static String word(Json.Members event, String member) {
    return event.get(member).orElse(null) instanceof Json.Text(var text) ? text : "";
  }

  private static long whole(Json.Members event, String member) {
    return event.get(member).flatMap(RunCurves::number).map(Double::longValue).orElse(0L);
  }

  private static double real(Json.Members event, String member) {
    return event.get(member).flatMap(RunCurves::number).orElse(Double.NaN);
  }
}
