package dev.nnlang.runtime.gpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Where NVIDIA's libraries lie that do not come with its driver. */
final class Toolkits {
  private Toolkits() {}

  /**
   * What to load a library by: where the system looks, in toolkits, beside Python's packages.
   *
   * @param library its name up to the version
   * @param versions the best one first
   */
  static List<String> names(String library, List<String> versions) {
    var names = new ArrayList<String>();
    versions.forEach(v -> names.add(library + v));
    for (var folder : folders()) {
      for (var version : versions) {
        var file = folder.resolve(library + version);
        if (Files.exists(file)) {
          names.add(file.toAbsolutePath().toString());
        }
      }
    }
    return names;
  }

  private static List<Path> folders() {
    var folders = new ArrayList<Path>();
    for (var variable : List.of("CUDA_HOME", "CUDA_PATH")) {
      var home = System.getenv(variable);
      if (home != null) {
        folders.add(Path.of(home, "lib64"));
      }
    }
    folders.add(Path.of("/usr/local/cuda/lib64"));
    for (var python : List.of("/usr/lib/python3", "/usr/local/lib")) {
      folders.addAll(wheels(Path.of(python)));
    }
    return folders;
  }

  /** Where wheels put it: .../site-packages/nvidia/cu13/lib. */
  private static List<Path> wheels(Path root) {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> folders =
        Files.find(
            root, 6, (path, _) -> path.endsWith("lib") && path.toString().contains("nvidia"))) {
      return folders.toList();
    } catch (IOException | UncheckedIOException _) {
      return List.of();
    }
  }
}
