package dev.nnlang.runtime.data;

import dev.nnlang.runtime.data.Pictures.Unreadable;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** PNG (ISO/IEC 15948): all colour types and depths, without interlacing. */
final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int GREY = 0;
  private static final int COLOUR = 2;
  private static final int PALETTE = 3;
  private static final int GREY_OPACITY = 4;
  private static final int COLOUR_OPACITY = 6;

  private final ByteBuffer in;
  private int width;
  private int height;
  private int depth;
  private int type;
  private byte[] palette = {};
  private final ByteArrayOutputStream compressed = new ByteArrayOutputStream();

  Png(byte[] bytes) {
    in = ByteBuffer.wrap(bytes, SIGNATURE.length, bytes.length - SIGNATURE.length);
  }

  static boolean begins(byte[] bytes) {
    return bytes.length > SIGNATURE.length
        && Arrays.equals(bytes, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
  }

  Picture picture() throws Unreadable {
    while (chunk()) {
      // Each chunk fills the fields.
    }
    if (width == 0) {
      throw new Unreadable("the PNG has no header");
    }
    int stored =
        switch (type) {
          case GREY, PALETTE -> 1;
          case GREY_OPACITY -> 2;
          case COLOUR -> 3;
          case COLOUR_OPACITY -> 4;
          default -> throw new Unreadable("PNG has no colour type " + type);
        };
    int rowBytes = (int) (((long) width * stored * depth + 7) / 8);
    byte[] rows = inflate(height * (rowBytes + 1L));
    unfilter(rows, rowBytes, Math.max(1, stored * depth / 8));
    int[] samples = samples(rows, rowBytes, stored);
    return type == PALETTE
        ? new Picture(height, width, 3, 8, colours(samples))
        : new Picture(height, width, stored, depth, samples);
  }

  /** Takes one chunk; false at the last one. */
  private boolean chunk() throws Unreadable {
    if (in.remaining() < 12) {
      throw new ArrayIndexOutOfBoundsException();
    }
    int length = in.getInt();
    if (length < 0 || length > in.remaining() - 8) {
      throw new ArrayIndexOutOfBoundsException();
    }
    var crc = new CRC32();
    crc.update(in.array(), in.position(), 4 + length);
    byte[] name = new byte[4];
    in.get(name);
    byte[] body = new byte[length];
    in.get(body);
    if ((int) crc.getValue() != in.getInt()) {
      throw new Unreadable("the PNG is damaged: a checksum is wrong");
    }
    switch (new String(name, StandardCharsets.US_ASCII)) {
      case "IHDR" -> header(ByteBuffer.wrap(body));
      case "PLTE" -> palette = body;
      case "IDAT" -> compressed.writeBytes(body);
      case "IEND" -> {
        return false;
      }
      default -> {
        // Gamma, texts and the like change no sample; transparency of a palette is ignored.
      }
    }
    return true;
  }

  private void header(ByteBuffer body) throws Unreadable {
    width = body.getInt();
    height = body.getInt();
    depth = body.get();
    type = body.get();
    body.getShort();
    boolean interlaced = body.get() != 0;
    if (width <= 0 || height <= 0 || (long) width * height > 1 << 26) {
      throw new Unreadable("the PNG would be " + height + " x " + width);
    }
    if (Integer.bitCount(depth) != 1 || depth > 16 || depth < 1) {
      throw new Unreadable("the PNG would have " + depth + " bits a sample");
    }
    if (interlaced) {
      throw new Unreadable("interlaced PNG is not read; save it without interlacing");
    }
  }

  private byte[] inflate(long length) throws Unreadable {
    // Deflate makes at most 1032 bytes of one, so a longer picture cannot be in there.
    if (length > compressed.size() * 1040L || length > Integer.MAX_VALUE - 8) {
      throw new ArrayIndexOutOfBoundsException();
    }
    byte[] rows = new byte[(int) length];
    var inflater = new Inflater();
    try {
      inflater.setInput(compressed.toByteArray());
      int at = 0;
      while (at < rows.length) {
        int more = inflater.inflate(rows, at, rows.length - at);
        if (more == 0) {
          throw new ArrayIndexOutOfBoundsException();
        }
        at += more;
      }
    } catch (DataFormatException e) {
      throw new Unreadable("the PNG is damaged: " + e.getMessage());
    } finally {
      inflater.end();
    }
    return rows;
  }

  /** Undoes the filter that each row names in its first byte (section 9 of the standard). */
  private void unfilter(byte[] rows, int rowBytes, int pixel) throws Unreadable {
    for (int y = 0; y < height; y++) {
      int row = y * (rowBytes + 1);
      int filter = rows[row];
      for (int x = 1; x <= rowBytes; x++) {
        int left = x > pixel ? rows[row + x - pixel] & 0xff : 0;
        int up = y > 0 ? rows[row - rowBytes - 1 + x] & 0xff : 0;
        int corner = y > 0 && x > pixel ? rows[row - rowBytes - 1 + x - pixel] & 0xff : 0;
        int predicted =
            switch (filter) {
              case 0 -> 0;
              case 1 -> left;
              case 2 -> up;
              case 3 -> (left + up) / 2;
              case 4 -> paeth(left, up, corner);
              default -> throw new Unreadable("PNG has no filter " + filter);
            };
        rows[row + x] += (byte) predicted;
      }
    }
  }

  private static int paeth(int left, int up, int corner) {
    int estimate = left + up - corner;
    int toLeft = Math.abs(estimate - left);
    int toUp = Math.abs(estimate - up);
    int toCorner = Math.abs(estimate - corner);
    return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
  }

  private int[] samples(byte[] rows, int rowBytes, int stored) {
    int[] samples = new int[height * width * stored];
    int to = 0;
    for (int y = 0; y < height; y++) {
      int row = y * (rowBytes + 1) + 1;
      for (int x = 0; x < width * stored; x++) {
        if (depth == 16) {
          samples[to++] = (rows[row + 2 * x] & 0xff) << 8 | rows[row + 2 * x + 1] & 0xff;
        } else {
          int bit = x * depth;
          int shift = 8 - depth - bit % 8;
          samples[to++] = (rows[row + bit / 8] & 0xff) >> shift & (1 << depth) - 1;
        }
      }
    }
    return samples;
  }

  private int[] colours(int[] indices) {
    int[] colours = new int[indices.length * 3];
    for (int i = 0; i < indices.length; i++) {
      for (int c = 0; c < 3; c++) {
        colours[3 * i + c] = palette[3 * indices[i] + c] & 0xff;
      }
    }
    return colours;
  }
}
