package dev.nnlang.bench;

import dev.nnlang.runtime.cpu.KernelTimes;
import java.lang.management.ManagementFactory;

/**
 * Where the time of one row goes: the share of each kernel, in processor time of a single thread,
 * so that a busy machine blurs it less.
 */
final class Profile {
  /** Shares below this part of the whole are not shown. */
  private static final double WORTH_SHOWING = 0.005;

  private Profile() {}

  /**
   * Prints the kernels of a network's step or prediction, the slowest first.
   *
   * @param seconds to warm up for, and then to measure for
   */
  static void run(Row.Net row, double seconds) {
    var threads = ManagementFactory.getThreadMXBean();
    var times = new KernelTimes(threads::getCurrentThreadCpuTime);
    var ours = Ours.of(row.network()).timed(times);
    try (var task = open(ours, row)) {
      repeat(task, seconds);
      task.reset();
      times.clear();
      repeat(task, seconds);
    }
    print(row, times);
  }

  private static Task open(Ours ours, Row.Net row) {
    return switch (row.mode()) {
      case TRAIN -> ours.step(1);
      case INFER -> ours.prediction(row.batch(), 1);
    };
  }

  private static void repeat(Task task, double seconds) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (System.nanoTime() < end) {
      task.run();
    }
  }

  private static void print(Row.Net row, KernelTimes times) {
    double all = times.shares().stream().mapToLong(KernelTimes.Share::nanos).sum();
    System.out.printf("%n%s: %.1f us in kernels%n%n", row.name(), all / times.runs() / 1e3);
    System.out.println("| kernel | us | share | what it computes |");
    System.out.println("| ---: | ---: | ---: | --- |");
    for (var share : times.shares()) {
      if (share.nanos() > all * WORTH_SHOWING) {
        System.out.printf(
            "| %d | %.1f | %.1f%% | %s |%n",
            share.number(),
            share.nanos() / 1e3 / times.runs(),
            100 * share.nanos() / all,
            share.what());
      }
    }
  }
}
