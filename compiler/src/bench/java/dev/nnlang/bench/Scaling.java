package dev.nnlang.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How the time of a training step grows with batch, depth, sequence length and width, and the time
 * of compiling with the size of the program. Each table ends in what a straight line through its
 * last point would say: above 1 growth is worse than linear.
 */
final class Scaling {
  private static final int BATCH = 32;
  private static final int CLASSES = 10;

  /**
   * One way to grow.
   *
   * @param name of what grows
   * @param template of the file in which {@code SIZE} is replaced
   * @param work that a size means, on any scale
   */
  private record Growth(String name, String template, int[] sizes, Work work) {}

  private interface Work {
    double of(int size);
  }

  private static final List<Growth> GROWTHS =
      List.of(
          new Growth("depth", "scaling-depth.nn", new int[] {1, 2, 4, 8, 16, 32, 64}, n -> n),
          new Growth("steps", "scaling-steps.nn", new int[] {8, 16, 32, 64, 128, 256}, n -> n),
          new Growth(
              "width",
              "scaling-width.nn",
              new int[] {32, 64, 128, 256, 512, 1024, 2048},
              n -> (double) n * n));

  private static final int[] BATCHES = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096};

  /** Seconds for which programs are compiled before one is timed: HotSpot compiles the compiler. */
  private static final double WARM = 10;

  private static final int ROUNDS = 15;

  /** Seconds until HotSpot has compiled a step's kernels for good: a recurrence takes two. */
  private static final double WARM_STEPS = 4;

  /** What is replaced; the formatter may have put spaces before the equals sign. */
  private static final Pattern SIZE = Pattern.compile("(\\bSize += )\\d+");

  private final double seconds;
  private final int threads;

  private Scaling(double seconds, int threads) {
    this.seconds = seconds;
    this.threads = threads;
  }

  /**
   * Prints the tables of steps.
   *
   * @param seconds that each point is warmed up for, and then measured for
   */
  static void run(double seconds, int threads) {
    var scaling = new Scaling(seconds, threads);
    scaling.batches();
    GROWTHS.forEach(scaling::growth);
  }

  /** Prints the tables of compiling. */
  static void compiling() {
    compileTimes("scaling-depth.nn", 4, 50, 100, 200);
    compileTimes("scaling-blocks.nn", 4, 10, 30, 100);
    compileTimes("scaling-residual.nn", 4, 16, 50, 100);
    compileNetworks();
  }

  private void batches() {
    System.out.printf("%nbatch of the multilayer perceptron, %d threads%n%n", threads);
    var points = new double[BATCHES.length];
    var training = Ours.compile(Network.MLP.file());
    for (int i = 0; i < points.length; i++) {
      try (var task = new Ours(training, BATCHES[i], BATCHES[i], CLASSES).step(threads)) {
        points[i] = time(task);
      }
    }
    print("batch", BATCHES, points, n -> n);
  }

  private void growth(Growth growth) {
    System.out.printf("%n%s of %s, %d threads%n%n", growth.name, growth.template, threads);
    var points = new double[growth.sizes.length];
    for (int i = 0; i < points.length; i++) {
      var training = Ours.compile(growth.template, text(growth.template, growth.sizes[i]));
      try (var task = new Ours(training, BATCH, BATCH, CLASSES).step(threads)) {
        points[i] = time(task);
      }
    }
    print(growth.name, growth.sizes, points, growth.work);
  }

  private static void print(String what, int[] sizes, double[] millis, Work work) {
    System.out.printf("| %s | step, ms | against a line from 0 to the last |%n", what);
    System.out.println("| ---: | ---: | ---: |");
    int last = sizes.length - 1;
    for (int i = 0; i <= last; i++) {
      double line = millis[last] * work.of(sizes[i]) / work.of(sizes[last]);
      System.out.printf("| %d | %.3f | %.2f |%n", sizes[i], millis[i], millis[i] / line);
    }
  }

  /** The median of steps for some seconds, after at least as many to warm up, in milliseconds. */
  private double time(Task task) {
    repeat(task, Math.max(WARM_STEPS, seconds));
    task.reset();
    return Table.median(repeat(task, seconds));
  }

  private static double[] repeat(Task task, double seconds) {
    var times = new ArrayList<Double>();
    long begin = System.nanoTime();
    do {
      long before = System.nanoTime();
      task.run();
      times.add((System.nanoTime() - before) / 1e6);
    } while ((System.nanoTime() - begin) / 1e9 < seconds || times.size() < 3);
    return times.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * Processor time of the compiling thread: the machine may be shared, and HotSpot is busy. Sizes
   * take turns, since the machine's speed changes and HotSpot is never done.
   */
  private static void compileTimes(String template, int... sizes) {
    System.out.printf("%ncompiling %s, all programs of its plan, in a warm process%n%n", template);
    long begin = System.nanoTime();
    while ((System.nanoTime() - begin) / 1e9 < WARM) {
      for (int size : sizes) {
        Ours.compile(template, text(template, size));
      }
    }
    var times = new double[sizes.length][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      for (int s = 0; s < sizes.length; s++) {
        var text = text(template, sizes[s]);
        long before = processorTime();
        Ours.compile(template, text);
        times[s][round] = (processorTime() - before) / 1e6;
      }
    }
    System.out.println("| repeated | ms | best, ms | of the first |");
    System.out.println("| ---: | ---: | ---: | ---: |");
    double first = Table.median(times[0]);
    for (int s = 0; s < sizes.length; s++) {
      double best = Arrays.stream(times[s]).min().orElseThrow();
      double median = Table.median(times[s]);
      System.out.printf("| %d | %.0f | %.0f | %.2f |%n", sizes[s], median, best, median / first);
    }
  }

  private static long processorTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void compileNetworks() {
    System.out.printf("%ncompiling the networks, all programs of their plans, best of three%n%n");
    System.out.println("| network | ms |");
    System.out.println("| --- | ---: |");
    for (var network : Network.values()) {
      double best = Double.MAX_VALUE;
      for (int round = 0; round < 3; round++) {
        long before = System.nanoTime();
        Ours.compile(network.file());
        best = Math.min(best, (System.nanoTime() - before) / 1e6);
      }
      System.out.printf("| %s | %.0f |%n", network.word(), best);
    }
  }

  private static String text(String template, int size) {
    try {
      var found = SIZE.matcher(Files.readString(Row.SOURCES.resolve(template)));
      if (!found.find()) {
        throw new IllegalStateException(template + " has no size");
      }
      return found.replaceAll(match -> match.group(1) + size);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
