package dev.nnlang.runtime.cpu;

import java.util.List;

/** A time loop that is ready to run. */
final class Loop implements Runnable {
  private final int[] dims;
  private final int index;
  private final int rounds;
  private final boolean backwards;
  private final Runnable[] before;
  private final Runnable[] body;

  /**
   * A loop.
   *
   * @param dims where {@code index} is the place of the round's number
   * @param before what is done once
   */
  Loop(
      int[] dims,
      int index,
      int rounds,
      boolean backwards,
      List<Runnable> before,
      List<Runnable> body) {
    this.dims = dims;
    this.index = index;
    this.rounds = rounds;
    this.backwards = backwards;
    this.before = before.toArray(Runnable[]::new);
    this.body = body.toArray(Runnable[]::new);
  }

  @Override
  public void run() {
    for (var each : before) {
      each.run();
    }
    for (int round = 0; round < rounds; round++) {
      dims[index] = backwards ? rounds - 1 - round : round;
      for (var each : body) {
        each.run();
      }
    }
  }
}
