package dev.nnlang.runtime.data;

import dev.nnlang.runtime.file.Safetensors;
import dev.nnlang.runtime.problem.ProblemException;

/** {@code safetensors("f.safetensors", "name")}: one tensor of a file. */
final class SafetensorsSource implements DataSource {
  @Override
  public SourceData read(SourceRequest request) throws ProblemException {
    request.allow();
    var texts = request.texts();
    if (texts.size() != 2) {
      throw request
          .argument("is given " + Messages.plural(texts.size(), "text"))
          .expected("a file and the name of a tensor in it: safetensors(\"f\", \"name\")")
          .thrown();
    }
    var file = request.file(texts.get(0));
    var stored = Safetensors.read(file.path(), texts.get(1));
    var places = Places.file(file);
    if (stored.type() == request.storage()) {
      return SourceData.of(stored, places);
    }
    var elements = new Elements(request, places);
    elements.expect(stored.size());
    for (int i = 0; i < stored.size(); i++) {
      elements.add(stored.get(i));
    }
    return SourceData.of(elements.tensor(stored.shape()), places);
  }
}
