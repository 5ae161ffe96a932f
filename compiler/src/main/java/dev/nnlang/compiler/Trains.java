package dev.nnlang.compiler;

import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.semantics.names.Workspace;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which {@code train} declaration a user means. */
final class Trains {
  private Trains() {}

  static Checked<Optional<String>> choose(Workspace workspace, Optional<String> name) {
    var all =
        workspace.declarations().entrySet().stream()
            .filter(e -> e.getValue().equals("train"))
            .map(Map.Entry::getKey)
            .toList();
    var file = workspace.name();
    if (name.isPresent()) {
      return all.contains(name.get())
          ? Checked.of(name)
          : missing(
              new RequestProblem.NoSuchName(
                  file, "train", name.get(), NearNames.near(name.get(), all), all));
    }
    return switch (all.size()) {
      case 0 -> missing(new RequestProblem.NoSuchName(file, "train", "", List.of(), List.of()));
      case 1 -> Checked.of(Optional.of(all.getFirst()));
      default -> missing(new RequestProblem.WhichName(file, "train", all, "--train"));
    };
  }

  private static Checked<Optional<String>> missing(RequestProblem problem) {
    return new Checked<>(Optional.empty(), List.of(problem));
  }
}
