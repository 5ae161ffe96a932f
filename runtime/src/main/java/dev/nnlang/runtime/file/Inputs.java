package dev.nnlang.runtime.file;

import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens files for reading, unpacking gzip, and says in words why that failed. */
public final class Inputs {
  private static final int BUFFER = 1 << 16;

  private Inputs() {}

  /** What is done with an open file. */
  public interface Reading<T> {
    T read(InputStream in) throws IOException, ProblemException;
  }

  /**
   * Reads a file from its first byte; a name that ends in {@code .gz} is unpacked.
   *
   * @return what {@code reading} made of it
   */
  public static <T> T read(Path file, Reading<T> reading) throws ProblemException {
    check(file);
    try (var in = open(file)) {
      return reading.read(in);
    } catch (IOException e) {
      throw problem(file, e).thrown();
    }
  }

  /** Refuses what is no readable file with something in it. */
  public static void check(Path file) throws ProblemException {
    if (Files.isDirectory(file)) {
      throw Problem.of(ProblemCode.FILE_UNREADABLE, "this is a folder, not a file")
          .in(file.toString())
          .thrown();
    }
    try {
      if (Files.size(file) == 0) {
        throw empty(file).thrown();
      }
    } catch (IOException e) {
      throw problem(file, e).thrown();
    }
  }

  public static Problem empty(Path file) {
    return Problem.of(ProblemCode.FILE_EMPTY, "the file is empty").in(file.toString());
  }

  /** A file that ends too early. */
  public static Problem truncated(Path file, String found) {
    return Problem.of(ProblemCode.FILE_TRUNCATED, found)
        .mend("the file was cut off; copy or download it again")
        .in(file.toString());
  }

  private static InputStream open(Path file) throws IOException {
    var raw = Files.newInputStream(file);
    try {
      return file.toString().endsWith(".gz")
          ? new BufferedInputStream(new GZIPInputStream(raw, BUFFER), BUFFER)
          : new BufferedInputStream(raw, BUFFER);
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  /** The words for a failure of the outer world. */
  public static Problem problem(Path file, IOException cause) {
    var name = file.toString();
    return switch (cause) {
      case NoSuchFileException _, FileNotFoundException _ ->
          Problem.of(ProblemCode.FILE_NOT_FOUND, "there is no such file").in(name);
      case AccessDeniedException _ ->
          Problem.of(ProblemCode.FILE_UNREADABLE, "no permission to read this file").in(name);
      case EOFException _ -> truncated(file, "the file ends in the middle of its data");
      case ZipException e ->
          Problem.of(ProblemCode.FILE_FORMAT, "the compressed data are damaged: " + e.getMessage())
              .mend("copy or download the file again")
              .in(name);
      default -> {
        var reason = cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
        yield Problem.of(ProblemCode.FILE_UNREADABLE, "the file cannot be read: " + reason)
            .in(name);
      }
    };
  }
}
