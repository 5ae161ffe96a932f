package dev.nnlang.runtime.data;

import dev.nnlang.runtime.file.Inputs;
import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Binary files that follow each other along the first dimension; all others must be equal. */
final class JoinedFiles {
  private static final int CHUNK = 1 << 16;

  /** Deflate makes at most 1032 bytes of one. */
  private static final long DENSEST = 1040;

  private final Elements elements;
  private final List<Member> members = new ArrayList<>();
  private int[] shape = {};

  /** Of the file that was begun. */
  private long count;

  private record Member(DataFile file, int from) {}

  JoinedFiles(SourceRequest request) {
    this.elements = new Elements(request, this::place);
  }

  /** States the shape of the next file, before its elements. */
  void begin(DataFile file, int[] fileShape) throws ProblemException {
    count = count(file, fileShape);
    if (members.isEmpty()) {
      shape = fileShape.clone();
    } else {
      if (!Arrays.equals(rest(shape), rest(fileShape)) || shape.length != fileShape.length) {
        throw Problem.of(
                ProblemCode.SOURCE_SHAPE,
                "the file has the shape "
                    + Messages.shape(fileShape)
                    + ", those before it "
                    + Messages.shape(shape))
            .expected("the same sizes but for the first")
            .in(file.path().toString())
            .thrown();
      }
      if (shape.length > 0) {
        shape[0] = (int) Math.min((long) shape[0] + fileShape[0], Integer.MAX_VALUE);
        count(file, shape);
      }
    }
    members.add(new Member(file, elements.size()));
  }

  /** Reads the elements of the file whose shape was stated. */
  void elements(DataFile file, InputStream in, NumberType type)
      throws IOException, ProblemException {
    long missing = count * type.bytes();
    // A damaged header must not make us allocate what the file cannot hold.
    if (Files.size(file.path()) * DENSEST < missing) {
      throw Inputs.truncated(file.path(), "the file is too short for its " + count + " elements")
          .thrown();
    }
    int before = elements.size();
    elements.expect(count);
    var bytes = new byte[CHUNK];
    while (missing > 0) {
      int wanted = (int) Math.min(CHUNK, missing);
      int read = readSome(in, bytes, wanted);
      var chunk = ByteBuffer.wrap(bytes, 0, read).order(type.order());
      while (chunk.remaining() >= type.bytes()) {
        elements.add(type.next(chunk));
      }
      if (read < wanted) {
        throw Inputs.truncated(
                file.path(),
                "the file ends after " + (elements.size() - before) + " of " + count + " elements")
            .thrown();
      }
      missing -= read;
    }
  }

  /** Of a gzip that was cut off, what still could be unpacked counts as read. */
  private static int readSome(InputStream in, byte[] bytes, int wanted) throws IOException {
    int read = 0;
    try {
      while (read < wanted) {
        int more = in.read(bytes, read, wanted - read);
        if (more < 0) {
          break;
        }
        read += more;
      }
    } catch (EOFException _) {
      // The caller sees that too few were read.
    }
    return read;
  }

  /** How many elements a shape has; a size of 0 hides no absurd other one. */
  private static long count(DataFile file, int[] shape) throws ProblemException {
    long count = 1;
    long nonZero = 1;
    for (int extent : shape) {
      count *= extent;
      nonZero *= Math.max(extent, 1);
      if (nonZero > Integer.MAX_VALUE - 8) {
        throw Problem.of(ProblemCode.TOO_LARGE, "the data have the shape " + Messages.shape(shape))
            .expected("at most 2^31 - 9 elements")
            .in(file.path().toString())
            .thrown();
      }
    }
    return count;
  }

  SourceData data() {
    return SourceData.of(tensor(), this::place);
  }

  Tensor tensor() {
    return elements.tensor(shape);
  }

  private Place place(int position) {
    var found = members.getFirst();
    for (var member : members) {
      found = member.from <= position ? member : found;
    }
    return Place.file(found.file.path().toString());
  }

  private static int[] rest(int[] shape) {
    return shape.length == 0 ? shape : Arrays.copyOfRange(shape, 1, shape.length);
  }
}
