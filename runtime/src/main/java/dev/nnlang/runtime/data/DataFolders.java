package dev.nnlang.runtime.data;

import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * Where the files of a program may lie: relative to the program, else in shared folders, where the
 * well-known sets may have other names.
 *
 * @param program the folder of the {@code .nn} file
 * @param shared {@code $NN_DATA} and others, in the order of search; a path without its leading
 *     {@code data/} is looked for in them
 * @param known the sets that {@code nn data get} can fetch
 * @param guess what a name that is not there may have meant
 */
public record DataFolders(Path program, List<Path> shared, List<KnownFile> known, Guess guess) {
  public DataFolders {
    shared = List.copyOf(shared);
    known = List.copyOf(known);
  }

  /**
   * A file of a well-known set.
   *
   * @param set as {@code nn data get} calls it
   * @param written in programs: {@code data/shakespeare.txt}
   * @param elsewhere its path in a shared folder: {@code tinyshakespeare/input.txt}
   */
  public record KnownFile(String set, String written, String elsewhere) {}

  /** Which of the names that are there one that is not may have meant. */
  public interface Guess {
    Optional<String> nearest(String wanted, Collection<String> there);
  }

  /** Only the program's own folder, and no guesses. */
  public static DataFolders of(Path program) {
    return new DataFolders(program, List.of(), List.of(), (_, _) -> Optional.empty());
  }

  /**
   * The first place where a file or folder is.
   *
   * @param declared the line that asks for it
   */
  public DataFile find(String written, Place declared) throws ProblemException {
    var looked = new LinkedHashSet<Path>();
    try {
      for (var candidate : candidates(written)) {
        if (Files.exists(candidate)) {
          return new DataFile(written, candidate);
        }
        var folder = candidate.toAbsolutePath().normalize().getParent();
        looked.add(folder == null ? candidate : folder);
      }
    } catch (InvalidPathException e) {
      throw Problem.of(
              ProblemCode.FILE_NOT_FOUND, "\"" + written + "\" is no path: " + e.getReason())
          .at(declared)
          .thrown();
    }
    var places = String.join(" or in ", looked.stream().map(Path::toString).toList());
    throw Problem.of(ProblemCode.FILE_NOT_FOUND, "there is no file \"" + written + "\"")
        .expected("the file in " + places)
        .mend(mend(written))
        .at(declared)
        .thrown();
  }

  private List<Path> candidates(String written) {
    var candidates = new ArrayList<Path>();
    candidates.add(program.resolve(written).normalize());
    if (!Path.of(written).isAbsolute()) {
      var bare = written.startsWith("data/") ? written.substring("data/".length()) : written;
      for (var folder : shared) {
        candidates.add(folder.resolve(bare).normalize());
        for (var file : known) {
          if (file.written.equals(written)) {
            candidates.add(folder.resolve(file.elsewhere).normalize());
          }
        }
      }
    }
    return candidates;
  }

  private String mend(String written) {
    return known.stream()
        .filter(file -> file.written.equals(written))
        .findFirst()
        .map(
            file ->
                "nn data get " + file.set + " fetches it; or set NN_DATA to the folder that has it")
        .or(() -> near(written).map(name -> "did you mean " + name + "?"))
        .orElse("paths are relative to the .nn file; or set NN_DATA to the folder that has it");
  }

  /** The path, as a program would write it, of a file that may have been meant. */
  private Optional<String> near(String written) {
    var path = Path.of(written);
    if (path.getFileName() == null) {
      return Optional.empty();
    }
    var there = new LinkedHashMap<String, String>();
    for (var candidate : candidates(written)) {
      var folder = candidate.toAbsolutePath().getParent();
      if (folder != null && candidate.endsWith(path.getFileName())) {
        names(folder).forEach(name -> there.put(name, path.resolveSibling(name).toString()));
      }
    }
    for (var file : known) {
      there.putIfAbsent(Path.of(file.written).getFileName().toString(), file.written);
    }
    return guess.nearest(path.getFileName().toString(), there.keySet()).map(there::get);
  }

  private static List<String> names(Path folder) {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException | UncheckedIOException _) {
      // Then there is nothing to guess from.
      return List.of();
    }
  }
}
