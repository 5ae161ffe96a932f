package dev.nnlang.compiler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The programs that come with the language: the examples and the standard library. */
public final class Sources {
  private Sources() {}

  /** Names and texts, sorted by name. */
  public static Map<String, String> all() {
    return of(Path.of("../examples"), Path.of("../stdlib"));
  }

  /** Those, and the programs of lessons, tests and benchmarks, named by their paths. */
  public static Map<String, String> everywhere() {
    var texts = new LinkedHashMap<String, String>();
    for (var root : List.of("../examples", "../stdlib", "src/test", "src/bench")) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".nn")).sorted().toList()) {
          if (!file.toString().contains("/target/")) {
            texts.put(file.toString(), Files.readString(file));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return texts;
  }

  /** The examples alone. */
  static Map<String, String> examples() {
    return of(Path.of("../examples"));
  }

  private static Map<String, String> of(Path... folders) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Path folder : folders) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".nn")).sorted().toList()) {
          texts.put(file.getFileName().toString(), Files.readString(file));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return texts;
  }
}
