package dev.nnlang.runtime.data;

import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.Map;

/** What must hold for every element of a source, whatever its format. */
final class SourceChecks {
  private SourceChecks() {}

  /** Reals are finite, truths are 0 or 1, and a reader gave what was asked for. */
  static void elements(SourcePlan source, SourceData data, ElementType storage)
      throws ProblemException {
    var tensor = data.tensor();
    if (tensor.type() != storage) {
      throw Problem.of(
              ProblemCode.READER_UNKNOWN,
              source.reader().reader() + " gave " + tensor + " where " + storage + " was asked for")
          .at(source.declared())
          .thrown();
    }
    for (int i = 0; i < tensor.size(); i++) {
      boolean good =
          switch (storage) {
            case F32 -> Float.isFinite(tensor.floats()[i]);
            case F64 -> Double.isFinite(tensor.doubles()[i]);
            case INT -> true;
            case BOOL -> (tensor.longs()[i] | 1) == 1;
          };
      if (!good) {
        throw Problem.of(
                ProblemCode.NOT_FINITE,
                "source " + element(source, tensor.shape(), i) + " is " + tensor.get(i))
            .expected(storage == ElementType.BOOL ? "0 or 1" : "finite numbers")
            .at(data.places().of(i))
            .declared(source.declared())
            .thrown();
      }
    }
  }

  /** Values of an index set are inside it. */
  static void indices(SourcePlan source, SourceData data, Map<String, Long> dims)
      throws ProblemException {
    if (!(source.element() instanceof Element.Index index)) {
      return;
    }
    long size = index.size().evaluate(dims);
    int words = data.vocabulary().size();
    if (words > size) {
      throw Problem.of(
              ProblemCode.VOCABULARY,
              "the data have " + words + " different values, but " + index.dim() + " has " + size)
          .expected("at most " + size)
          .mend("dim " + index.dim() + " = " + words)
          .at(source.declared())
          .thrown();
    }
    long[] values = data.tensor().longs();
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0 || values[i] >= size) {
        var name = element(source, data.tensor().shape(), i);
        throw outside("source " + name, values[i], index, size)
            .at(data.places().of(i))
            .declared(source.declared())
            .thrown();
      }
    }
  }

  static Problem outside(String what, double value, Element.Index index, long size) {
    return Problem.of(
            ProblemCode.INDEX_OUTSIDE,
            what + " is " + Messages.number(value) + ", outside index " + index.dim())
        .expected("0 to " + (size - 1) + ", as " + index.dim() + " has " + size + " values");
  }

  /** {@code lab[17]}. */
  static String element(SourcePlan source, int[] shape, int position) {
    int[] at = new int[shape.length];
    int rest = position;
    for (int d = shape.length - 1; d >= 0; d--) {
      at[d] = rest % shape[d];
      rest /= shape[d];
    }
    return source.name() + (at.length == 0 ? "" : Messages.shape(at));
  }
}
