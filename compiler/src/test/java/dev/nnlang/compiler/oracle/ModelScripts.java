package dev.nnlang.compiler.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The models of the reference set, each a file of the language. */
final class ModelScripts {
  private ModelScripts() {}

  static Optional<String> of(String op) {
    try (var file = ModelScripts.class.getResourceAsStream("model/" + op + ".nn")) {
      return file == null
          ? Optional.empty()
          : Optional.of(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
