package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.semantics.problem.SemanticProblems;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.SourceText;
import dev.nnlang.compiler.syntax.SyntaxProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The pages of {@code nn explain CODE}: each begins with {@code # CODE: title}, shows a program
 * that really gives the code ({@code ```nn}, or {@code ```hex} for what cannot be written), and,
 * where there is one, the mended program ({@code ```nn mended}), which does not give it.
 */
class ExplainPagesTest {
  private static final Path PAGES = Path.of("src/main/resources/dev/nnlang/compiler/explain");

  private static final Pattern FENCE =
      Pattern.compile("^```(nn|hex|nn mended)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  /** Codes that arise when a program is run or a file opened have pages without a program. */
  private static final Pattern AT_RUN_TIME = Pattern.compile("[EWH]0[89].*|E0613");

  /** What is wrong with a program: all that the compiler finds without running it. */
  private static List<String> codes(byte[] program) {
    var decoded = SourceText.decode("page.nn", program);
    var problems = new ArrayList<Problem>(decoded.problems());
    problems.addAll(CaseProgram.of(decoded.value().text()).check());
    return problems.stream().map(Problem::code).toList();
  }

  private static List<Path> pages() {
    try (Stream<Path> files = Files.list(PAGES)) {
      return files.filter(f -> f.toString().endsWith(".md")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String code(Path page) {
    return page.getFileName().toString().replace(".md", "");
  }

  @TestFactory
  Stream<DynamicTest> programsGiveTheirCode() {
    return pages().stream().map(p -> DynamicTest.dynamicTest(code(p), () -> compare(p)));
  }

  private static void compare(Path page) throws IOException {
    String text = Files.readString(page);
    String code = code(page);
    assertTrue(text.startsWith("# " + code + ": "), "the first line is # " + code + ": title");
    Matcher fence = FENCE.matcher(text);
    int wrong = 0;
    while (fence.find()) {
      List<String> found = codes(program(fence.group(1), fence.group(2)));
      if (fence.group(1).equals("nn mended")) {
        assertFalse(found.contains(code), "the mended program still gives " + code);
      } else {
        wrong++;
        assertTrue(found.contains(code), "the program gives " + found + ", not " + code);
      }
    }
    assertTrue(wrong > 0 || AT_RUN_TIME.matcher(code).matches(), "a page shows a program");
  }

  private static byte[] program(String kind, String text) {
    return kind.equals("hex")
        ? HexFormat.of().parseHex(text.replaceAll("\\s", ""))
        : text.getBytes(StandardCharsets.UTF_8);
  }

  /** By making one of each, with whatever values: the code depends on none of them. */
  @Test
  void everySyntaxProblemHasAPageAndACase() throws ReflectiveOperationException, IOException {
    // Bytes, controls and sizes cannot be written in a case; ScannerTest and ParserTest have them.
    everyOneIsShown(
        SyntaxProblem.class.getPermittedSubclasses(),
        "syntax/messages",
        Set.of("E0101", "E0102", "E0111"));
  }

  @Test
  void everySemanticProblemHasAPageAndACase() throws ReflectiveOperationException, IOException {
    // What is set from outside is in no program.
    everyOneIsShown(SemanticProblems.kinds(), "semantics/messages", Set.of("E0613"));
  }

  private static void everyOneIsShown(Class<?>[] kinds, String folder, Set<String> without)
      throws ReflectiveOperationException, IOException {
    Set<String> codes = new TreeSet<>();
    for (Class<?> kind : kinds) {
      codes.add(((Problem) any(kind)).code());
    }
    assertEquals(kinds.length, codes.size(), "one code each");
    Set<String> explained = new TreeSet<>();
    pages().forEach(page -> explained.add(code(page)));
    StringBuilder cases = new StringBuilder();
    for (Path file :
        Cases.files(Path.of("src/test/resources/dev/nnlang/compiler").resolve(folder))) {
      cases.append(Files.readString(file));
    }
    for (String code : codes) {
      assertTrue(explained.contains(code), () -> "no page for " + code);
      if (!without.contains(code)) {
        assertTrue(cases.toString().contains("[" + code + "]"), "no case shows " + code);
      }
    }
  }

  private static Object any(Class<?> kind) throws ReflectiveOperationException {
    List<Class<?>> types = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    for (RecordComponent component : kind.getRecordComponents()) {
      types.add(component.getType());
      values.add(anyValue(component.getType()));
    }
    var constructor = kind.getDeclaredConstructor(types.toArray(Class<?>[]::new));
    constructor.setAccessible(true);
    return constructor.newInstance(values.toArray());
  }

  private static Object anyValue(Class<?> type) {
    if (type == int.class) {
      return 0;
    }
    if (type == long.class) {
      return 0L;
    }
    if (type == double.class) {
      return 0.0;
    }
    if (type == boolean.class) {
      return false;
    }
    if (type == List.class) {
      return List.of();
    }
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    return type == String.class
        ? ""
        : type == dev.nnlang.compiler.source.Span.class
            ? new SourceFile("a.nn", "").span(0, 0)
            : java.util.Optional.empty();
  }
}
