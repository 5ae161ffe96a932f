package dev.nnlang.bench;

import dev.nnlang.bench.Row.Mode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/**
 * From the start of a process to the end of a training of a few seconds, and the most memory on the
 * way: what the JVM's compiler takes at first is in it, and so is the reading of natives.
 */
final class ShortTraining {
  private static final List<Engine> ENGINES = List.of(Engine.OURS, Engine.LIBTORCH, Engine.DL4J);
  private static final int THREADS = 2;

  private ShortTraining() {}

  /** About five seconds of steps on two cores. */
  private static int steps(Network network) {
    return switch (network) {
      case MLP -> 1500;
      case LENET -> 150;
      case RESNET20 -> 60;
      case LSTM -> 200;
      case LRCN -> 250;
      case GPT -> 30;
    };
  }

  /** Prints the table. */
  static void run(List<Network> networks, int rounds) {
    System.out.printf(
        "%n| training, %d threads | steps | by | from start to end, s | fastest to slowest | peak memory, MiB |%n",
        THREADS);
    System.out.println("| --- | ---: | --- | ---: | --- | ---: |");
    for (var network : networks) {
      Ours.of(network).fixture(2).write(network);
      var row = new Row.Net(network, Mode.TRAIN, network.batch());
      var runs = new LinkedHashMap<Engine, List<OneProcess>>();
      for (int round = 0; round < rounds; round++) {
        for (var engine : ENGINES) {
          if (engine.takes(row)) {
            runs.computeIfAbsent(engine, _ -> new ArrayList<>()).add(start(engine, row));
          }
        }
      }
      runs.forEach((engine, of) -> print(engine, network, of));
    }
  }

  private static OneProcess start(Engine engine, Row.Net row) {
    var steps = Integer.toString(steps(row.network()));
    var command = OneProcess.java(engine, ShortTraining.class, engine.name(), row.name(), steps);
    return OneProcess.run(command, errors());
  }

  private static Path errors() {
    return Plan.TARGET.resolve("short-training.log");
  }

  private static void print(Engine engine, Network network, List<OneProcess> runs) {
    var seconds = runs.stream().mapToDouble(r -> r.millis() / 1000).sorted().toArray();
    var resident = runs.stream().mapToDouble(OneProcess::resident).toArray();
    System.out.printf(
        "| %s | %d | %s | **%.1f** | %.1f to %.1f | %.0f |%n",
        network.word(),
        steps(network),
        engine.name().toLowerCase(Locale.ROOT),
        Table.median(seconds),
        seconds[0],
        seconds[seconds.length - 1],
        Table.median(resident));
  }

  /** Such a process: takes the engine, the row and the number of steps. */
  public static void main(String[] arguments) {
    try (var task = Engine.valueOf(arguments[0]).open(Row.named(arguments[1]), THREADS)) {
      int steps = Integer.parseInt(arguments[2]);
      for (int step = 0; step < steps; step++) {
        task.run();
      }
      System.out.println("done");
    }
  }
}
