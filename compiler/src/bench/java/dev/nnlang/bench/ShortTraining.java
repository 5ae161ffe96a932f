package dev.nnlang.bench;

import dev.nnlang.bench.Row.Mode;
import dev.nnlang.runtime.tensor.ElementType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/**
 * From the start of a process to the end of a training of ten seconds, and the most memory on the
 * way: what the JVM's compiler takes at first is in it, and so is the reading of natives. Ours is
 * {@code ./nn train}, which also reads its data and writes a model; once with a program that it has
 * never seen and once more.
 */
final class ShortTraining {
  private static final List<Engine> PEERS = List.of(Engine.LIBTORCH, Engine.DL4J);
  private static final Path FOLDER = Plan.TARGET.resolve("short-training");
  private static final int THREADS = 2;

  private ShortTraining() {}

  /** What takes libtorch some ten seconds on two cores. */
  private static int steps(Network network) {
    return switch (network) {
      case MLP -> 1900;
      case LENET -> 300;
      case RESNET20 -> 140;
      case LSTM -> 390;
      case LRCN -> 470;
      case GPT -> 32;
    };
  }

  /** Prints the table. */
  static void run(List<Network> networks, int rounds) {
    System.out.printf(
        "%n| training, %d threads | steps | by | from start to end, s | fastest to slowest | peak memory, MiB |%n",
        THREADS);
    System.out.println("| --- | ---: | --- | ---: | --- | ---: |");
    for (var network : networks) {
      var fixture = Ours.of(network).fixture(2);
      fixture.write(network);
      var row = new Row.Net(network, Mode.TRAIN, network.batch());
      var runs = new LinkedHashMap<String, List<OneProcess>>();
      for (int round = 0; round < rounds; round++) {
        var cache = prepare(network, fixture);
        for (var by : List.of("nn train", "nn train, again")) {
          runs.computeIfAbsent(by, _ -> new ArrayList<>()).add(ours(network, cache));
        }
        for (var engine : PEERS) {
          if (engine.takes(row)) {
            var by = engine.name().toLowerCase(Locale.ROOT);
            runs.computeIfAbsent(by, _ -> new ArrayList<>()).add(start(engine, row));
          }
        }
      }
      runs.forEach((by, of) -> print(by, network, of));
    }
  }

  /** The program with its data in a folder; gives the folder of what is kept, which is empty. */
  private static Path prepare(Network network, Fixture fixture) {
    try {
      Files.createDirectories(FOLDER);
      Files.writeString(program(network), Files.readString(network.file()));
      var input = fixture.input();
      var file = FOLDER.resolve(source(network) + ".npy");
      if (input.type() == ElementType.F32) {
        Npy.write(file, input.floats(), input.shape());
      } else {
        Npy.write(file, input.longs(), input.shape());
      }
      var labels = fixture.labels();
      Npy.write(FOLDER.resolve("labels.npy"), labels.longs(), labels.shape());
      return Files.createTempDirectory(FOLDER, "kept-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the file calls what the network sees. */
  private static String source(Network network) {
    return switch (network) {
      case MLP, LENET, RESNET20 -> "pictures";
      case LSTM -> "series";
      case LRCN -> "clips";
      case GPT -> "texts";
    };
  }

  private static Path program(Network network) {
    return FOLDER.resolve(network.word() + ".nn");
  }

  private static OneProcess ours(Network network, Path cache) {
    var command =
        List.of(
            "env",
            "XDG_CACHE_HOME=" + cache.toAbsolutePath(),
            "./nn",
            "train",
            program(network).toString(),
            "--set=steps=" + steps(network),
            "--threads=" + THREADS,
            "--out=" + FOLDER.resolve("model"));
    return OneProcess.toTheEnd(command, FOLDER.resolve(network.word() + ".log"));
  }

  private static OneProcess start(Engine engine, Row.Net row) {
    var steps = Integer.toString(steps(row.network()));
    var command = OneProcess.java(engine, ShortTraining.class, engine.name(), row.name(), steps);
    return OneProcess.run(command, errors());
  }

  private static Path errors() {
    return Plan.TARGET.resolve("short-training.log");
  }

  private static void print(String by, Network network, List<OneProcess> runs) {
    var seconds = runs.stream().mapToDouble(r -> r.millis() / 1000).sorted().toArray();
    var resident = runs.stream().mapToDouble(OneProcess::resident).toArray();
    System.out.printf(
        "| %s | %d | %s | **%.1f** | %.1f to %.1f | %.0f |%n",
        network.word(),
        steps(network),
        by,
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
