package dev.nnlang.compiler.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.DocText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The page of every declaration of the library has the form that grammar/README.md, section 4,
 * describes: what it computes, every default with where it comes from, a source, an example.
 */
class PageFormTest {
  /** A year of a paper or a book, a definition, or the library whose thing it is. */
  private static final Pattern ORIGIN =
      Pattern.compile("\\b(1[6-9]|20)\\d\\d\\b|\\bthe definition\\b|\\b(PyTorch|Keras)\\b");

  /** A year behind which no title stands. */
  private static final Pattern UNTITLED = Pattern.compile("\\b(1[6-9]|20)\\d\\d\\b(?!\\s\\()");

  @Test
  void everyPageIsWhole() {
    var pages = Page.all();
    assertTrue(pages.size() > 150, "the library is there: " + pages.size());
    assertEquals(List.of(), missing(pages));
  }

  /** What the test above says of a page that lacks something. */
  @Test
  void whatIsMissingIsSaid() {
    var broken =
        """
        fn bare : x = x

        /// Half of x, `y = x / 2`.
        ///
        ///     fn f : x = halved(x)
        fn halved(by = 2.0) : x = x / by

        /// Scaled.
        /// Defaults: `by` 2 as in PyTorch.
        /// Source: somebody.
        ///
        ///     fn f : x = scaled(x)
        layer Scaled(by = 2.0, more = 3.0) : x, start ?? 0 -> y {
            y = by * more * x + start
        }

        /// Source: the definition.
        dim Way { up, down }

        /// Whole, and says nothing of `by`, which has no default.
        /// Source: Newton 1687.
        ///
        ///     fn f : x = whole(3)(x)
        fn whole(by) : x = by * x
        """;
    assertEquals(
        List.of(
            "bare: no text that says what it computes",
            "bare: no line that begins with `Source:`",
            "bare: no example, indented by four blanks",
            "halved: no line that begins with `Source:`",
            "halved: `Defaults:` does not name `by`",
            "Scaled: `Source:` names no year, no definition and no library: somebody.",
            "Scaled: `Defaults:` does not name `more`",
            "Scaled: `Defaults:` does not name `start`",
            "Scaled: the example does not use it",
            "Way: no text that says what it computes",
            "Way: no example, indented by four blanks",
            "whole: `Source:` has a year without a title behind it in parentheses: Newton 1687."),
        missing(Page.of(new SourceFile("broken.nn", broken))));
  }

  private static List<String> missing(List<Page> pages) {
    var missing = new ArrayList<String>();
    for (var page : pages) {
      missing(page).forEach(what -> missing.add(page.name() + ": " + what));
    }
    return missing;
  }

  private static List<String> missing(Page page) {
    var missing = new ArrayList<String>();
    var text = page.text();
    if (text.parts().stream().noneMatch(DocText.Paragraph.class::isInstance)) {
      missing.add("no text that says what it computes");
    }
    var source = text.fact(DocText.SOURCE);
    if (source.isEmpty()) {
      missing.add("no line that begins with `Source:`");
    } else if (!ORIGIN.matcher(source.get()).find()) {
      missing.add("`Source:` names no year, no definition and no library: " + source.get());
    } else if (UNTITLED.matcher(source.get()).find()) {
      missing.add("`Source:` has a year without a title behind it in parentheses: " + source.get());
    }
    var defaults = text.fact(DocText.DEFAULTS).orElse("");
    for (var name : page.function().map(PageFormTest::withDefault).orElse(List.of())) {
      if (!defaults.contains("`" + name + "`")) {
        missing.add("`Defaults:` does not name `" + name + "`");
      }
    }
    if (page.example().isEmpty()) {
      missing.add("no example, indented by four blanks");
    } else if (!Pattern.compile("\\b" + page.name() + "\\b").matcher(page.example()).find()) {
      missing.add("the example does not use it");
    }
    return missing;
  }

  /** The config and the inputs that a use may leave out. */
  private static List<String> withDefault(Ast.Function f) {
    var names = new ArrayList<String>();
    for (var config : f.configs()) {
      config.fallback().ifPresent(_ -> names.add(config.name().text()));
    }
    for (var input : f.inputs()) {
      input.absent().ifPresent(_ -> names.add(input.name().text()));
    }
    return names;
  }
}
