package dev.nnlang.runtime.data;

import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The interval of the sample index.
 *
 * @param from inclusive
 * @param to exclusive, beyond {@code from}
 */
public record Examples(long from, long to) {
  public long count() {
    return to - from;
  }

  static Examples of(SampleRange range, Map<String, Long> dims) throws ProblemException {
    long from = range.from().stream().mapToLong(e -> e.evaluate(dims)).max().orElseThrow();
    long to = range.to().stream().mapToLong(e -> e.evaluate(dims)).min().orElseThrow();
    if (from >= to) {
      throw Problem.of(
              ProblemCode.NO_EXAMPLES,
              "no value of "
                  + range.index()
                  + " has all its reads inside: it would have to be at least "
                  + from
                  + " and below "
                  + to)
          .expected(
              "more data, or reads that are closer together; found "
                  + new TreeMap<>(dims)
                      .entrySet().stream()
                          .map(size -> size.getKey() + " = " + size.getValue())
                          .collect(Collectors.joining(", ")))
          .thrown();
    }
    if (to - from > Integer.MAX_VALUE - 8) {
      throw Problem.of(ProblemCode.TOO_LARGE, "there are " + (to - from) + " examples").thrown();
    }
    return new Examples(from, to);
  }
}
