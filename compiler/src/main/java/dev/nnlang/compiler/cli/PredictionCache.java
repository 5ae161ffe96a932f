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
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Compiled predictions in a folder of the user's, so that the second {@code nn predict} of a model
 * need not compile it. A file is named by a hash of all that it depends on; whatever is missing,
 * damaged or of another version is as if it were not there. It is no part of a model's folder: such
 * a folder may come from anybody, and what is in it is never run unread.
 */
final class PredictionCache {
  /** Set by the launcher; without it nothing is kept. */
  static final String FOLDER = MeasuredForms.FOLDER;

  /** Of that folder, the one of predictions. */
  static final String PREDICTIONS = "predictions";

  private static final int MOST = 64;
  private static final String ENDING = ".prediction";

  private final Path file;

  private PredictionCache(Path file) {
    this.file = file;
  }

  /**
   * The place of a model's prediction, if predictions are kept and this one can be.
   *
   * @param main the file that is compiled, as problems name it
   */
  static Optional<PredictionCache> of(ModelInfo info, Path main, Options options) {
    var folder = System.getProperty(FOLDER, "");
    if (folder.isBlank() || !(options.backend() instanceof Options.Backend.Bytecode)) {
      return Optional.empty();
    }
    try {
      var key = ModelInfo.hash(String.join("\n", dependencies(info, main, options)));
      return Optional.of(new PredictionCache(Path.of(folder, PREDICTIONS, key + ENDING)));
    } catch (IOException | URISyntaxException unknown) {
      // Without knowing which compiler this is, nothing can be said to be of the same.
      return Optional.empty();
    }
  }

  private static List<String> dependencies(ModelInfo info, Path main, Options options)
      throws IOException, URISyntaxException {
    var all = new ArrayList<String>();
    for (var module :
        List.of(PredictionCache.class, StoredPrediction.class, StandardLibrary.class)) {
      all.add(build(Path.of(module.getProtectionDomain().getCodeSource().getLocation().toURI())));
    }
    all.add(System.getProperty("java.vm.version") + " " + System.getProperty("os.arch"));
    all.add(Lanes.inFloats() + " " + Lanes.inDoubles() + " " + Lanes.areHalvesAsFast());
    all.add(options.precision().name());
    all.add(main.toString());
    all.add(info.train());
    info.sources().forEach((name, text) -> all.add(name + " " + ModelInfo.hash(text)));
    new TreeMap<>(info.settings()).forEach((name, value) -> all.add(name + "=" + value));
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
  Optional<StoredPrediction> find() {
    try {
      var found = Records.read(Files.readAllBytes(file), StoredPrediction.class);
      Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
      return Optional.of(found);
    } catch (IOException | Records.Unreadable _) {
      return Optional.empty();
    }
  }

  /** Keeps it for the next process. A folder that cannot be written is no reason to fail. */
  void keep(StoredPrediction prediction) {
    try {
      WholeFile.write(file, Records.write(prediction));
      removeOldest();
    } catch (IOException | ProblemException _) {
      // The next process compiles again.
    }
  }

  private void removeOldest() throws IOException {
    List<Path> kept;
    try (Stream<Path> files = Files.list(file.getParent())) {
      kept = files.filter(each -> each.toString().endsWith(ENDING)).toList();
    }
    var newestFirst = Comparator.comparing((Path each) -> each.toFile().lastModified()).reversed();
    for (var old : kept.stream().sorted(newestFirst).skip(MOST).toList()) {
      Files.deleteIfExists(old);
    }
  }
}
