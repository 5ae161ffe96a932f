package dev.nnlang.runtime.cpu;

/**
 * How many examples a run had best take at a time, where none has to do with another.
 *
 * @param dim the open dimension that counts examples: the first axis of all that depends on one
 * @param examples so many that what lies between kernels stays near; {@link #ALL}, if that is no
 *     reason to take fewer
 */
public record BlockSize(String dim, int examples) {
  /** As many as there are. */
  public static final int ALL = Integer.MAX_VALUE;

  /** Blocks for each thread, so that one that is late holds up the others less. */
  private static final int BLOCKS_PER_THREAD = 2;

  /**
   * The fewest examples for which a thread reads all weights, where those are large: each weight is
   * then read for so many multiplications that it does not matter how far it lies away.
   */
  private static final int WORTH_ALL_WEIGHTS = 32;

  /**
   * A whole part of all examples; all, if none is good.
   *
   * @param threads that should have blocks of their own, if there are enough examples
   */
  int of(int all, int threads) {
    if (1 < threads && threads <= all) {
      int each = forThreads(all, threads);
      if (each < all) {
        return each;
      }
    }
    for (int each = Math.min(all, examples); 2L * each > examples; each--) {
      if (all % each == 0) {
        return each;
      }
    }
    return all;
  }

  /** The part with which threads end soonest; all, if one of them would have too much to do. */
  private int forThreads(int all, int threads) {
    int most = Math.min(examples, all / threads);
    int least = WORTH_ALL_WEIGHTS;
    if (examples != ALL) {
      most = Math.min(most, Math.max(1, all / (BLOCKS_PER_THREAD * threads)));
      least = most / 2 + 1;
    }
    int best = all;
    // No thread should have more than half as much again as its share.
    long longest = 3L * all / (2L * threads);
    for (int each = most; each >= least; each--) {
      if (all % each == 0) {
        long rounds = Math.ceilDiv(all / each, threads);
        if (rounds * each < longest) {
          longest = rounds * each;
          best = each;
        }
      }
    }
    return best;
  }
}
