package dev.nnlang.compiler.diagnostic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The page of each code, Markdown that the module carries: what it means, an example, the mend. */
public final class ExplainPages {
  private ExplainPages() {}

  /** The page of a code, if it is one of ours. */
  public static Optional<String> page(String code) {
    // A code is a letter and digits, so that no path can be smuggled in.
    if (!code.matches("[A-Z][0-9]{4}")) {
      return Optional.empty();
    }
    var resource = "/dev/nnlang/compiler/explain/" + code + ".md";
    try (var in = ExplainPages.class.getResourceAsStream(resource)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new UncheckedIOException("the pages cannot be read", unreadable);
    }
  }
}
