package dev.nnlang.runtime.data;

/**
 * Orders that depend on nothing but their keys: Fisher and Yates' shuffle, drawn from SplitMix64
 * (Steele, Lea and Flood 2014), whose sequence is fixed here so that no Java version can change a
 * split.
 */
public final class Shuffle {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;

  private Shuffle(long seed) {
    state = seed;
  }

  /**
   * Reorders in place.
   *
   * @param seed of a split or a run
   * @param turn which of the seed's orders: an epoch's number
   */
  public static void shuffle(long[] values, long seed, long turn) {
    // The turn enters through the mixer, so that neighbouring seeds and turns share nothing.
    var random = new Shuffle(mix(seed + GOLDEN) ^ mix(turn * GOLDEN + 1));
    for (int i = values.length - 1; i > 0; i--) {
      // The high half of a product is uniform but for i / 2^64 (Lemire 2019).
      int j = (int) Math.unsignedMultiplyHigh(random.next(), i + 1L);
      long value = values[i];
      values[i] = values[j];
      values[j] = value;
    }
  }

  private long next() {
    state += GOLDEN;
    return mix(state);
  }

  private static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
