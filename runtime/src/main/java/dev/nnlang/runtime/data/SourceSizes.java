package dev.nnlang.runtime.data;

import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.program.Extent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the source dimensions from the shapes read, and holds the shapes against the declarations.
 */
final class SourceSizes {
  private record Found(SourcePlan source, int[] shape) {}

  private final Map<String, Long> dims = new HashMap<>();
  private final Map<String, SourcePlan> origins = new HashMap<>();
  private final List<Found> all = new ArrayList<>();

  Map<String, Long> dims() {
    return dims;
  }

  /** A source's shape as it was read: bare names take their size from it. */
  void bind(SourcePlan source, int[] shape) throws ProblemException {
    if (shape.length != source.shape().size()) {
      throw problem(source, shape)
          .mend("the data have " + Messages.plural(shape.length, "dimension"))
          .thrown();
    }
    for (int d = 0; d < shape.length; d++) {
      if (source.shape().get(d) instanceof Extent.Dim(var name)) {
        var before = dims.putIfAbsent(name, (long) shape[d]);
        if (before == null) {
          origins.put(name, source);
        } else if (before != shape[d]) {
          var other = origins.get(name);
          throw Problem.of(
                  ProblemCode.DIMENSION_DISAGREES,
                  name
                      + " is "
                      + shape[d]
                      + " in source "
                      + source
                      + ", but "
                      + before
                      + " in source "
                      + other)
              .expected("equal sizes for equal names")
              .at(source.declared())
              .declared(other.declared())
              .thrown();
        }
      }
    }
    all.add(new Found(source, shape));
  }

  /** Once all names are bound: every other size must be as declared. */
  void check() throws ProblemException {
    for (var found : all) {
      for (int d = 0; d < found.shape.length; d++) {
        var declared = found.source.shape().get(d);
        long wanted;
        try {
          wanted = declared.evaluate(dims);
        } catch (IllegalArgumentException e) {
          throw problem(found.source, found.shape)
              .mend("no source has the bare name: " + e.getMessage())
              .thrown();
        }
        if (wanted != found.shape[d]) {
          throw problem(found.source, found.shape)
              .expected(
                  declared.toString().equals(Long.toString(wanted))
                      ? wanted + " in place of " + found.shape[d]
                      : declared + " = " + wanted + " in place of " + found.shape[d])
              .thrown();
        }
      }
    }
  }

  private static Problem problem(SourcePlan source, int[] shape) {
    return Problem.of(
            ProblemCode.SOURCE_SHAPE,
            "the data have the shape "
                + Messages.shape(shape)
                + ", but source "
                + source
                + " is declared")
        .at(source.declared());
  }
}
