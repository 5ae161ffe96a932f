package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the pages for newcomers run, and give what the pages show. */
class TourTest {
  private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder;

  /** A command, and the lines below it. */
  private record Shown(String command, List<String> lines) {}

  private static List<Shown> shown(Path page) throws Exception {
    var all = new ArrayList<Shown>();
    var block = BLOCK.matcher(Files.readString(page));
    while (block.find()) {
      for (var line : block.group(1).split("\n")) {
        if (line.startsWith("$ ")) {
          all.add(new Shown(line.substring(2), new ArrayList<>()));
        } else if (!line.equals("...") && !line.isBlank()) {
          all.getLast().lines().add(line);
        }
      }
    }
    return all;
  }

  /** Figures differ between processors and runs; which lines there are, and their words, do not. */
  private static String withoutFigures(String line) {
    return line.replaceAll("[0-9][0-9.,e+-]*", "#").replaceAll("\\s+", " ").replace(" best", "");
  }

  /** In the folder of the test instead of the top one. */
  private String moved(String word) {
    return word.startsWith("examples/runs/")
        ? folder.resolve(word.substring("examples/".length())).toString()
        : word.startsWith("examples/")
            ? Shell.HOME.resolve(word).toString()
            : word.matches(".*\\.(csv|nn)|tuned") ? folder.resolve(word).toString() : word;
  }

  private Shell.Ended run(Shell shell, String command) {
    var words = Stream.of(command.split(" ")).skip(1).map(this::moved).toList();
    var all = new ArrayList<>(words);
    if (words.getFirst().equals("train") && !words.contains("--out")) {
      all.addAll(List.of("--out", folder.resolve("runs/Baseline").toString()));
    }
    return shell.nn(all.toArray(String[]::new));
  }

  @Test
  void theTourOfTheFirstPageIsTrue() throws Exception {
    var shell = new Shell(folder);
    var digits = Files.readString(Path.of(Shell.example("digits.nn")));
    shell.file("broken.nn", digits.replace("Dense(64)", "Dens(64)"));
    shell.file("two.csv", ("0,".repeat(64) + "1\n").repeat(2));
    int run = 0;
    for (var shown : shown(Shell.HOME.resolve("README.md"))) {
      if (!shown.command().startsWith("./nn ")) {
        continue;
      }
      run++;
      var ended = run(shell, shown.command());
      assertEquals(shown.command().contains("broken") ? 1 : 0, ended.status(), ended.toString());
      var got =
          (ended.out() + ended.err())
              .replace(Shell.HOME + "/", "")
              .replace("@", "")
              .lines()
              .map(TourTest::withoutFigures)
              .toList();
      for (var line : shown.lines()) {
        var wanted = withoutFigures(line).replace("examples/runs", "runs");
        assertTrue(got.contains(wanted), "\"" + wanted + "\" is not in\n" + String.join("\n", got));
      }
    }
    assertTrue(run >= 6, "commands of the tour: " + run);
  }

  @Test
  void theLessonsNameProgramsThatThereAre() throws Exception {
    var shell = new Shell(folder);
    var commands = shown(Shell.HOME.resolve("examples/lessons/README.md"));
    assertTrue(commands.size() > 8);
    for (var shown : commands) {
      var words = shown.command().split(" ");
      var compiled = shell.nn("check", Shell.HOME.resolve(words[2]).toString());
      assertEquals(0, compiled.status(), compiled.toString());
      if (shown.command().contains("--train ")) {
        var name = shown.command().replaceAll(".*--train (\\w+).*", "$1");
        var text = Files.readString(Shell.HOME.resolve(words[2]));
        assertTrue(text.contains("train " + name + " :"), shown.command());
      }
    }
  }

  @Test
  void tuningPrintsATableAndTheBest() {
    var shell = new Shell(folder);
    var lesson = Shell.example("lessons/08_tuning.nn");
    var ended = shell.nn("tune", lesson, "--trials", "3", "--set", "epochs=3");
    assertEquals(0, ended.status(), ended.toString());
    var lines = ended.out().lines().toList();
    assertEquals(5, lines.size(), ended.out());
    assertTrue(lines.getFirst().matches(" *Units +lr +epochs +valid\\.loss"), ended.out());
    assertTrue(lines.getLast().matches("best: nn train .* --set Units=\\d+ --set lr=.*"));
    var json = shell.nn("tune", lesson, "--trials", "1", "--set", "epochs=1", "--json");
    assertTrue(json.out().contains("{\"event\":\"best\",\"settings\":{\"Units\":"), json.out());
    var none = shell.nn("tune", Shell.example("line.nn"));
    assertEquals(1, none.status());
    assertTrue(none.err().contains("error[E0911]: train Fit has no search"), none.err());
  }

  @Test
  void theLibraryIsWrittenAsPages() throws Exception {
    var shell = new Shell(folder);
    assertEquals("wrote @pages/index.html\n", shell.nn("doc", "--html", "@pages").out());
    var page = Files.readString(folder.resolve("pages/index.html"));
    assertTrue(page.contains("<section id=\"softmax\""));
    // p[c] = exp(x[c]) / sum[k](exp(x[k])), as a fraction.
    assertTrue(
        page.contains(
            "<mo>=</mo><mfrac><mrow><msup><mi>e</mi><mrow><msub><mrow><mi>x</mi></mrow>"
                + "<mrow><mi>c</mi></mrow></msub></mrow></msup></mrow>"));
    var links =
        Pattern.compile("id=\"(\\w+)\"[^#]*href=\"(source/[^\"#]+)#(L\\d+)\"").matcher(page);
    int found = 0;
    while (links.find()) {
      var source = Files.readString(folder.resolve("pages").resolve(links.group(2)));
      var line = source.split("<span id=\"" + links.group(3) + "\">", 2)[1].split("</span>", 2)[0];
      assertTrue(line.contains(links.group(1)), "the link to " + links.group(1) + ": " + line);
      found++;
    }
    assertTrue(found > 100, "links to sources: " + found);
    // What a static if chooses stands indented below it.
    assertTrue(
        page.contains("<mi>training</mi><mtext>:</mtext></mrow></math>\n<div class=\"branch\">"));
    var own = shell.nn("doc", Shell.example("digits.nn"), "--html", "@own");
    assertEquals(0, own.status(), own.toString());
    var ownPage = Files.readString(folder.resolve("own/index.html"));
    assertTrue(ownPage.contains("<h1>digits.nn</h1>"));
    assertTrue(ownPage.contains("<section id=\"Baseline\""));
  }
}
