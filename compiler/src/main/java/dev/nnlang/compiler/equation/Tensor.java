package dev.nnlang.compiler.equation;

import dev.nnlang.compiler.size.Poly;
import java.util.List;

/**
 * A named array of one program. The name is unique in the program and is the tensor's identity in
 * the text form; the shape is row-major, and each extent a polynomial of dimensions.
 */
public record Tensor(String name, Type type, List<Poly> shape) {
  public Tensor {
    shape = List.copyOf(shape);
  }

  public int rank() {
    return shape.size();
  }

  /** The name says it all, and a string knows its hash. */
  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof Tensor that
            && name.equals(that.name)
            && type == that.type
            && shape.equals(that.shape);
  }

  @Override
  public String toString() {
    return name;
  }
}
