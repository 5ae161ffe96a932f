package dev.nnlang.runtime.random;

/**
 * One number for one key.
 *
 * <p>The key's five words are folded into 64 bits, each followed by a finaliser of SplitMix64
 * (Steele, Lea, Flood 2014, constants of Stafford's variant 13), a bijection that passes the usual
 * test batteries as a counter-based generator. Every word is multiplied by an odd constant of its
 * own, so that swapping two words, or a step more and an element less, gives another number.
 */
public final class Draws {
  private static final double UNIT = 0x1p-53;

  private Draws() {}

  /** 64 random bits; {@code lane} tells apart several numbers for one key. */
  public static long bits(long site, long seed, long step, long example, long element, long lane) {
    long h = mix(site ^ 0x9E3779B97F4A7C15L);
    h = mix(h + seed * 0xD1B54A32D192ED03L + 0x8CB92BA72F3D8DD7L);
    h = mix(h + step * 0xABC98388FB8FAC03L + 0x2545F4914F6CDD1DL);
    h = mix(h + example * 0x8CB92BA72F3D8DD7L + 0x9E6C63D0876A9A47L);
    return mix(h + element * 0x9E3779B97F4A7C15L + lane * 0xC2B2AE3D27D4EB4FL);
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** In [0, 1), a multiple of 2^-53. */
  private static double unit(
      long site, long seed, long step, long example, long element, long lane) {
    return (bits(site, seed, step, example, element, lane) >>> 11) * UNIT;
  }

  /** Evenly from {@code low} (inclusive) to {@code high}. */
  public static double uniform(
      long site, long seed, long step, long example, long element, double low, double high) {
    return low + (high - low) * unit(site, seed, step, example, element, 0);
  }

  /** Normal with this mean and standard deviation, by the transform of Box and Muller 1958. */
  public static double normal(
      long site, long seed, long step, long example, long element, double mean, double deviation) {
    return mean + deviation * gauss(site, seed, step, example, element, 0);
  }

  private static double gauss(
      long site, long seed, long step, long example, long element, long lane) {
    // 1 - u is in (0, 1], so that the logarithm is finite.
    double radius = Math.sqrt(-2 * Math.log(1 - unit(site, seed, step, example, element, lane)));
    return radius * Math.cos(2 * Math.PI * unit(site, seed, step, example, element, lane + 1));
  }

  /** Normal, drawn again until it is within two deviations of the mean: 1.05 tries on average. */
  public static double truncatedNormal(
      long site, long seed, long step, long example, long element, double mean, double deviation) {
    for (long lane = 0; ; lane += 2) {
      double z = gauss(site, seed, step, example, element, lane);
      if (Math.abs(z) <= 2) {
        return mean + deviation * z;
      }
    }
  }

  /** 1 with this probability, else 0. */
  public static double bernoulli(
      long site, long seed, long step, long example, long element, double probability) {
    return unit(site, seed, step, example, element, 0) < probability ? 1 : 0;
  }
}
