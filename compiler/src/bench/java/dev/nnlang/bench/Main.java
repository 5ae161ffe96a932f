package dev.nnlang.bench;

import java.util.Locale;

/** The benchmarks, as {@code BENCHMARKS.md} starts them. */
public final class Main {
  private Main() {}

  /** Reads the properties; what {@code bench} may say, {@code BENCHMARKS.md} lists. */
  public static void main(String[] arguments) {
    var selection = System.getProperty("bench");
    var effort = Effort.valueOf(System.getProperty("bench.mode").toUpperCase(Locale.ROOT));
    System.out.println(Machine.describe());
    switch (selection) {
      case "cold-start" -> ColdStart.run(effort.rounds());
      case "scaling" -> Scaling.run(effort.seconds(), Runtime.getRuntime().availableProcessors());
      default -> {
        if (!Plan.of(selection, effort).run()) {
          System.exit(1);
        }
      }
    }
  }
}
