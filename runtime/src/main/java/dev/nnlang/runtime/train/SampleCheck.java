package dev.nnlang.runtime.train;

import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.data.Element;
import dev.nnlang.runtime.data.SampleTensor;
import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Numbers that {@code sample} takes as values of an index must be such, for every example (LR-4).
 */
final class SampleCheck {
  private static final int BATCH = 1024;
  private static final String SAMPLE = "sample/";

  private SampleCheck() {}

  /** Runs the program over these values of the sample index, and looks at every element. */
  static void check(
      Executable validate, DataSet data, long[] values, Map<String, Tensor> tensors, int threads)
      throws ProblemException {
    try (var program = new BoundProgram(validate, threads, data, tensors)) {
      for (int from = 0; from < values.length; from += BATCH) {
        int to = Math.min(values.length, from + BATCH);
        program.run(values, from, to);
        for (var port : validate.signature().outputs()) {
          var name = port.name().substring(SAMPLE.length());
          for (var tensor : data.plan().tensors()) {
            if (tensor.name().equals(name) && tensor.element() instanceof Element.Index index) {
              check(data, tensor, index, program.output(port.name()), values, from);
            }
          }
        }
      }
    }
  }

  private static void check(
      DataSet data, SampleTensor tensor, Element.Index index, Tensor found, long[] values, int from)
      throws ProblemException {
    long size = index.size().evaluate(data.dims());
    int each = found.rank() == 0 ? 1 : Math.max(1, found.size() / Math.max(1, found.shape()[0]));
    for (int i = 0; i < found.size(); i++) {
      double value = found.get(i);
      boolean integral = value == Math.rint(value);
      if (!integral || value < 0 || value >= size) {
        long n = values[from + i / each];
        throw problem(data, tensor, index, size, value, integral, n, i % each).thrown();
      }
    }
  }

  private static Problem problem(
      DataSet data,
      SampleTensor tensor,
      Element.Index index,
      long size,
      double value,
      boolean integral,
      long n,
      int element) {
    var number = integral ? Long.toString((long) value) : Double.toString(value);
    var what =
        tensor.name() + " of example " + data.plan().range().index() + " = " + n + " is " + number;
    var problem =
        integral
            ? Problem.of(ProblemCode.INDEX_OUTSIDE, what + ", outside index " + index.dim())
            : Problem.of(ProblemCode.NOT_INTEGRAL, what + ", no whole number");
    problem =
        problem
            .expected("0 to " + (size - 1) + ", as " + index.dim() + " has " + size + " values")
            .declared(tensor.declared());
    var place = place(data, tensor, n, element);
    return place.isPresent() ? problem.at(place.get()) : problem.at(tensor.declared());
  }

  /** Where the number stood, if the tensor's elements are reads of a source. */
  private static Optional<Place> place(DataSet data, SampleTensor tensor, long n, int element) {
    if (tensor.from().isEmpty() || !data.has(tensor.from().get().source())) {
      return Optional.empty();
    }
    var read = tensor.from().get();
    var indices = new HashMap<>(data.dims());
    indices.put(data.plan().range().index(), n);
    int rest = element;
    for (int d = tensor.shape().size() - 1; d >= 0; d--) {
      long extent = tensor.shape().get(d).evaluate(data.dims());
      indices.put("#" + d, rest % extent);
      rest /= (int) extent;
    }
    int[] shape = data.tensor(read.source()).shape();
    long position = 0;
    for (int d = 0; d < shape.length; d++) {
      long at = read.position().get(d).evaluate(indices);
      if (at < 0 || at >= shape[d]) {
        return Optional.empty();
      }
      position = position * shape[d] + at;
    }
    return Optional.of(data.place(read.source(), (int) position));
  }
}
