package dev.nnlang.examples;

import dev.nnlang.runtime.file.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program of this folder, trained as a user trains it: {@code nn train FILE --json} in a process
 * of its own, so far as it is let run.
 */
final class Run {
  private final List<Json.Members> events;
  private final Path model;

  private Run(List<Json.Members> events, Path model) {
    this.events = events;
    this.model = model;
  }

  /** Where a file of {@code examples/data}, {@code $NN_DATA} or a sibling shared/data lies. */
  static Optional<Path> data(String file) {
    var own = Optional.ofNullable(System.getenv("NN_DATA")).map(Path::of).stream();
    return Stream.concat(own, Stream.of(Path.of("data"), Path.of("../../shared/data")))
        .map(folder -> folder.resolve(file))
        .filter(Files::exists)
        .findFirst();
  }

  /** To the end. */
  static Run whole(Path folder, String file, String... options) {
    return start(folder, Long.MAX_VALUE, file, options);
  }

  /** The first steps; the process is then ended. */
  static Run steps(Path folder, long steps, String file, String... options) {
    return start(folder, steps, file, options);
  }

  private static Run start(Path folder, long steps, String file, String... options) {
    var model = folder.resolve("model");
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx3g", "-Dnn.home=..", "--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("--add-opens", "java.base/java.io=dev.nnlang.compiler"));
    command.addAll(List.of("--module-path", System.getProperty("jdk.module.path")));
    command.addAll(List.of("-m", "dev.nnlang.compiler/dev.nnlang.compiler.cli.Main"));
    command.addAll(List.of("train", file, "--json", "--out", model.toString()));
    command.addAll(List.of(options));
    var errors = folder.resolve("errors.txt");
    var events = new ArrayList<Json.Members>();
    try {
      var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      try (var lines = process.inputReader()) {
        long done = 0;
        for (var line = lines.readLine(); line != null && done < steps; line = lines.readLine()) {
          if (Json.parse(line).orElse(null) instanceof Json.Members event) {
            events.add(event);
            done += is(event, "step") ? 1 : 0;
          }
        }
      } finally {
        process.destroyForcibly();
      }
      var run = new Run(events, model);
      if (run.figures("step").isEmpty()) {
        throw new AssertionError(file + " took no step: " + events + Files.readString(errors));
      }
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean is(Json.Members event, String name) {
    return event.get("event").orElse(null) instanceof Json.Text(var text) && text.equals(name);
  }

  private Stream<Json.Members> of(String event) {
    return events.stream().filter(e -> is(e, event));
  }

  /** The loss of every step. */
  List<Double> losses() {
    return figures("step");
  }

  private List<Double> figures(String event) {
    return of(event).map(e -> number(e, "loss")).toList();
  }

  /** A figure of the last epoch, {@code valid} and {@code accuracy}. */
  double last(String part, String figure) {
    var epoch = of("epoch").reduce((_, b) -> b).orElseThrow();
    return number((Json.Members) epoch.get(part).orElseThrow(), figure);
  }

  /** A figure of the test part, at the end. */
  double test(String figure) {
    var done = of("done").findFirst().orElseThrow(() -> new AssertionError("no end: " + events));
    return number((Json.Members) done.get("test").orElseThrow(), figure);
  }

  /** The folder of the trained model. */
  Path model() {
    return model;
  }

  private static double number(Json.Members of, String key) {
    return ((Json.Number) of.get(key).orElseThrow()).real();
  }
}
