package dev.nnlang.runtime.data;

/**
 * A decoded image, {@code [height, width, channels]}.
 *
 * @param channels 1 grey, 2 grey and opacity, 3 red green blue, 4 with opacity
 * @param samples of {@code depth} bits, row-major
 */
record Picture(int height, int width, int channels, int depth, int[] samples) {
  /** Whether nothing of it is transparent. */
  boolean opaque() {
    if (channels % 2 == 1) {
      return true;
    }
    int full = (1 << depth) - 1;
    for (int i = channels - 1; i < samples.length; i += channels) {
      if (samples[i] != full) {
        return false;
      }
    }
    return true;
  }

  /**
   * The value of a channel, 0 to 255, as if the picture had {@code wanted} channels: grey is spread
   * to colours, full opacity is dropped or added.
   */
  double sample(int pixel, int channel, int wanted) {
    boolean colour = channels >= 3;
    boolean opacity = wanted % 2 == 0 && channel == wanted - 1;
    if (opacity && channels % 2 == 1) {
      return 255;
    }
    int from = opacity ? channels - 1 : colour ? channel : 0;
    int value = samples[pixel * channels + from];
    // Exact for 8 bits; other depths are scaled to the same range.
    return depth == 8 ? value : value * 255.0 / ((1 << depth) - 1);
  }

  /** Whether it can be had with so many channels without losing anything. */
  boolean fits(int wanted) {
    boolean enough = wanted >= 3 || channels <= 2;
    return wanted >= 1 && wanted <= 4 && enough && (wanted % 2 == 0 || opaque());
  }
}
