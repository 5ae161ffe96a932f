package dev.nnlang.runtime.file;

import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes files that are there whole or not at all: beside their place first, forced to the disk,
 * then renamed. A crash or a full disk leaves the old file.
 */
public final class WholeFile {
  private WholeFile() {}

  /** What is done with the open channel. */
  public interface Writing {
    void write(FileChannel out) throws IOException;
  }

  public static void write(Path file, String text) throws ProblemException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  public static void write(Path file, byte[] bytes) throws ProblemException {
    write(file, out -> writeFully(out, ByteBuffer.wrap(bytes)));
  }

  public static void write(Path file, Writing writing) throws ProblemException {
    var beside = file.resolveSibling("." + file.getFileName() + ".part");
    try {
      if (file.toAbsolutePath().getParent() != null) {
        Files.createDirectories(file.toAbsolutePath().getParent());
      }
      try (var out =
          FileChannel.open(
              beside,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        writing.write(out);
        out.force(true);
      }
      move(beside, file);
    } catch (IOException e) {
      discard(beside);
      throw unwritable(file, e).thrown();
    }
  }

  static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  public static Problem unwritable(Path file, IOException cause) {
    var reason =
        switch (cause) {
          case AccessDeniedException _ -> "permission denied";
          case FileAlreadyExistsException e -> e.getFile() + " is a file, not a folder";
          case NoSuchFileException _ -> "its folder cannot be made";
          default ->
              cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        };
    return Problem.of(ProblemCode.MODEL_UNWRITABLE, "the file cannot be written: " + reason)
        .mend("choose another folder with --out, or make room")
        .in(file.toString());
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException _) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
    try (var folder = FileChannel.open(to.toAbsolutePath().getParent())) {
      folder.force(true);
    } catch (IOException _) {
      // Only some systems can force a folder to the disk; the others do it in their own time.
    }
  }

  private static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException _) {
      // The first failure is the one to report; a left-over ".part" does no harm.
    }
  }
}
