package dev.nnlang.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs rows, engine after engine, in rounds: each round gives every engine a fresh process, so that
 * what the machine does in the meantime meets all of them alike.
 */
public final class Plan {
  /** Where everything is written that a run needs or leaves behind. */
  public static final Path TARGET = Path.of("compiler", "target", "bench");

  /** Of all runs of a process, in percent. */
  private static final double FAST = 10;

  private final List<Row> rows;
  private final List<Integer> threads;
  private final Set<Engine> engines;
  private final Effort effort;

  private Plan(List<Row> rows, List<Integer> threads, Set<Engine> engines, Effort effort) {
    this.rows = rows;
    this.threads = threads;
    this.engines = engines;
    this.effort = effort;
  }

  /** What the properties {@code bench}, {@code bench.threads}, {@code bench.engines} ask for. */
  static Plan of(String selection, Effort effort) throws Main.Misuse {
    var rows = Row.selected(selection);
    if (rows.isEmpty()) {
      throw new Main.Misuse("bench", selection, "the beginning of a row's name");
    }
    var threads = new ArrayList<Integer>();
    for (var word : words("bench.threads")) {
      if (!word.matches("[1-9][0-9]{0,3}")) {
        throw new Main.Misuse("bench.threads", word, "a number from 1");
      }
      threads.add(Integer.valueOf(word));
    }
    var engines = EnumSet.noneOf(Engine.class);
    for (var word : words("bench.engines")) {
      engines.add(Main.word(Engine.class, "bench.engines", word));
    }
    return new Plan(rows, threads, engines, effort);
  }

  private static List<String> words(String property) {
    return List.of(System.getProperty(property).split(","));
  }

  /** Prints the table; whether every engine gave every row's numbers. */
  boolean run() {
    create(TARGET);
    var machine = Machine.describe();
    var table = new Table();
    var made = new TreeSet<Network>();
    for (var row : rows) {
      if (row instanceof Row.Net(var network, _, _) && made.add(network)) {
        Ours.of(network).fixture(2).write(network);
      }
      for (int workers : threads) {
        table.add(measure(row, workers));
        // After every line, so that a run that is broken off has not been for nothing.
        write(TARGET.resolve("table.md"), machine + "\n" + table.text());
      }
    }
    var text = machine + "\n" + table.text() + table.shares(Machine.peak());
    write(TARGET.resolve("table.md"), text);
    System.out.println("\n" + text);
    return !table.failed();
  }

  private Table.Line measure(Row row, int workers) {
    var times = new EnumMap<Engine, List<Double>>(Engine.class);
    var failures = new EnumMap<Engine, String>(Engine.class);
    double load = 0;
    for (int round = 0; round < effort.rounds(); round++) {
      load = Math.max(load, Machine.load());
      for (var engine : engines) {
        if (!engine.takes(row) || failures.containsKey(engine)) {
          continue;
        }
        var log = log(row, workers, engine, round);
        var found = fork(row, workers, engine, log);
        if (found.isPresent()) {
          times.computeIfAbsent(engine, _ -> new ArrayList<>()).add(found.getAsDouble());
        } else {
          failures.put(engine, cause(log));
        }
      }
    }
    var line = new Table.Line(row, workers, times, failures, load);
    System.out.print(line.progress());
    return line;
  }

  /**
   * The time of a run in one process, in microseconds: a tenth of its runs are as fast. On a
   * machine that is shared, the mean says how often somebody else had the other half of the core.
   */
  private OptionalDouble fork(Row row, int workers, Engine engine, Path log) {
    var options =
        new OptionsBuilder()
            .include(RowBenchmark.class.getName())
            .param("row", row.name())
            .param("engine", engine.name())
            .param("workers", Integer.toString(workers))
            .forks(1)
            .warmupIterations(effort.warmups())
            .warmupTime(effort.iteration())
            .measurementIterations(effort.iterations())
            .measurementTime(effort.iteration())
            .shouldFailOnError(true)
            .jvmArgs(engine.jvmArguments().toArray(String[]::new))
            .output(log.toString())
            .build();
    var own = System.getProperty("java.class.path");
    try {
      // JMH gives its processes the class path of this one.
      System.setProperty("java.class.path", engine.classPath());
      var result = new Runner(options).runSingle();
      return OptionalDouble.of(result.getPrimaryResult().getStatistics().getPercentile(FAST));
    } catch (RunnerException e) {
      return OptionalDouble.empty();
    } finally {
      System.setProperty("java.class.path", own);
    }
  }

  private static Path log(Row row, int workers, Engine engine, int round) {
    var name =
        "%s-%d-%s-%d.log"
            .formatted(
                row.name().replace('/', '-'),
                workers,
                engine.name().toLowerCase(Locale.ROOT),
                round);
    return create(TARGET.resolve("log")).resolve(name);
  }

  /** The first line of the log that names an exception. */
  private static String cause(Path log) {
    try (var lines = Files.lines(log)) {
      return lines
              .filter(
                  line ->
                      line.contains("Exception")
                          || line.contains("Mismatch")
                          || line.contains("Error"))
              .map(String::strip)
              .findFirst()
              .orElse("failed")
          + " ("
          + log
          + ")";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path create(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
