package dev.nnlang.compiler.lsp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Plans that are being trained: each in a process of its own, {@code nn train --json}, so that a
 * run can neither slow the editor down nor take the server with it. It ends with the server,
 * however that ends: it is started as {@code --attached} to the stream that the server holds.
 */
final class TrainingRuns {
  /** The gate of "Overfit first" where a plan has none of its own. */
  private static final String GATE =
      "first=overfit(samples = 32, until = loss < 0.01, within = 500)";

  /**
   * What happens to a run: a line of {@code nn train --json}, a line of its errors, or its end.
   *
   * @param what {@code started}, {@code event}, {@code message}, {@code ended}
   * @param text the line; the exit status of {@code ended}
   */
  record Told(String uri, String train, String what, String text) {}

  private record Key(String uri, String train) {}

  private final Map<Key, Process> running = new LinkedHashMap<>();
  private final Consumer<Told> listener;

  TrainingRuns(Consumer<Told> listener) {
    this.listener = listener;
  }

  synchronized List<String> of(String uri) {
    return running.keySet().stream()
        .filter(k -> k.uri().equals(Project.address(uri)))
        .map(Key::train)
        .toList();
  }

  /** Starts a run; one of the same plan that is under way is stopped first. */
  synchronized void start(String uri, Path file, String train, boolean overfitFirst)
      throws IOException {
    stop(uri, train);
    var command = command();
    command.addAll(List.of("train", "--attached", "--json", "--train", train));
    if (overfitFirst) {
      command.addAll(List.of("--set", GATE));
    }
    command.add(file.toString());
    var process = new ProcessBuilder(command).directory(file.getParent().toFile()).start();
    var key = new Key(Project.address(uri), train);
    running.put(key, process);
    listener.accept(new Told(uri, train, "started", ""));
    var events = follow(process.getInputStream(), line -> new Told(uri, train, "event", line));
    var messages = follow(process.getErrorStream(), line -> new Told(uri, train, "message", line));
    process
        .onExit()
        .thenAccept(
            ended -> {
              join(events);
              join(messages);
              synchronized (this) {
                running.remove(key, process);
              }
              listener.accept(new Told(uri, train, "ended", Integer.toString(ended.exitValue())));
            });
  }

  /** Asks a run to stop; it saves what it has and ends. */
  synchronized void stop(String uri, String train) {
    var process = running.get(new Key(Project.address(uri), train));
    if (process != null) {
      stop(process);
    }
  }

  synchronized void stopAll() {
    running.values().forEach(TrainingRuns::stop);
  }

  /** The end of its input, and not a signal: with that Java would close its output unread. */
  private static void stop(Process process) {
    try {
      process.getOutputStream().close();
    } catch (IOException ended) {
      // It has gone already.
      return;
    }
  }

  /** This program again, as it was started itself. */
  private static List<String> command() {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Where data of the examples are.
    var home = System.getProperty("nn.home");
    if (home != null) {
      command.add("-Dnn.home=" + home);
    }
    // What the launcher says, too: a run is as fast from an editor as from a shell.
    var options = Path.of(home == null ? "" : home, ".ci", "jvm.args");
    if (Files.isRegularFile(options)) {
      command.add("@" + options);
    } else {
      command.addAll(List.of("-XX:+UseG1GC", "-XX:MaxRAMPercentage=75"));
      command.addAll(List.of("-Xlog:disable", "-Xlog:all=error:stderr"));
    }
    var modules = System.getProperty("jdk.module.path");
    var main = "dev.nnlang.compiler.cli.Main";
    if (modules != null) {
      command.add("--enable-native-access=dev.nnlang.runtime");
      command.addAll(List.of("-p", modules, "-m", "dev.nnlang.compiler/" + main));
    } else {
      var classes = System.getProperty("java.class.path");
      command.add("--enable-native-access=ALL-UNNAMED");
      command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-cp", classes, main));
    }
    return command;
  }

  private Thread follow(InputStream stream, java.util.function.Function<String, Told> told) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try (var lines =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                  boolean isGreeting = line.contains("Using incubator modules");
                  if (!isGreeting) {
                    listener.accept(told.apply(line));
                  }
                }
              } catch (IOException ended) {
                // The process has gone, and its end is told by itself.
                return;
              }
            });
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
