package dev.nnlang.runtime.gpu;

import dev.nnlang.runtime.program.Extent;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.List;
import java.util.OptionalInt;

/**
 * A product of matrices that a driver's own library may compute, or kernels of ours: {@code
 * result[r, c] = sum[k](left[r, k] * right[k, c])}, for each matrix of a batch.
 *
 * @param what the equations it computes, for messages
 * @param terms of a sum
 * @param batch how many products there are
 * @param bias the slot of a vector that is added to each row of the result
 * @param atLeastZero whether what is below 0 then becomes 0
 * @param real how elements are stored
 * @param scratch bytes of memory that only this product uses, if the library computes it
 * @param behind what is launched then behind it
 * @param otherwise what is launched where no library takes it
 */
public record Product(
    String what,
    Extent rows,
    Extent columns,
    Extent terms,
    Extent batch,
    Matrix left,
    Matrix right,
    Matrix result,
    OptionalInt bias,
    boolean atLeastZero,
    ElementType real,
    Rounding rounding,
    Extent scratch,
    List<Launch> behind,
    List<Launch> otherwise)
    implements Command {
  public Product {
    behind = List.copyOf(behind);
    otherwise = List.copyOf(otherwise);
  }

  /** How factors are rounded that have 32 bits. */
  public enum Rounding {
    NONE,
    /** To 10 bits of their fractions. */
    TF32,
    /** To 7 bits of their fractions. */
    BF16
  }

  /**
   * Where matrices lie.
   *
   * @param slot of the tensor with whose beginning they begin; empty for scratch memory
   * @param turned whether a column's elements are neighbours, else a row's are
   * @param line how many elements rows are apart, or columns if it is turned
   * @param next how many elements matrices are apart
   */
  public record Matrix(OptionalInt slot, boolean turned, Extent line, Extent next) {}
}
