package dev.nnlang.compiler.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The editor colours exactly the words that the parser treats as more than names. */
class TextMateGrammarTest {

  private static final Path GRAMMAR =
      Path.of("..", "vscode-extension", "syntaxes", "nn.tmLanguage.json");

  /**
   * The grammar writes the words of the language, and nothing else, as groups that capture: {@code
   * (if|then|else)}. Functions stand in groups that do not: {@code (?:sum|max)}.
   */
  private static final Pattern GROUP_OF_WORDS = Pattern.compile("\\(([a-z]+(?:\\|[a-z]+)*)\\)");

  @Test
  void editorAndParserKnowTheSameWords() throws IOException {
    Set<String> parsed = new TreeSet<>(Keywords.reserved());
    parsed.addAll(Keywords.declaring());
    parsed.add("on"); // of "train Name : Model on Data", a word there only

    Set<String> coloured = new TreeSet<>();
    Matcher group = GROUP_OF_WORDS.matcher(Files.readString(GRAMMAR));
    while (group.find()) {
      coloured.addAll(Arrays.asList(group.group(1).split("\\|")));
    }
    assertEquals(parsed, coloured);
  }
}
