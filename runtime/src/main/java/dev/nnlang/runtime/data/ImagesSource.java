package dev.nnlang.runtime.data;

import dev.nnlang.runtime.file.Inputs;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.program.Extent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * {@code images("folder")}, a folder a class (LR-76): read into reals it gives pixels of 0 to 255,
 * {@code [N, height, width, channels]}; read into an index, the class of each picture. Folders and
 * the files in them come in the order of their names.
 *
 * <p>PNG and PNM are decoded here: {@code javax.imageio} would make every program need {@code
 * java.desktop}, a hundred times the size of this runtime.
 */
final class ImagesSource implements DataSource {
  private record Member(DataFile file, int kind) {}

  @Override
  public SourceData read(SourceRequest request) throws ProblemException {
    request.allow();
    var folders = request.files();
    if (folders.size() != 1) {
      throw request.argument("is given several folders").expected("one").thrown();
    }
    var root = folders.getFirst();
    if (!Files.isDirectory(root.path())) {
      throw Problem.of(ProblemCode.FILE_UNREADABLE, "this is a file, not a folder")
          .expected("a folder that holds a folder for each class")
          .in(root.path().toString())
          .thrown();
    }
    var kinds = kinds(request, root);
    var members = new ArrayList<Member>();
    for (int kind = 0; kind < kinds.size(); kind++) {
      var folder = root.path().resolve(kinds.get(kind));
      if (Files.isDirectory(folder)) {
        for (var file : sorted(folder, Files::isRegularFile)) {
          members.add(
              new Member(new DataFile(root.written() + "/" + file, folder.resolve(file)), kind));
        }
      }
    }
    if (members.isEmpty()) {
      throw Problem.of(ProblemCode.FILE_EMPTY, "the folder holds no folder with pictures in it")
          .in(root.path().toString())
          .thrown();
    }
    return request.source().element() instanceof Element.Real
        ? pixels(request, members)
        : classes(request, members, kinds);
  }

  /** The folder names by class number. */
  private static List<String> kinds(SourceRequest request, DataFile root) throws ProblemException {
    var names = sorted(root.path(), Files::isDirectory);
    var words = request.words().stream().map(Element.Word::written).toList();
    var given = request.vocabulary().isEmpty() ? words : request.vocabulary();
    for (var name : names) {
      if (!given.isEmpty() && !given.contains(name)) {
        throw Problem.of(ProblemCode.WORD_UNKNOWN, "the folder \"" + name + "\" is no known class")
            .expected("one of " + Messages.list(given))
            .in(root.path().resolve(name).toString())
            .declared(request.source().declared())
            .thrown();
      }
    }
    return given.isEmpty() ? names : given;
  }

  private static List<String> sorted(Path folder, Predicate<Path> kept) throws ProblemException {
    try (var files = Files.list(folder)) {
      return files
          .filter(kept)
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted(Comparator.naturalOrder())
          .toList();
    } catch (IOException e) {
      throw Inputs.problem(folder, e).thrown();
    }
  }

  private static Places places(List<Member> members, int each) {
    return position -> Places.file(members.get(position / each).file).of(position);
  }

  private static SourceData classes(SourceRequest request, List<Member> members, List<String> kinds)
      throws ProblemException {
    var places = places(members, 1);
    var elements = new Elements(request, places);
    for (var member : members) {
      elements.add(member.kind);
    }
    return new SourceData(elements.tensor(members.size()), places, kinds);
  }

  private static SourceData pixels(SourceRequest request, List<Member> members)
      throws ProblemException {
    var first = Pictures.read(members.getFirst().file);
    int channels = channels(request, first);
    int each = first.height() * first.width() * channels;
    var places = places(members, Math.max(each, 1));
    var elements = new Elements(request, places);
    elements.expect((long) each * members.size());
    for (var member : members) {
      var picture = Pictures.read(member.file);
      if (picture.height() != first.height() || picture.width() != first.width()) {
        throw size(member.file, picture)
            .expected(
                first.height()
                    + " x "
                    + first.width()
                    + ", as the first picture "
                    + members.getFirst().file.path()
                    + " has")
            .thrown();
      }
      if (!picture.fits(channels)) {
        throw size(member.file, picture)
            .expected("what " + channels + " channels can show: " + request.source())
            .declared(request.source().declared())
            .thrown();
      }
      for (int pixel = 0; pixel < picture.height() * picture.width(); pixel++) {
        for (int channel = 0; channel < channels; channel++) {
          elements.add(picture.sample(pixel, channel, channels));
        }
      }
    }
    var tensor = elements.tensor(members.size(), first.height(), first.width(), channels);
    return SourceData.of(tensor, places);
  }

  private static Problem size(DataFile file, Picture picture) {
    return Problem.of(
            ProblemCode.SOURCE_SHAPE,
            "the picture is "
                + picture.height()
                + " x "
                + picture.width()
                + " with "
                + Messages.plural(picture.channels(), "channel"))
        .in(file.path().toString());
  }

  /** As declared, or as the first picture has. */
  private static int channels(SourceRequest request, Picture first) {
    return request.rank() == 4
            && request.source().shape().get(3) instanceof Extent.Number(var declared)
        ? Math.clamp(declared, 1, 4)
        : first.channels();
  }
}
