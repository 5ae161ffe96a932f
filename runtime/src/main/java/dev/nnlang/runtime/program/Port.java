package dev.nnlang.runtime.program;

import dev.nnlang.runtime.tensor.ElementType;
import java.util.List;
import java.util.Map;

/** One tensor at a program's border. */
public record Port(String name, Role role, ElementType type, List<Extent> shape) {
  /** What a tensor at the border is for. */
  public enum Role {
    /** A batch of examples, or any plain argument. */
    DATA,
    /** A whole data set, bound once. */
    SOURCE,
    /** Trained by the optimizer. */
    PARAMETER,
    /** A parameter that is never updated. */
    FROZEN,
    /** State of a layer or a metric. */
    STATE,
    /** State of the optimizer. */
    OPTIMIZER,
    /** {@code seed}, {@code step}, {@code steps}: rank 0, INT. */
    SCALAR,
    /** A result. */
    OUTPUT
  }

  public Port {
    shape = List.copyOf(shape);
  }

  /** The shape in numbers. */
  public int[] shape(Map<String, Long> dims) {
    return shape.stream().mapToInt(e -> Math.toIntExact(e.evaluate(dims))).toArray();
  }
}
