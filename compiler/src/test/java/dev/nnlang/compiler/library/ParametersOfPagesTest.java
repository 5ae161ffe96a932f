package dev.nnlang.compiler.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.stdlib.StandardLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** LR-81: the page of each declaration of the library lists the parameters that it owns. */
class ParametersOfPagesTest {
  private static final Pattern DECLARATION =
      Pattern.compile(
          "^(?<page>(?:///[^\\n]*\\n)*)layer (?<name>\\w+)(?<body>.*?)(?=^(?:///|[a-z])|\\z)",
          Pattern.MULTILINE | Pattern.DOTALL);

  private static final Pattern PARAMETER = Pattern.compile("^ +param (\\w+)", Pattern.MULTILINE);

  @Test
  void everyParameterIsOnItsPage() {
    var missing = new ArrayList<String>();
    int seen = 0;
    for (var file : StandardLibrary.files()) {
      var declaration = DECLARATION.matcher(file.text());
      while (declaration.find()) {
        var page = declaration.group("page");
        var owned = PARAMETER.matcher(declaration.group("body"));
        while (owned.find()) {
          seen++;
          var listed = Pattern.compile("`" + owned.group(1) + "(\\[[^`]*)?`");
          if (!listed.matcher(page).find()) {
            missing.add(declaration.group("name") + "/" + owned.group(1));
          }
        }
      }
    }
    assertTrue(seen > 40, "the library has parameters: " + seen);
    assertEquals(List.of(), missing);
  }
}
