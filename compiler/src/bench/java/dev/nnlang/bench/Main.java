package dev.nnlang.bench;

import java.util.Locale;

/** The benchmarks, as {@code BENCHMARKS.md} starts them. */
public final class Main {
  private Main() {}

  /** Reads the properties {@code bench} and {@code bench.mode}. */
  public static void main(String[] arguments) {
    var selection = System.getProperty("bench", "all");
    var mode = Plan.Effort.valueOf(System.getProperty("bench.mode").toUpperCase(Locale.ROOT));
    System.exit(Plan.of(selection, mode).run() ? 0 : 1);
  }
}
