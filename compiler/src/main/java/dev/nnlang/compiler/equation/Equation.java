package dev.nnlang.compiler.equation;

import java.util.List;
import java.util.Optional;

/**
 * {@code tensor[axes] = reduction(body)} for all values of the axes: the axes are the tensor's
 * dimensions, in order, with the tensor's own extents.
 */
public record Equation(
    Tensor tensor, List<Axis> axes, Optional<Reduction> reduction, Node body, Origin origin) {
  public Equation {
    axes = List.copyOf(axes);
  }

  public Equation(Tensor tensor, List<Axis> axes, Node body, Origin origin) {
    this(tensor, axes, Optional.empty(), body, origin);
  }

  /** The reduction's axes, or none. */
  public List<Axis> reduced() {
    return reduction.map(Reduction::axes).orElse(List.of());
  }

  /** As of its tensor: there is one equation for each. */
  @Override
  public int hashCode() {
    return tensor.hashCode();
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof Equation that
            && body == that.body
            && tensor.equals(that.tensor)
            && axes.equals(that.axes)
            && reduction.equals(that.reduction)
            && origin.equals(that.origin);
  }

  @Override
  public String toString() {
    return EquationText.of(this);
  }
}
