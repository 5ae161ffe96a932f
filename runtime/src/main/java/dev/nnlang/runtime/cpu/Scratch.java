package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.tensor.ElementType;

/** Memory of one thread for the pieces of matrices that it works on; kept from run to run. */
final class Scratch {
  private static final ThreadLocal<Scratch> MINE = ThreadLocal.withInitial(Scratch::new);

  final Panel panel = new Panel();
  final Tile tile = new Tile();
  final float[] laneFloats = new float[Lanes.VECTORS * Lanes.inFloats()];
  final double[] laneDoubles = new double[Lanes.VECTORS * Lanes.inDoubles()];
  private final Pieces floats = new Pieces(ElementType.F32);
  private final Pieces doubles = new Pieces(ElementType.F64);

  /** Elements that make an array so large that HotSpot lays it at the start of a line. */
  private static final int LARGE = 1 << 18;

  static Scratch mine() {
    return MINE.get();
  }

  Pieces pieces(ElementType type) {
    return type == ElementType.F32 ? floats : doubles;
  }

  /** Copies of pieces of a product's factors, and its sums; they begin at {@link Reals#line}. */
  static final class Pieces {
    private final ElementType type;
    private Reals left;
    private Reals right;
    private Reals rest;
    private Reals result;
    private Reals windows;

    private Pieces(ElementType type) {
      this.type = type;
      left = Reals.of(type, 0);
      right = left;
      rest = left;
      result = left;
      windows = left;
    }

    Reals left(int length) {
      left = grown(left, length);
      return left;
    }

    Reals right(int length) {
      right = grown(right, length);
      return right;
    }

    /** The last columns of a right factor that is read in place else. */
    Reals rest(int length) {
      rest = grown(rest, length);
      return rest;
    }

    Reals result(int length) {
      result = grown(result, length);
      return result;
    }

    /** Some rows of large matrices. */
    Reals windows(int length) {
      windows = grown(windows, length);
      return windows;
    }

    private Reals grown(Reals memory, int length) {
      if (length == 0) {
        return memory;
      }
      int wanted = Reals.line(type) + length;
      return memory.length() < wanted ? Reals.of(type, Math.max(LARGE, wanted)) : memory;
    }
  }
}
