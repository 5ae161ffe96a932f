package dev.nnlang.runtime.data;

import dev.nnlang.runtime.file.Inputs;
import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The well-known data sets that are too large to ship: what their files are called, and where their
 * public home is.
 */
public record Catalogue(List<Entry> entries) {
  public Catalogue {
    entries = List.copyOf(entries);
  }

  /**
   * One file of a set.
   *
   * @param set its name for {@code nn data get}
   * @param file its path below {@code data/}
   * @param also another path under which a shared folder may have it; may be empty
   * @param sha256 of the file, in hex
   */
  public record Entry(
      String set, String file, String also, long bytes, String sha256, String url) {}

  /** Nothing is well known. */
  public static Catalogue empty() {
    return new Catalogue(List.of());
  }

  /** Reads a csv file with the columns of {@link Entry} and a header. */
  public static Catalogue read(Path file) throws ProblemException {
    var text = Inputs.read(file, in -> new String(in.readAllBytes(), StandardCharsets.UTF_8));
    var entries = new ArrayList<Entry>();
    var lines = text.lines().toList();
    for (int i = 1; i < lines.size(); i++) {
      var cells = lines.get(i).split(",", -1);
      try {
        long bytes = Long.parseLong(cells[3]);
        entries.add(new Entry(cells[0], cells[1], cells[2], bytes, cells[4], cells[5]));
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException _) {
        throw Problem.of(ProblemCode.FILE_FORMAT, "this line of the catalogue makes no sense")
            .expected("name,file,also,bytes,sha256,url")
            .at(new Place(file.toString(), i + 1L, 0))
            .thrown();
      }
    }
    return new Catalogue(entries);
  }

  /** As {@link DataFolders} looks for them. */
  public List<DataFolders.KnownFile> known() {
    return entries.stream()
        .map(
            e ->
                new DataFolders.KnownFile(
                    e.set, "data/" + e.file, e.also.isEmpty() ? e.file : e.also))
        .toList();
  }
}
