package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.Options;
import dev.nnlang.runtime.cpu.Lanes;
import dev.nnlang.runtime.cpu.MeasuredForms;
import dev.nnlang.runtime.file.Records;
import dev.nnlang.runtime.file.WholeFile;
import dev.nnlang.runtime.model.ModelInfo;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.train.StoredPrediction;
import dev.nnlang.stdlib.StandardLibrary;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was compiled, in a folder of the user's, so that the next process need not compile it. A
 * file is named by a hash of all that it depends on; whatever is missing, damaged or of another
 * version is as if it were not there. It is no part of a model's folder: such a folder may come
 * from anybody, and what is in it is never run unread.
 */
final class KeptFile<T extends Record> {
  /** Set by the launcher; without it nothing is kept. */
  static final String FOLDER = MeasuredForms.FOLDER;

  private static final int MOST = 64;

  private final Path file;
  private final String ending;
  private final Class<T> type;

  private KeptFile(Path file, String ending, Class<T> type) {
    this.file = file;
    this.ending = ending;
    this.type = type;
  }

  /**
   * The place of such a file, if anything is kept and programs are bytecode.
   *
   * @param folder of the user's, the one of files of this kind
   * @param ending of their names
   * @param own what else it depends on than the compiler, the machine and the options
   */
  static <T extends Record> Optional<KeptFile<T>> of(
      String folder, String ending, Class<T> type, List<String> own, Options options) {
    var all = System.getProperty(FOLDER, "");
    if (all.isBlank() || !(options.backend() instanceof Options.Backend.Bytecode)) {
      return Optional.empty();
    }
    try {
      var key = ModelInfo.hash(String.join("\n", dependencies(own, options)));
      return Optional.of(new KeptFile<>(Path.of(all, folder, key + ending), ending, type));
    } catch (IOException | URISyntaxException unknown) {
      // Without knowing which compiler this is, nothing can be said to be of the same.
      return Optional.empty();
    }
  }

  private static List<String> dependencies(List<String> own, Options options)
      throws IOException, URISyntaxException {
    var all = new ArrayList<String>();
    for (var module : List.of(KeptFile.class, StoredPrediction.class, StandardLibrary.class)) {
      all.add(build(Path.of(module.getProtectionDomain().getCodeSource().getLocation().toURI())));
    }
    all.add(System.getProperty("java.vm.version") + " " + System.getProperty("os.arch"));
    all.add(Lanes.inFloats() + " " + Lanes.inDoubles());
    all.add(options.precision().name());
    all.addAll(own);
    return all;
  }

  /**
   * Which build of a module this is: of a jar its size and time, of a folder those of all files.
   */
  private static String build(Path place) throws IOException {
    try (var files = Files.walk(place)) {
      var stamps = new ArrayList<String>();
      for (var each : files.filter(Files::isRegularFile).sorted().toList()) {
        stamps.add(
            each + " " + Files.size(each) + " " + Files.getLastModifiedTime(each).toMillis());
      }
      return String.join("\n", stamps);
    }
  }

  /** What an earlier process has kept. */
  Optional<T> find() {
    try {
      var found = Records.read(Files.readAllBytes(file), type);
      Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
      return Optional.of(found);
    } catch (IOException | Records.Unreadable _) {
      return Optional.empty();
    }
  }

  /** Keeps it for the next process. A folder that cannot be written is no reason to fail. */
  void keep(T compiled) {
    try {
      WholeFile.write(file, Records.write(compiled));
      removeOldest();
    } catch (IOException | ProblemException _) {
      // The next process compiles again.
    }
  }

  private void removeOldest() throws IOException {
    List<Path> kept;
    try (Stream<Path> files = Files.list(file.getParent())) {
      kept = files.filter(each -> each.toString().endsWith(ending)).toList();
    }
    var newestFirst = Comparator.comparing((Path each) -> each.toFile().lastModified()).reversed();
    for (var old : kept.stream().sorted(newestFirst).skip(MOST).toList()) {
      Files.deleteIfExists(old);
    }
  }
}
