package dev.nnlang.runtime.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/** Copies pieces of lines that lie apart from each other, so that they follow each other. */
final class Panels {
  private Panels() {}

  /**
   * Copies {@code count} neighbours of each of some lines.
   *
   * @param start where the first piece would begin if its line's part of the place were 0
   * @param terms parts of the places of lines, of which {@code lines} from {@code first} on
   * @param at where the first piece comes, the next one {@code width} later
   */
  static void copy(
      float[] from,
      int start,
      int[] terms,
      int first,
      int lines,
      float[] to,
      int at,
      int width,
      int count) {
    int lanes = Lanes.inFloats();
    int wide = Tiling.up(width, lanes);
    int ahead = count == width && Lanes.areVectors() ? ahead(lines, width, wide) : 0;
    int y = 0;
    if (wide == lanes) {
      for (; y < ahead; y++) {
        int source = start + terms[first + y];
        if (source + wide > from.length) {
          break;
        }
        FloatVector.fromArray(Vectors.FLOATS, from, source).intoArray(to, at + y * width);
      }
    } else if (wide == 2 * lanes) {
      for (; y < ahead; y++) {
        int source = start + terms[first + y];
        if (source + wide > from.length) {
          break;
        }
        int place = at + y * width;
        FloatVector.fromArray(Vectors.FLOATS, from, source).intoArray(to, place);
        FloatVector.fromArray(Vectors.FLOATS, from, source + lanes).intoArray(to, place + lanes);
      }
    }
    for (; y < lines; y++) {
      System.arraycopy(from, start + terms[first + y], to, at + y * width, count);
    }
  }

  /** The same in double precision. */
  static void copy(
      double[] from,
      int start,
      int[] terms,
      int first,
      int lines,
      double[] to,
      int at,
      int width,
      int count) {
    int lanes = Lanes.inDoubles();
    int wide = Tiling.up(width, lanes);
    int ahead = count == width && Lanes.areVectors() ? ahead(lines, width, wide) : 0;
    int y = 0;
    if (wide <= 2 * lanes) {
      for (; y < ahead; y++) {
        int source = start + terms[first + y];
        if (source + wide > from.length) {
          break;
        }
        for (int v = 0; v < wide; v += lanes) {
          DoubleVector.fromArray(Vectors.DOUBLES, from, source + v)
              .intoArray(to, at + y * width + v);
        }
      }
    }
    for (; y < lines; y++) {
      System.arraycopy(from, start + terms[first + y], to, at + y * width, count);
    }
  }

  /**
   * How many lines may be copied in whole vectors: what those have too much is covered by the next
   * line; after the last ones nothing comes.
   */
  private static int ahead(int lines, int width, int wide) {
    return Math.max(0, lines - Math.ceilDiv(wide - width, width));
  }
}
