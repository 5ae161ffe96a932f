package dev.nnlang.runtime.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/**
 * Cuts lines of a matrix into panels. A mover spends as much on the start of a line as on a few
 * vectors of it, so it copies long lines, and what is cut here is in the first cache.
 */
final class Panels {
  private Panels() {}

  /**
   * Copies {@code lines} lines, {@code lineLength} apart from {@code first} on, so that the first
   * {@code width} elements of each follow each other at {@code at}, the next at {@code at +
   * panelLength}, and so on for {@code panels} panels. A vector more than that is read of a line.
   */
  static void cut(
      Reals from,
      int first,
      int lineLength,
      int lines,
      Reals to,
      int at,
      int width,
      int panelLength,
      int panels) {
    for (int p = 0; p < panels; p++) {
      int start = first + p * width;
      int place = at + p * panelLength;
      if (from.floats() != null) {
        cut(from.floats(), start, lineLength, lines, to.floats(), place, width);
      } else {
        cut(from.doubles(), start, lineLength, lines, to.doubles(), place, width);
      }
    }
  }

  private static void cut(
      float[] from, int start, int lineLength, int lines, float[] to, int at, int width) {
    int lanes = Lanes.inFloats();
    int vectors = Math.ceilDiv(width, lanes);
    // What a vector has too much is covered by the next line; after the last ones nothing comes.
    int ahead =
        Lanes.areVectors() ? Math.max(0, lines - Math.ceilDiv(vectors * lanes - width, width)) : 0;
    for (int y = 0; y < ahead; y++) {
      int source = start + y * lineLength;
      int place = at + y * width;
      for (int v = 0; v < width; v += lanes) {
        FloatVector.fromArray(Vectors.FLOATS, from, source + v).intoArray(to, place + v);
      }
    }
    for (int y = ahead; y < lines; y++) {
      System.arraycopy(from, start + y * lineLength, to, at + y * width, width);
    }
  }

  private static void cut(
      double[] from, int start, int lineLength, int lines, double[] to, int at, int width) {
    int lanes = Lanes.inDoubles();
    int vectors = Math.ceilDiv(width, lanes);
    int ahead =
        Lanes.areVectors() ? Math.max(0, lines - Math.ceilDiv(vectors * lanes - width, width)) : 0;
    for (int y = 0; y < ahead; y++) {
      int source = start + y * lineLength;
      int place = at + y * width;
      for (int v = 0; v < width; v += lanes) {
        DoubleVector.fromArray(Vectors.DOUBLES, from, source + v).intoArray(to, place + v);
      }
    }
    for (int y = ahead; y < lines; y++) {
      System.arraycopy(from, start + y * lineLength, to, at + y * width, width);
    }
  }
}
