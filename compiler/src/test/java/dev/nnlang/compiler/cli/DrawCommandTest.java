package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Drawing;
import dev.nnlang.compiler.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** {@code nn draw}: the picture that editors show, as a file; and what must hold of pictures. */
class DrawCommandTest {
  private static final Pattern MOVE =
      Pattern.compile("<g transform=\"translate\\(([-0-9.]+) ([-0-9.]+)\\)\">");
  private static final Pattern BOX =
      Pattern.compile(
          "<rect class=\"box\" x=\"([-0-9.]+)\" y=\"([-0-9.]+)\" width=\"([-0-9.]+)\" height=\"([-0-9.]+)\".*");

  @TempDir private Path folder;

  /** What editors are sent is this very text: both ask {@link Drawing}. */
  @Test
  void theFileHoldsThePictureThatEditorsShow() throws IOException {
    var shell = new Shell(folder);
    var lenet = Path.of(Shell.example("lenet.nn"));
    var inspection = Compiler.open(ProgramFiles.read(lenet), new ProgramFiles(lenet)).inspect();
    for (var level : Picture.Level.values()) {
      var picture = Drawing.of(inspection, Optional.empty(), level).orElseThrow().svg();
      var out = shell.nn("draw", lenet.toString(), "--level", level.word(), "-o", "@net.svg");
      assertEquals(new Shell.Ended(0, "@net.svg\n", ""), out);
      assertEquals(picture, Files.readString(folder.resolve("net.svg")));
      assertEquals(
          picture, shell.nn("draw", lenet.toString(), "LeNet", "--level", level.word()).out());
    }
  }

  @Test
  void whatCannotBeDrawnIsExplained() {
    var shell = new Shell(folder);
    shell.file("a.nn", "model Net : x[3] -> y[1] { y = x |> Dense(1) }\nlayer L : x = x\n");
    shell.file("b.nn", "model Net : x[3] -> y[1] { y = x |> Dens(1) }\n");
    var missing = shell.nn("draw", "@a.nn", "Nett");
    assertEquals(1, missing.status());
    assertTrue(missing.err().contains("Net"), missing.err());
    var broken = shell.nn("draw", "@b.nn", "-o", "@b.svg");
    assertEquals(1, broken.status());
    assertTrue(broken.err().contains("did you mean `Dense`?"), broken.err());
    assertFalse(Files.exists(folder.resolve("b.svg")));
  }

  /** All that can be drawn of the examples, at every level. */
  @TestFactory
  Stream<DynamicTest> nothingOverlapsAndNothingSticksOut() throws IOException {
    try (var files = Files.list(Path.of(Shell.example("")))) {
      return files.filter(f -> f.toString().endsWith(".nn")).sorted().toList().stream()
          .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> lookAt(f)));
    }
  }

  private static void lookAt(Path file) {
    var inspection = Compiler.open(ProgramFiles.read(file), new ProgramFiles(file)).inspect();
    for (var name : Drawing.drawable(inspection)) {
      for (var level : Picture.Level.values()) {
        var svg = Drawing.of(inspection, Optional.of(name), level).orElseThrow().svg();
        lookAt(name + " " + level.word(), svg);
      }
    }
  }

  private record Box(double left, double top, double right, double bottom) {
    boolean holds(Box inner) {
      return left <= inner.left
          && inner.right <= right
          && top <= inner.top
          && inner.bottom <= bottom;
    }

    boolean isApartFrom(Box other) {
      return right < other.left || other.right < left || bottom < other.top || other.bottom < top;
    }
  }

  /** A group of the picture: how far it is moved, its own box, and the boxes right inside of it. */
  private record Group(double dx, double dy, Optional<Box> own, List<Box> inside) {}

  private static void lookAt(String what, String svg) {
    var size = Pattern.compile("viewBox=\"0 0 ([0-9.]+) ([0-9.]+)\"").matcher(svg);
    assertTrue(size.find(), what);
    var open = new ArrayList<Group>();
    open.add(
        new Group(
            0,
            0,
            Optional.of(new Box(0, 0, number(size.group(1)), number(size.group(2)))),
            new ArrayList<>()));
    for (var line : svg.lines().toList()) {
      var move = MOVE.matcher(line);
      var box = BOX.matcher(line);
      var last = open.getLast();
      if (move.matches()) {
        open.add(
            new Group(
                last.dx + number(move.group(1)),
                last.dy + number(move.group(2)),
                last.own,
                new ArrayList<>()));
      } else if (line.startsWith("<g ")) {
        open.add(new Group(last.dx, last.dy, Optional.empty(), last.inside));
      } else if (line.equals("</g>")) {
        open.removeLast();
      } else if (box.matches()) {
        double x = last.dx + number(box.group(1));
        double y = last.dy + number(box.group(2));
        var found = new Box(x, y, x + number(box.group(3)), y + number(box.group(4)));
        assertTrue(around(open).holds(found), () -> what + ": " + found + " sticks out");
        last.inside.forEach(
            o -> assertTrue(found.isApartFrom(o), () -> what + ": " + found + " overlaps " + o));
        last.inside.add(found);
        open.set(open.size() - 1, new Group(last.dx, last.dy, Optional.of(found), last.inside));
      }
    }
    assertEquals(1, open.size(), what);
  }

  private static Box around(List<Group> open) {
    return open.reversed().stream().flatMap(g -> g.own.stream()).findFirst().orElseThrow();
  }

  private static double number(String text) {
    return Double.parseDouble(text);
  }
}
