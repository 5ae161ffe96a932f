package dev.nnlang.bench;

/** Two libraries disagree: nothing is timed, for what they compute is not the same. */
public final class Mismatch extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private Mismatch(String message) {
    super(message);
  }

  /**
   * Compares two results.
   *
   * @param tolerance of the largest difference, relative to the largest reference value
   */
  public static void check(String what, float[] reference, float[] found, double tolerance) {
    if (reference.length != found.length) {
      throw new Mismatch(
          "%s: %d numbers, the reference has %d".formatted(what, found.length, reference.length));
    }
    double largest = 0;
    double difference = 0;
    int place = 0;
    for (int i = 0; i < reference.length; i++) {
      largest = Math.max(largest, Math.abs(reference[i]));
      double here = Math.abs((double) reference[i] - found[i]);
      // Written so that NaN is a difference.
      if (!(here <= difference)) {
        difference = here;
        place = i;
      }
    }
    if (!(difference <= tolerance * largest)) {
      throw new Mismatch(
          "%s: %g at %d, the reference has %g; that is %.2g of the largest value, allowed is %.1g"
              .formatted(
                  what, found[place], place, reference[place], difference / largest, tolerance));
    }
  }
}
