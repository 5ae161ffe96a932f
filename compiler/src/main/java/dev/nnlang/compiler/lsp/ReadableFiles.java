package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.diagnostic.ExplainPages;
import dev.nnlang.stdlib.StandardLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The standard library and the pages of the codes as files that every editor can open: "go to
 * definition" and the link of a problem's code lead there. They are written into the user's cache
 * folder, read-only, when the first one is asked for.
 */
final class ReadableFiles {
  private static final class Written {
    static final Path FOLDER = folder();
    static final Map<String, String> LIBRARY = new HashMap<>();

    static {
      for (var file : StandardLibrary.files()) {
        LIBRARY.put(file.name(), write(file.name(), file.text()));
      }
    }
  }

  private ReadableFiles() {}

  /** The address of a file of the library. */
  static String library(String name) {
    return Written.LIBRARY.getOrDefault(name, "nn-stdlib:/" + name);
  }

  /** Whether a document is one of them: it is read, not written. */
  static boolean isLibrary(String uri) {
    return Written.LIBRARY.containsValue(uri);
  }

  /** The address of the page of a code, if it has one. */
  static Optional<String> page(String code) {
    return ExplainPages.page(code).map(text -> write(code + ".md", text));
  }

  private static Path folder() {
    var cache = System.getenv("XDG_CACHE_HOME");
    var base =
        cache == null || cache.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    var folder = base.resolve("nnlang");
    try {
      return Files.createDirectories(folder);
    } catch (IOException unwritable) {
      try {
        return Files.createTempDirectory("nnlang-");
      } catch (IOException failed) {
        throw new UncheckedIOException("the standard library cannot be unpacked", failed);
      }
    }
  }

  /** Beside and renamed: another server may be writing the same file. */
  private static String write(String name, String text) {
    var target = Written.FOLDER.resolve(name);
    try {
      if (!Files.exists(target) || !Files.readString(target).equals(text)) {
        var beside = Files.createTempFile(Written.FOLDER, "." + name, ".part");
        Files.writeString(beside, text);
        beside.toFile().setReadOnly();
        Files.move(
            beside, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(target + " cannot be written", failed);
    }
    return target.toUri().toString();
  }
}
