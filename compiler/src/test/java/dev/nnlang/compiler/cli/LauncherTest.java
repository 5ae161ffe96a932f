package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which JVM the launcher starts for which command: it is run in a folder of its own, where a script
 * stands for {@code java} and prints what it is given.
 */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final String QUICK = "@%s/.ci/jvm-quick.args";
  private static final String USUAL = "@%s/.ci/jvm.args";

  @TempDir private Path folder;
  private Path root;

  @BeforeEach
  void install() throws IOException {
    root = Files.createDirectories(folder.toRealPath().resolve("nnlang"));
    Files.copy(Shell.HOME.resolve("nn"), root.resolve("nn"));
    for (var name : List.of("pom.xml", "grammar", "runtime", "stdlib", "compiler")) {
      Files.createDirectories(root.resolve(name));
    }
    var jdk = Files.createDirectories(root.resolve("jdk").resolve("bin"));
    script(jdk.resolve("java"), "for word; do printf '%s\\n' \"$word\"; done");
    script(jdk.resolve("javac"), "exit 1");
    Files.writeString(root.resolve("jdk").resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    var launcher = Files.createDirectories(root.resolve("compiler/target/launcher"));
    var built = Files.writeString(launcher.resolve("built"), "");
    Files.setLastModifiedTime(built, FileTime.from(Instant.now().plusSeconds(3600)));
    Files.writeString(root.resolve("compiler/target/nn.jar"), "");
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  /** The words that the launcher gives to java. */
  private List<String> java(Map<String, String> environment, String... words) throws IOException {
    var command = new ArrayList<>(List.of(root.resolve("nn").toString()));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    for (var name : List.of("NN_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")) {
      builder.environment().remove(name);
    }
    builder.environment().remove("NN_VECTORS");
    builder.environment().put("JAVA_HOME", root.resolve("jdk").toString());
    builder.environment().putAll(environment);
    var process = builder.directory(root.toFile()).start();
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .toList();
  }

  private List<String> java(String line) throws IOException {
    return java(Map.of(), line.isEmpty() ? new String[0] : line.split(" "));
  }

  private String quick() {
    return QUICK.formatted(root);
  }

  private String usual() {
    return USUAL.formatted(root);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--version",
        "--help",
        "check a.nn",
        "fmt a.nn",
        "doc",
        "data",
        "new folder",
        "diff a.nn relu",
        "draw a.nn",
        "plot runs/A",
        "explain a.nn",
        "predict model --input small.csv",
        "predict model --input=small.csv",
        "predict model --input x=small.csv"
      })
  void whatIsOverAtOnceHasTheQuickOne(String line) throws IOException {
    Files.writeString(root.resolve("small.csv"), "1,2\n");
    var words = java(line);
    assertEquals(quick(), words.getFirst(), words.toString());
    assertTrue(words.contains("-Dnn.launcher=" + root.resolve("nn")), words.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train a.nn",
        "tune a.nn",
        "test runs/A",
        "run a.nn",
        "devices",
        "lsp",
        "profile a.nn",
        "explain a.nn --device",
        "predict model --input small.csv --device opencl",
        "predict model --input small.csv --device=cuda",
        "predict model --input small.csv --interpret",
        "predict model @more",
        "predict model --input large.csv",
        "predict model --input=large.csv",
        "predict model --input=x=large.csv",
        "predict model --input link.csv",
        "predict model --input /dev/stdin"
      })
  void whatComputesHasTheUsualOne(String line) throws IOException {
    Files.writeString(root.resolve("small.csv"), "1,2\n");
    var large = Files.writeString(root.resolve("large.csv"), "1,2,3\n".repeat(4_000_000));
    Files.createSymbolicLink(root.resolve("link.csv"), large);
    var words = java(line);
    assertEquals(usual(), words.getFirst(), words.toString());
    assertFalse(words.stream().anyMatch(w -> w.startsWith("-Dnn.launcher")), words.toString());
  }

  @Test
  void whoeverAsksTheJvmForSomethingHasTheUsualOne() throws IOException {
    var small = new String[] {"predict", "model", "--input", "small.csv"};
    for (var name : List.of("NN_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")) {
      var words = java(Map.of(name, "-Xmx1g -XX:+UseParallelGC"), small);
      assertEquals(usual(), words.getFirst(), name);
    }
    assertEquals(usual(), java(Map.of("NN_VECTORS", "1"), small).getFirst());
    var words = java(Map.of("NN_JAVA_OPTIONS", "-Xmx1g -Dnn.cache="), small);
    assertEquals(quick(), words.getFirst());
    assertTrue(words.containsAll(List.of("-Xmx1g", "-Dnn.cache=")), words.toString());
  }

  @Test
  void eachHasItsOwnCacheIfThereIsOne() throws IOException {
    var launcher = root.resolve("compiler/target/launcher");
    var quick = "-XX:AOTCache=" + launcher.resolve("quick.aot");
    var usual = "-XX:SharedArchiveFile=" + launcher.resolve("usual.jsa");
    assertFalse(java("check").contains(quick));
    Files.writeString(launcher.resolve("quick.aot"), "");
    assertTrue(java("check").contains(quick));
    assertFalse(java("train").contains(usual));
    Files.writeString(launcher.resolve("usual.jsa"), "");
    assertTrue(java("train").contains(usual));
    assertFalse(java("train").contains(quick));
  }

  @Test
  void argumentsArriveAsTheyAre() throws IOException {
    for (var command : List.of("check", "train")) {
      var given = new String[] {command, "a b", "", "*", "$HOME", "it's"};
      var words = java(Map.of(), given);
      int main = words.indexOf(Main.class.getName());
      assertEquals(List.of(given), words.subList(main + 1, words.size()));
    }
  }

  @Test
  void noCacheFolderIsNoProblem() throws IOException {
    var words = java(Map.of("HOME", "", "XDG_CACHE_HOME", ""), "check", "a.nn");
    assertEquals(quick(), words.getFirst());
    assertTrue(words.stream().noneMatch(w -> w.startsWith("-Dnn.cache")), words.toString());
  }
}
