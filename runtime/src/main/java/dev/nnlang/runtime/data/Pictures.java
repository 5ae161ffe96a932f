package dev.nnlang.runtime.data;

import dev.nnlang.runtime.file.Inputs;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.nio.BufferUnderflowException;
import java.util.Arrays;

/** Decodes a picture by its first bytes. */
final class Pictures {
  /** What a decoder cannot read; its message becomes the problem. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message, null, false, false);
    }
  }

  private Pictures() {}

  static Picture read(DataFile file) throws ProblemException {
    byte[] bytes = Inputs.read(file.path(), in -> in.readAllBytes());
    try {
      if (Png.begins(bytes)) {
        return new Png(bytes).picture();
      }
      if (bytes.length > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6') {
        return new Pnm(bytes).picture();
      }
    } catch (Unreadable e) {
      throw format(file, e.getMessage()).thrown();
    } catch (ArrayIndexOutOfBoundsException | BufferUnderflowException _) {
      // The decoders index the bytes by what the bytes say.
      throw Inputs.truncated(file.path(), "the picture ends in the middle of its data").thrown();
    }
    boolean jpeg = bytes.length > 2 && (bytes[0] & 0xff) == 0xff && (bytes[1] & 0xff) == 0xd8;
    throw format(
            file,
            jpeg
                ? "JPEG is not read by this version"
                : "this is no picture: it begins with the bytes "
                    + Arrays.toString(Arrays.copyOf(bytes, Math.min(4, bytes.length))))
        .expected("PNG, PGM or PPM")
        .mend("convert the pictures to PNG, which keeps every pixel")
        .thrown();
  }

  private static Problem format(DataFile file, String found) {
    return Problem.of(ProblemCode.FILE_FORMAT, found).in(file.path().toString());
  }
}
