package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.size.Poly;
import java.util.List;

/** How large things are taken to be when forms are compared. */
public final class Sizes {
  /** What an open dimension is taken to be. */
  private static final long TYPICAL = 64;

  private Sizes() {}

  /** The product of the extents. */
  public static long typical(List<Axis> axes) {
    long size = 1;
    for (var axis : axes) {
      size *= typical(axis.extent());
    }
    return size;
  }

  static long typical(Poly size) {
    return size.evaluate(_ -> TYPICAL);
  }
}
