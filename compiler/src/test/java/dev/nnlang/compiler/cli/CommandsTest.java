package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.runtime.file.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every command says, in its forms: text, JSON, colours; and how it ends. */
class CommandsTest {
  private static final List<String> COMMANDS =
      List.of(
          "check", "fmt", "train", "tune", "test", "run", "predict", "diff", "explain", "doc",
          "data", "new");
  private static final String GOOD = "model M : x[3] -> y[1] { y = x |> Dense(1) }\n";
  private static final String BAD = "model M : x[3] -> y { y = x |> Dens(1) }\n";

  @TempDir private Path folder;
  private Shell shell;

  @BeforeEach
  void open() {
    shell = new Shell(folder);
  }

  private void fails(int status, String says, String... words) {
    var ended = shell.nn(words);
    assertEquals(status, ended.status(), ended.toString());
    assertTrue((ended.err() + ended.out()).contains(says), ended.toString());
    assertFalse(ended.err().contains("\tat "), ended.err());
  }

  private static Json.Members json(String line) {
    return (Json.Members) Json.parse(line).orElseThrow(() -> new AssertionError(line));
  }

  // Help, and the command line itself.

  @Test
  void everyCommandHasHelp() {
    for (var command : COMMANDS) {
      var help = shell.nn(command, "--help");
      assertEquals(0, help.status(), command);
      assertTrue(help.out().startsWith("Usage: nn " + command), help.out());
      assertEquals(help, shell.nn("help", command), command);
      assertTrue(shell.nn("--help").out().contains("  " + command + " "), command);
    }
  }

  @Test
  void theVersionIsSaid() {
    assertTrue(shell.nn("--version").out().startsWith("nn 0.1.0"));
  }

  @Test
  void theCompletionScriptKnowsEveryCommand() {
    var script = shell.nn("generate-completion").out();
    assertTrue(script.startsWith("#!/usr/bin/env bash"));
    COMMANDS.forEach(c -> assertTrue(script.contains("_picocli_nn_" + c), c));
  }

  @Test
  void aWrongCommandLineHasStatus2() {
    fails(2, "which command?");
    fails(2, "Did you mean: nn train?", "trian");
    fails(2, "Missing required parameter: 'FILE'", "check");
    fails(2, "Possible solutions: --set, --seed", "train", "@a.nn", "--sed", "3");
    fails(2, "\"x\" is no whole number", "train", "@a.nn", "--epochs", "x");
    fails(2, "--threads must be at least 1", "train", "@a.nn", "--threads", "0");
    fails(2, "expected one of [f32, f64]", "train", "@a.nn", "--precision", "f16");
    fails(2, "expected one of [auto, always, never]", "check", "@a.nn", "--color", "blue");
    fails(2, "nn data list, or nn data get NAME", "data");
  }

  @Test
  void aFileThatIsNoneHasStatus1() {
    shell.file("bytes.nn", new byte[] {(byte) 0xff, (byte) 0xfe});
    for (var command : List.of("check", "fmt", "train", "explain")) {
      fails(1, "there is no file @none.nn", command, "@none.nn");
      fails(1, "is a directory", command, "@");
      fails(1, "help: the name of a file is empty here", command, "");
      fails(1, "not UTF-8", command, "@bytes.nn");
    }
    fails(1, "there is no train here", "train", shell.file("empty.nn", "").toString());
  }

  @Test
  void aFileThatIsNotThereMayBeAnother() {
    shell.file("points.nn", GOOD);
    fails(1, "help: did you mean @points.nn?", "check", "@point.nn");
    fails(1, "help: paths are relative to the current folder, ", "check", "@something.nn");
    fails(1, "help: there is no folder @gone either", "check", "@gone/points.nn");
  }

  // check, fmt

  @Test
  void checkShowsProblemsAsTextAndAsJson() {
    shell.file("good.nn", GOOD);
    shell.file("bad.nn", BAD);
    assertEquals(new Shell.Ended(0, "@good.nn: ok\n", ""), shell.nn("check", "@good.nn"));
    assertEquals(
        new Shell.Ended(
            1,
            "",
            """
            error[E0201]: nothing here is called `Dens`
              --> @bad.nn:1:32
               |
             1 | model M : x[3] -> y { y = x |> Dens(1) }
               |                                ^^^^ unknown name
               = help: did you mean `Dense`?
            """),
        shell.nn("check", "@bad.nn"));
    var lines = shell.nn("check", "--json", "@bad.nn").out().lines().toList();
    assertEquals("\"E0201\"", json(lines.get(0)).get("code").orElseThrow().toString());
    assertEquals("{\"event\":\"checked\",\"errors\":1}", lines.get(1));
  }

  @Test
  void coloursAreOnlyWhereTheyAreWanted() {
    shell.file("bad.nn", BAD);
    assertFalse(shell.nn("check", "@bad.nn").err().contains("\u001b["));
    assertFalse(shell.nn("check", "--color", "never", "@bad.nn").err().contains("\u001b["));
    assertTrue(shell.nn("check", "--color", "always", "@bad.nn").err().contains("\u001b[1;31m"));
    assertFalse(shell.nn("check", "--color=always", "--json", "@bad.nn").out().contains("\u001b"));
  }

