package dev.nnlang.runtime.data;

import dev.nnlang.runtime.data.ReaderCall.Value;
import dev.nnlang.runtime.problem.ProblemException;

/** {@code linspace(from, to, count)}: so many reals at equal distances, both ends among them. */
final class LinspaceSource implements DataSource {
  @Override
  public SourceData read(SourceRequest request) throws ProblemException {
    request.allow();
    if (request.positional().size() == 3
        && request.positional().get(0) instanceof Value.Number(var from)
        && request.positional().get(1) instanceof Value.Number(var to)
        && request.positional().get(2) instanceof Value.Number(var count)
        && count >= 1
        && count == Math.rint(count)
        && count < Integer.MAX_VALUE) {
      var declared = request.source().declared();
      var elements = new Elements(request, _ -> declared);
      int last = (int) count - 1;
      elements.expect(last + 1);
      for (int i = 0; i <= last; i++) {
        // The ends are exact: the step times the count may round away from the last one.
        elements.add(i == last && last > 0 ? to : from + i * ((to - from) / Math.max(last, 1)));
      }
      return SourceData.of(elements.tensor(last + 1), _ -> declared);
    }
    throw request
        .argument("cannot take " + request.positional())
        .expected("two ends and a count: linspace(0, 4, 256)")
        .thrown();
  }
}
