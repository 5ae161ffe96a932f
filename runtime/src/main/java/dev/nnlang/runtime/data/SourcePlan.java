package dev.nnlang.runtime.data;

import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.program.Extent;
import java.util.List;

/**
 * One {@code source} line.
 *
 * @param name of the tensor
 * @param shape as declared: a number is checked, a bare name is an open dimension that takes the
 *     size found and must agree over all sources, anything else is computed from those and checked
 * @param element what the elements are
 * @param reader what stands right of {@code =}
 * @param declared where the line stands
 */
public record SourcePlan(
    String name, List<Extent> shape, Element element, ReaderCall reader, Place declared) {
  public SourcePlan {
    shape = List.copyOf(shape);
  }

  /** {@code source img[N, 28, 28]}, as written. */
  @Override
  public String toString() {
    return name + (shape.isEmpty() ? "" : "[" + String.join(", ", texts()) + "]");
  }

  private List<String> texts() {
    return shape.stream().map(Extent::toString).toList();
  }
}
