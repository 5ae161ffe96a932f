package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pages of problems that arise when a program runs or a file is opened show files, {@code
 * ```csv points.csv}, and commands, {@code ```console} with lines {@code $ nn ...}. They are made
 * and run here, from the top of the page; under the last command stands the problem that it really
 * reports. {@code -Dcases=update} rewrites that.
 */
class PageExamplesTest {
  private static final Path PAGES = Path.of("src/main/resources/dev/nnlang/compiler/explain");

  private static final Pattern AT_RUN_TIME = Pattern.compile("E0[89].*|E0613");

  /** What no file and no command brings about everywhere. */
  private static final Set<String> WITHOUT =
      Set.of(
          // A disk that fails, permissions that the tests' user may not have, too little memory.
          "E0903",
          // A tensor that no test machine holds.
          "E0825",
          // A figure that there is not: the compiler has found it before; TrainerTest has it.
          "E0853",
          // Devices that a machine may not have.
          "E0881",
          "E0882",
          "E0883",
          "E0884",
          "E0885",
          // A network; DataGetTest has it.
          "E0909");

  private static final Pattern BLOCK =
      Pattern.compile(
          "^```(?<kind>\\w+)(?: (?<file>\\S+))?\\n(?<text>.*?)^```$",
          Pattern.MULTILINE | Pattern.DOTALL);

  @TempDir private Path folders;

  private static Stream<Path> pages() {
    try (Stream<Path> files = Files.list(PAGES)) {
      return files.filter(f -> AT_RUN_TIME.matcher(code(f)).matches()).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String code(Path page) {
    return page.getFileName().toString().replace(".md", "");
  }

  @TestFactory
  Stream<DynamicTest> commandsSayWhatThePageShows() {
    return pages().map(page -> DynamicTest.dynamicTest(code(page), () -> compare(page)));
  }

  private void compare(Path page) throws IOException {
    var text = Files.readString(page);
    var code = code(page);
    var shell = new Shell(Files.createDirectories(folders.resolve(code)));
    var shown = new StringBuilder();
    var blocks = BLOCK.matcher(text);
    int end = 0;
    boolean isFound = false;
    while (blocks.find()) {
      if (blocks.group("file") != null) {
        shell.file(blocks.group("file"), bytes(blocks.group("kind"), blocks.group("text")));
      } else if (blocks.group("kind").equals("console")) {
        var console = console(blocks.group("text"), shell);
        isFound |= console.contains("[" + code + "]");
        shown.append(text, end, blocks.start("text")).append(console);
        end = blocks.end("text");
      }
    }
    shown.append(text.substring(end));
    if ("update".equals(System.getProperty("cases"))) {
      Files.writeString(page, shown);
    } else {
      assertEquals(shown.toString(), text, page.toString());
    }
    assertEquals(!WITHOUT.contains(code), isFound, "a command gives " + code);
  }

  private static byte[] bytes(String kind, String text) {
    return kind.equals("hex")
        ? HexFormat.of().parseHex(text.replaceAll("\\s", ""))
        : text.getBytes(StandardCharsets.UTF_8);
  }

  /** The commands as they stand, and what the last one says. */
  private static String console(String block, Shell shell) {
    var commands = block.lines().filter(line -> line.startsWith("$ ")).toList();
    assertTrue(!commands.isEmpty(), "a console shows a command");
    Shell.Ended ended = null;
    for (var command : commands) {
      ended = shell.nn(words(command).toArray(String[]::new));
    }
    // Where else a file may lie is different on each machine.
    var places = Pattern.compile("^   = note: expected the file in .*\n", Pattern.MULTILINE);
    var said =
        places.matcher(ended.err()).replaceAll("").replace("@", "").replace(Shell.HOME + "/", "");
    return String.join("\n", commands) + "\n" + said;
  }

  /** Paths in the folder begin with {@code @}; those of the examples are the project's. */
  private static List<String> words(String command) {
    var words = new ArrayList<String>();
    for (var word : command.substring("$ nn ".length()).split(" ")) {
      words.add(
          word.startsWith("examples/")
              ? Shell.HOME.resolve(word).toString()
              : word.matches("[\\w./-]+\\.\\w+|[\\w]+/|@.*") ? "@" + word : word);
    }
    return words;
  }
}
