package dev.nnlang.runtime.data;

import dev.nnlang.runtime.file.Inputs;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** {@code npz("f.npz", "name")}: one array of an archive that {@code numpy.savez} wrote. */
final class NpzSource implements DataSource {
  @Override
  public SourceData read(SourceRequest request) throws ProblemException {
    request.allow();
    var texts = request.texts();
    if (texts.size() != 2) {
      throw request
          .argument("is given " + Messages.plural(texts.size(), "text"))
          .expected("a file and the name of an array in it: npz(\"f.npz\", \"name\")")
          .thrown();
    }
    var file = request.file(texts.get(0));
    var name = texts.get(1);
    Inputs.check(file.path());
    try (var zip = new ZipFile(file.path().toFile())) {
      var entry = zip.getEntry(name + ".npy");
      if (entry == null) {
        var there =
            zip.stream().map(ZipEntry::getName).map(n -> n.replaceFirst("\\.npy$", "")).toList();
        throw Problem.of(ProblemCode.ENTRY_MISSING, "the archive holds no array \"" + name + "\"")
            .expected("one of " + Messages.list(there))
            .in(file.path().toString())
            .thrown();
      }
      var joined = new JoinedFiles(request);
      boolean fortran;
      try (var in = new BufferedInputStream(zip.getInputStream(entry))) {
        fortran = NpySource.one(joined, file, in);
      }
      var data = joined.data();
      return fortran ? SourceData.of(NpySource.rowMajor(data.tensor()), data.places()) : data;
    } catch (IOException e) {
      throw Inputs.problem(file.path(), e).thrown();
    }
  }
}
