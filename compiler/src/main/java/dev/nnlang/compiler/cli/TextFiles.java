package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.diagnostic.NearNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Reads and writes the user's files: what fails is a problem, and no file is ever half written. */
final class TextFiles {
  private TextFiles() {}

  static byte[] read(Path file) {
    if (file.toString().isEmpty()) {
      throw new Reported(new CommandProblem.NoSuchFile("\"\"", "the name of a file is empty here"));
    }
    if (Files.isDirectory(file)) {
      throw new Reported(new CommandProblem.IsDirectory(file.toString()));
    }
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException _) {
      throw missing(file);
    } catch (IOException | OutOfMemoryError failed) {
      throw new Reported(new CommandProblem.Unreadable(file.toString(), reason(failed)));
    }
  }

  /** What to say of a file that is not there: what it may have been meant to be. */
  static Reported missing(Path file) {
    var folder = file.toAbsolutePath().normalize().getParent();
    var mend = "paths are relative to the current folder, " + Path.of("").toAbsolutePath();
    if (folder != null && !Files.isDirectory(folder)) {
      mend = "there is no folder " + folder + " either; " + mend;
    } else if (folder != null) {
      var near = NearNames.nearest(String.valueOf(file.getFileName()), names(folder));
      mend = near.map(name -> "did you mean " + file.resolveSibling(name) + "?").orElse(mend);
    }
    return new Reported(new CommandProblem.NoSuchFile(file.toString(), mend));
  }

  private static List<String> names(Path folder) {
    try (var files = Files.list(folder)) {
      return files.map(other -> other.getFileName().toString()).toList();
    } catch (IOException | UncheckedIOException _) {
      return List.of();
    }
  }

  /** Writes beside and renames, so that a reader sees the old file or the new one. */
  static void write(Path file, byte[] bytes) {
    try {
      var folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      var beside = folder.resolve("." + file.getFileName() + ".part");
      try {
        Files.write(
            beside,
            bytes,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE,
            StandardOpenOption.SYNC);
        keepPermissions(file, beside);
        Files.move(
            beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (FileAlreadyExistsException taken) {
      throw new Reported(new CommandProblem.Unwritable(file.toString(), "a file is in the way"));
    } catch (IOException failed) {
      throw new Reported(new CommandProblem.Unwritable(file.toString(), reason(failed)));
    }
  }

  /** A file that is rewritten stays readable for whom it was. */
  private static void keepPermissions(Path from, Path to) throws IOException {
    boolean hasThem = Files.getFileStore(to).supportsFileAttributeView("posix");
    if (hasThem && Files.exists(from)) {
      Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
    }
  }

  /** What the system said, without the class of the exception. */
  static String reason(Throwable failed) {
    return switch (failed) {
      case java.nio.file.AccessDeniedException _ -> "permission denied";
      case OutOfMemoryError _ -> "it does not fit into memory";
      default ->
          failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
    };
  }
}
