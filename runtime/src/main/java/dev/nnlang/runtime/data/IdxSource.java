package dev.nnlang.runtime.data;

import dev.nnlang.runtime.file.Inputs;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * {@code idx("a.gz", "b.gz")}: the format of MNIST. Two zero bytes, the element type, the rank, the
 * sizes and the elements, all big-endian; several files follow each other along the first
 * dimension.
 */
final class IdxSource implements DataSource {
  @Override
  public SourceData read(SourceRequest request) throws ProblemException {
    request.allow();
    var joined = new JoinedFiles(request);
    for (var file : request.files()) {
      Inputs.read(
          file.path(),
          in -> {
            one(joined, file, new DataInputStream(in));
            return file;
          });
    }
    return joined.data();
  }

  private static void one(JoinedFiles joined, DataFile file, DataInputStream in)
      throws IOException, ProblemException {
    byte[] magic = in.readNBytes(4);
    if (magic.length == 0) {
      throw Inputs.empty(file.path()).thrown();
    }
    if (magic.length < 4 || magic[0] != 0 || magic[1] != 0 || magic[3] < 1 || magic[3] > 8) {
      throw Problem.of(
              ProblemCode.FILE_FORMAT,
              "this is not an idx file: it begins with the bytes " + Arrays.toString(magic))
          .expected("0, 0, an element type and a rank")
          .in(file.path().toString())
          .thrown();
    }
    var type = NumberType.idx(magic[2], file);
    int[] shape = new int[magic[3]];
    for (int d = 0; d < shape.length; d++) {
      shape[d] = in.readInt();
      if (shape[d] < 0) {
        throw Problem.of(
                ProblemCode.FILE_FORMAT, "dimension " + d + " would have a size of " + shape[d])
            .in(file.path().toString())
            .thrown();
      }
    }
    joined.begin(file, shape);
    joined.elements(file, in, type);
    if (in.read() >= 0) {
      throw Problem.of(
              ProblemCode.FILE_FORMAT,
              "the file goes on after the elements of its shape " + Messages.shape(shape))
          .in(file.path().toString())
          .thrown();
    }
  }
}
