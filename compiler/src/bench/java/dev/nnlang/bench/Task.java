package dev.nnlang.bench;

/**
 * What is timed, ready to run: compiled, its inputs in place, its numbers compared with the
 * reference.
 */
public interface Task extends AutoCloseable {
  /** One step, one prediction, one operation. */
  void run();

  /**
   * Weights and optimizer back to where they began. A long run on one batch drives gradients, and
   * the averages of them, so close to 0 that the processor falls to its slow path for subnormal
   * numbers, which no real training meets.
   */
  default void reset() {}

  @Override
  void close();
}
