package dev.nnlang.compiler.cli;

/**
 * Whether runs still become faster, as they do while HotSpot compiles: they are warm when none was
 * clearly faster than all before it for a while.
 */
final class Warmth {
  private static final double CLEARLY = 0.97;
  private static final double QUIET_SECONDS = 2;
  private static final double LEAST_SECONDS = 3;
  private static final double MOST_SECONDS = 60;

  private final long started = System.nanoTime();
  private double best = Double.POSITIVE_INFINITY;
  private double improved;
  private int runs;

  /**
   * Is told of a run, or of several that are the same each time.
   *
   * @param time that it took, in whatever unit
   */
  void ran(double time) {
    runs++;
    if (time < CLEARLY * best) {
      improved = seconds();
    }
    best = Math.min(best, time);
  }

  double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }

  boolean isReached() {
    double now = seconds();
    return runs > 1 && now > LEAST_SECONDS && now - improved > QUIET_SECONDS || now > MOST_SECONDS;
  }
}
