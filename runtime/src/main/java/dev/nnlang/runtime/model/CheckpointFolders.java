package dev.nnlang.runtime.model;

import dev.nnlang.runtime.file.WholeFile;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.train.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checkpoints of a run: model folders {@code checkpoints/step-200} inside its own. Each is written
 * beside and renamed, so that a run that is killed in the middle of one still has the one before.
 *
 * @param run the folder of the run
 * @param keep how many of them stay, the newest
 */
public record CheckpointFolders(Path run, int keep) {
  private static final String FRONT = "step-";

  /** Writes one and takes away those that are too many; gives its folder. */
  public Path save(ModelInfo info, Outcome outcome) throws ProblemException {
    var folder = inside().resolve(FRONT + outcome.state().step());
    var beside = inside().resolve("." + folder.getFileName() + ".part");
    ModelFolder.save(beside, info, outcome);
    try {
      remove(folder);
      Files.move(beside, folder, StandardCopyOption.ATOMIC_MOVE);
      var all = all(run);
      for (var old : all.subList(0, Math.max(0, all.size() - keep))) {
        remove(old);
      }
      return folder;
    } catch (IOException failed) {
      throw WholeFile.unwritable(folder, failed).thrown();
    }
  }

  private Path inside() {
    return run.resolve("checkpoints");
  }

  /** The folder to go on from: the run's own, or its newest checkpoint if that is newer. */
  public static Path newest(Path run) {
    var last = last(run);
    var own = run.resolve(ModelFolder.MODEL).toFile();
    return last.isPresent()
            && last.get().resolve(ModelFolder.MODEL).toFile().lastModified() > own.lastModified()
        ? last.get()
        : run;
  }

  private static Optional<Path> last(Path run) {
    try {
      var all = all(run);
      return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** Forgets the checkpoints of an earlier run, so that none is taken for one of this. */
  public void clear() throws ProblemException {
    try {
      for (var old : all(run)) {
        remove(old);
      }
    } catch (IOException failed) {
      throw WholeFile.unwritable(run, failed).thrown();
    }
  }

  /** All of a run's checkpoints, the oldest first. */
  private static List<Path> all(Path run) throws IOException {
    var inside = run.resolve("checkpoints");
    if (!Files.isDirectory(inside)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(inside)) {
      return files
          .filter(f -> f.getFileName().toString().matches(FRONT + "[0-9]{1,18}"))
          .sorted(Comparator.comparingLong(CheckpointFolders::step))
          .toList();
    }
  }

  private static long step(Path folder) {
    return Long.parseLong(folder.getFileName().toString().substring(FRONT.length()));
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (var file : files.sorted().toList().reversed()) {
        Files.delete(file);
      }
    }
  }
}
