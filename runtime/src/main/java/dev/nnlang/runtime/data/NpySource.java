package dev.nnlang.runtime.data;

import dev.nnlang.runtime.file.Inputs;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** {@code npy("a.npy", ...)}: NumPy's format for one array; several files follow each other. */
final class NpySource implements DataSource {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
  private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9, ]*)\\)");

  @Override
  public SourceData read(SourceRequest request) throws ProblemException {
    request.allow();
    var files = request.files();
    var joined = new JoinedFiles(request);
    boolean fortran = false;
    for (var file : files) {
      fortran |= Inputs.read(file.path(), in -> one(joined, file, in));
    }
    if (fortran && files.size() > 1) {
      throw Problem.of(ProblemCode.FILE_FORMAT, "one of several arrays is in Fortran order")
          .mend("save it with numpy.ascontiguousarray")
          .in(files.getFirst().path().toString())
          .thrown();
    }
    var data = joined.data();
    return fortran ? SourceData.of(rowMajor(data.tensor()), data.places()) : data;
  }

  /** Reads one array; true if its elements are in Fortran order. */
  static boolean one(JoinedFiles joined, DataFile file, InputStream in)
      throws IOException, ProblemException {
    byte[] start = in.readNBytes(10);
    if (start.length == 0) {
      throw Inputs.empty(file.path()).thrown();
    }
    if (start.length < 10 || !Arrays.equals(start, 0, 6, MAGIC, 0, 6)) {
      throw Problem.of(ProblemCode.FILE_FORMAT, "this is not an npy file")
          .expected("the bytes 93 NUMPY at its beginning")
          .in(file.path().toString())
          .thrown();
    }
    int length = Byte.toUnsignedInt(start[8]) | Byte.toUnsignedInt(start[9]) << 8;
    if (start[6] > 1) {
      // From version 2 on the length has four bytes.
      byte[] high = in.readNBytes(2);
      length |=
          high.length < 2
              ? 0
              : Byte.toUnsignedInt(high[0]) << 16 | Byte.toUnsignedInt(high[1]) << 24;
    }
    byte[] bytes = in.readNBytes(Math.clamp(length, 0, 1 << 20));
    var header = new String(bytes, StandardCharsets.UTF_8);
    var descr = DESCR.matcher(header);
    var fortran = FORTRAN.matcher(header);
    var shape = SHAPE.matcher(header);
    if (!descr.find() || !fortran.find() || !shape.find()) {
      throw Problem.of(ProblemCode.FILE_FORMAT, "the npy header makes no sense: " + header.strip())
          .expected("descr of a number type, fortran_order and shape")
          .in(file.path().toString())
          .thrown();
    }
    var type = NumberType.numpy(descr.group(1), file);
    int[] extents = extents(shape.group(1), file);
    joined.begin(file, extents);
    joined.elements(file, in, type);
    return fortran.group(1).equals("True") && extents.length > 1;
  }

  private static int[] extents(String text, DataFile file) throws ProblemException {
    List<Integer> extents = new ArrayList<>();
    for (var part : text.split(",")) {
      if (!part.isBlank()) {
        try {
          extents.add(Integer.parseInt(part.strip()));
        } catch (NumberFormatException _) {
          throw Problem.of(ProblemCode.TOO_LARGE, "the array has the shape (" + text + ")")
              .in(file.path().toString())
              .thrown();
        }
      }
    }
    return extents.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The same elements with the last index running fastest. */
  static Tensor rowMajor(Tensor fortran) {
    int[] shape = fortran.shape();
    var result = Tensor.zeros(fortran.type(), shape);
    int[] index = new int[shape.length];
    for (int to = 0; to < result.size(); to++) {
      int from = 0;
      for (int d = shape.length - 1; d >= 0; d--) {
        from = from * shape[d] + index[d];
      }
      switch (result.type()) {
        case F32 -> result.floats()[to] = fortran.floats()[from];
        case F64 -> result.doubles()[to] = fortran.doubles()[from];
        case INT, BOOL -> result.longs()[to] = fortran.longs()[from];
      }
      for (int d = shape.length - 1; d >= 0 && ++index[d] == shape[d]; d--) {
        index[d] = 0;
      }
    }
    return result;
  }
}
