package dev.nnlang.bench;

import org.openjdk.jmh.runner.options.TimeValue;

/** How long the benchmarks may take. */
enum Effort {
  /** Whether everything runs, and gives the same numbers; the times mean nothing. */
  CHECK(1, 1, 1, 0.001),
  /** A first impression. */
  QUICK(1, 8, 5, 1),
  /** What may be published. */
  FULL(3, 10, 5, 1);

  private final int rounds;
  private final int warmups;
  private final int iterations;
  private final double seconds;

  Effort(int rounds, int warmups, int iterations, double seconds) {
    this.rounds = rounds;
    this.warmups = warmups;
    this.iterations = iterations;
    this.seconds = seconds;
  }

  /** Processes of each engine. */
  int rounds() {
    return rounds;
  }

  /** Iterations before the first that counts: the JVM compiles what runs often meanwhile. */
  int warmups() {
    return warmups;
  }

  /** Iterations that count. */
  int iterations() {
    return iterations;
  }

  /** Of an iteration. */
  double seconds() {
    return seconds;
  }

  /** The same for JMH. */
  TimeValue iteration() {
    return TimeValue.milliseconds(Math.round(seconds * 1000));
  }
}
