package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.runtime.problem.ProblemCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Every problem of data, training and model folders has a page, and every such page a problem. */
class RunTimePagesTest {
  private static final Path PAGES = Path.of("src/main/resources/dev/nnlang/compiler/explain");

  @Test
  void everyCodeHasItsPage() throws Exception {
    for (var code : ProblemCode.values()) {
      var page = Files.readString(PAGES.resolve(code.code() + ".md"));
      assertTrue(page.startsWith("# " + code.code() + ": "), code.code());
    }
  }

  @Test
  void everyPageHasItsCode() throws Exception {
    var codes = Arrays.stream(ProblemCode.values()).map(c -> c.code() + ".md").sorted().toList();
    try (var pages = Files.list(PAGES)) {
      var names =
          pages
              .map(p -> p.getFileName().toString())
              .filter(n -> n.startsWith("E08") || n.startsWith("W08"));
      assertEquals(codes, names.sorted().toList());
    }
  }
}
