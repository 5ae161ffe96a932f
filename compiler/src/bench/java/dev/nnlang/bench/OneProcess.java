package dev.nnlang.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that prints a line when it has done what it is for.
 *
 * @param millis from its start to that line
 * @param resident the most memory that it had in RAM until then, in MiB; 0 where the system does
 *     not tell
 */
record OneProcess(double millis, double resident) {
  /** Seldom: to look for processes that a process has started reads all of the machine's. */
  private static final long LOOK_MILLIS = 200;

  /** Runs it to its end. */
  static OneProcess run(List<String> command, Path errors) {
    try {
      long begin = System.nanoTime();
      var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      OneProcess result;
      try (var out = process.inputReader()) {
        if (out.readLine() == null) {
          throw new IllegalStateException(
              "said nothing, see " + errors + ": " + String.join(" ", command));
        }
        double millis = (System.nanoTime() - begin) / 1e6;
        result = new OneProcess(millis, resident(process.pid()));
      }
      process.waitFor();
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Runs a command to its end.
   *
   * @return its time until then, and the most memory that it and what it has started had in RAM,
   *     each at its own peak, added up over those that run at one time
   */
  static OneProcess toTheEnd(List<String> command, Path log) {
    try {
      long begin = System.nanoTime();
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      double most = 0;
      while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        double now = resident(process.pid());
        for (var started : process.descendants().toList()) {
          now += resident(started.pid());
        }
        most = Math.max(most, now);
      }
      if (process.exitValue() != 0) {
        throw new IllegalStateException("failed, see " + log + ": " + String.join(" ", command));
      }
      return new OneProcess((System.nanoTime() - begin) / 1e6, most);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The command of a JVM as an engine wants it. */
  static List<String> java(Engine engine, Class<?> main, String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(engine.jvmArguments());
    command.addAll(List.of("-cp", engine.classPath(), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static double resident(long process) {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(process), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }
}