  @Test
  void fmtLaysOutOnceAndSaysSo() throws Exception {
    var file = shell.file("a.nn", "model M:x[3]->y[1]{y=x|>Dense(1)}\n");
    assertEquals(
        new Shell.Ended(1, "@a.nn is laid out otherwise\n", ""),
        shell.nn("fmt", "--check", "@a.nn"));
    assertEquals(GOOD, shell.nn("fmt", "--stdout", "@a.nn").out());
    assertEquals(
        "{\"event\":\"formatted\",\"file\":\"@a.nn\"}\n", shell.nn("fmt", "--json", "@a.nn").out());
    assertEquals(GOOD, Files.readString(file));
    assertEquals(new Shell.Ended(0, "", ""), shell.nn("fmt", "@a.nn"));
    shell.file("broken.nn", "model M { y = (1 \n");
    fails(1, "error[E01", "fmt", "@broken.nn");
  }

  // diff, explain, doc, data, new

  @Test
  void diffPrintsADerivativeThatCompiles() {
    var good = shell.file("good.nn", GOOD).toString();
    var text = shell.nn("diff", good, "softmax").out();
    shell.file("derivative.nn", text);
    assertEquals(0, shell.nn("check", "@derivative.nn").status(), text);
    var line = shell.nn("diff", "--json", good, "relu").out();
    assertEquals(List.of("event", "name", "text"), List.copyOf(json(line).members().keySet()));
    fails(1, "did you mean relu?", "diff", good, "rel");
    fails(1, "needs the config `Units`", "diff", good, "Dense");
  }

  @Test
  void explainShowsPagesAndStages() {
    assertTrue(shell.nn("explain", "E0301").out().startsWith("# E0301: "));
    fails(1, "there is no page named E9999", "explain", "E9999");
    var line = Shell.example("line.nn");
    for (var stage : List.of("elaborate", "stabilise", "differentiate", "simplify", "schedule")) {
      assertEquals(0, shell.nn("explain", line, "--after", stage).status(), stage);
    }
    assertTrue(shell.nn("explain", line).out().startsWith("plan Fit_step"));
    assertTrue(shell.nn("explain", line, "--program", "predict").out().contains("predict"));
    assertTrue(
        shell.nn("explain", line, "--memory", "--batch", "3").out().contains(", batch = 3, "));
    assertTrue(shell.nn("explain", line, "--memory", "--device").out().startsWith("memory of"));
    var plan = Json.parse(shell.nn("explain", line, "--memory", "--json").out().strip());
    assertTrue(
        plan.orElseThrow() instanceof Json.Members members
            && members.get("buffers").orElseThrow() instanceof Json.Items(var buffers)
            && !buffers.isEmpty());
    fails(2, "--batch needs --memory", "explain", line, "--batch", "3");
    fails(2, "--size needs --memory", "explain", line, "--size", "T=3");
    fails(2, "--batch is at least 1", "profile", line, "--batch", "0");
    fails(1, "there is no program named steps", "profile", line, "--program", "steps");
    fails(2, "do not go together", "explain", line, "--memory", "--after", "schedule");
    fails(2, "a size is at least 1", "explain", line, "--memory", "--size", "T=0");
    fails(1, "there is elaborate, stabilise", "explain", line, "--after", "parse");
    fails(1, "there is no program named steps", "explain", line, "--program", "steps");
    fails(1, "there is no train named Nope", "explain", line, "Nope");
  }

  @Test
  void docListsTheLibraryAndShowsADeclaration() {
    var all = shell.nn("doc").out();
    assertTrue(all.contains("\n  Dense ") && all.contains("\n  relu "), all);
    assertTrue(shell.nn("doc", "Dense").out().startsWith("layer Dense("));
    assertTrue(shell.nn("doc", Shell.example("digits.nn")).out().contains("Baseline"));
    shell.nn("doc", "--json").out().lines().forEach(CommandsTest::json);
    fails(1, "did you mean relu?", "doc", "rel");
  }

  @Test
  void dataIsListedAndSaysWhatToDoWhereItIsNot() {
    var list = shell.nn("data", "list");
    assertTrue(list.out().contains("fashion-mnist"), list.out());
    shell.nn("data", "list", "--json").out().lines().forEach(CommandsTest::json);
    fails(1, "did you mean fashion-mnist?", "data", "get", "fashon-mnist");
  }

  @Test
  void newMakesAProjectThatTrains() {
    assertEquals(
        "made @First/first.nn and its data; train it with: nn train @First/first.nn\n",
        shell.nn("new", "@First").out());
    assertEquals(0, shell.nn("check", "@First/first.nn").status());
    var trained = shell.nn("train", "@First/first.nn", "--epochs", "2", "--out", "@out");
    assertEquals(0, trained.status(), trained.toString());
    fails(1, "it exists already; nothing was changed", "new", "@First");
    fails(1, "its name is empty", "new", "");
  }
}
