package dev.nnlang.runtime.data;

import dev.nnlang.runtime.data.Pictures.Unreadable;

/** PGM and PPM (P2, P3, P5, P6) of at most 8 bits, the plainest picture formats. */
final class Pnm {
  private final byte[] bytes;
  private int at = 2;

  Pnm(byte[] bytes) {
    this.bytes = bytes;
  }

  Picture picture() throws Unreadable {
    int kind = bytes[1] - '0';
    if (kind == 1 || kind == 4) {
      throw new Unreadable("bitmaps (PBM) are not read; PGM is the grey format");
    }
    int width = number();
    int height = number();
    int most = number();
    if (most < 1 || most > 255 || width < 1 || height < 1 || (long) width * height > 1 << 28) {
      throw new Unreadable(
          "the picture would be " + height + " x " + width + " with values up to " + most);
    }
    int channels = kind == 3 || kind == 6 ? 3 : 1;
    int[] samples = new int[height * width * channels];
    boolean plain = kind <= 3;
    at++;
    for (int i = 0; i < samples.length; i++) {
      int value = plain ? number() : bytes[at++] & 0xff;
      samples[i] = most == 255 ? value : Math.round(value * 255f / most);
    }
    return new Picture(height, width, channels, 8, samples);
  }

  private int number() throws Unreadable {
    while (bytes[at] == '#' || Character.isWhitespace(bytes[at])) {
      if (bytes[at] == '#') {
        while (bytes[at] != '\n') {
          at++;
        }
      }
      at++;
    }
    int from = at;
    long number = 0;
    while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9' && number < 1 << 28) {
      number = 10 * number + bytes[at++] - '0';
    }
    if (at == from) {
      throw new Unreadable("a number was expected at byte " + from);
    }
    return (int) number;
  }
}
