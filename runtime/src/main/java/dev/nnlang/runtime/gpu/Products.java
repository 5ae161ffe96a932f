package dev.nnlang.runtime.gpu;

import dev.nnlang.runtime.tensor.ElementType;
import java.util.Optional;

/** Products of matrices by a library that comes with a device's driver. */
public interface Products {
  /** What a product is to be asked for with; empty if the library does not take it. */
  Optional<Device.Work> work(Asked asked);

  /**
   * Matrices in a device's memory: {@link Product.Matrix} with its sizes.
   *
   * @param line elements between rows, or between columns if it is turned
   * @param next elements between matrices
   */
  record Placed(Device.Memory memory, boolean turned, long line, long next) {}

  /**
   * A {@link Product} with its sizes, all at least 1.
   *
   * @param result is not turned
   * @param bias as many elements as the result has columns
   */
  record Asked(
      int rows,
      int columns,
      int terms,
      int batch,
      Placed left,
      Placed right,
      Placed result,
      Optional<Device.Memory> bias,
      boolean atLeastZero,
      ElementType real,
      Product.Rounding rounding) {}
}
