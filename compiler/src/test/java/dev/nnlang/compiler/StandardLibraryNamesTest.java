package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.stdlib.StandardLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The compiler knows no layer, loss, activation, optimizer, metric, schedule or initialiser by
 * name: no Java source names one, in an identifier or in a string. Comments may.
 *
 * <p>Names are compared by their words, so that {@code LEAKY_RELU}, {@code leakyRelu} and {@code "a
 * leaky_relu"} are all found.
 */
class StandardLibraryNamesTest {

  /**
   * Names of the library that are ordinary words of mathematics or programming, and scalar
   * functions of the language whose activation has the same name. Each line here is a hole in the
   * test: add only a word that a reader would never take for the library's.
   */
  private static final Set<String> ORDINARY =
      Set.of(
          "identity",
          "constant",
          "exponential",
          "polynomial",
          "flatten",
          "concat", // of lists and streams
          "norm",
          "zeros",
          "ones",
          "dense",
          "cosine",
          "precision", // of reals: 32 or 64 bits
          "l1", // a cache
          "l2");

  /** Scalar functions belong to the language; an activation that is merely one has its name. */
  private static final Set<String> SCALAR_FUNCTIONS =
      Arrays.stream(UnaryOp.values())
          .map(function -> function.name().toLowerCase(Locale.ROOT))
          .collect(Collectors.toUnmodifiableSet());

  private static final Pattern DECLARATION =
      Pattern.compile(
          "(?m)^(?:layer|loss|optimizer|activation|metric|schedule|init|fn)\\s+([A-Za-z]\\w*)");

  /** Comments, to be skipped, then text blocks, strings, characters and identifiers. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?s)//[^\\n]*|/\\*.*?\\*/"
              + "|(?<text>\"\"\".*?(?<!\\\\)\"\"\"|\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])+'"
              + "|[A-Za-z_$][\\w$]*)");

  private static final Pattern WORD = Pattern.compile("[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*");

  @Test
  void noSourceNamesADeclarationOfTheLibrary() throws IOException {
    List<String> names = declarations();
    assertTrue(names.size() > 50, () -> "too few declarations were read: " + names);
    List<String> found = new ArrayList<>();
    for (Path file : sources()) {
      Matcher token = TOKEN.matcher(Files.readString(file));
      while (token.find()) {
        if (token.group("text") != null) {
          String words = words(token.group("text"));
          names.stream()
              .filter(name -> words.contains(' ' + name + ' '))
              .forEach(
                  name ->
                      found.add(file.getFileName() + " names '" + name + "': " + token.group()));
        }
      }
    }
    assertEquals(List.of(), found);
  }

  @Test
  void namesAreFoundHoweverTheyAreWritten() {
    assertEquals(" leaky relu ", words("leaky_relu"));
    assertEquals(" leaky relu kernel ", words("LeakyReluKernel"));
    assertEquals(" leaky relu ", words("LEAKY_RELU"));
    assertEquals(" conv2 d ", words("Conv2d"));
    assertEquals(" adam w ", words("AdamW"));
    assertEquals(" a relu of x ", words("\"a relu of x\""));
    Matcher token = TOKEN.matcher("/* relu */ \"\"\"\n relu \"quoted\" \"\"\" // relu\n relu");
    List<String> texts = new ArrayList<>();
    while (token.find()) {
      if (token.group("text") != null) {
        texts.add(words(token.group("text")));
      }
    }
    assertEquals(List.of(" relu quoted ", " relu "), texts);
  }

  private static List<String> declarations() {
    Set<String> names = new TreeSet<>();
    for (StandardLibrary.SourceFile file : StandardLibrary.files()) {
      Matcher declaration = DECLARATION.matcher(file.text());
      while (declaration.find()) {
        String name = declaration.group(1).toLowerCase(Locale.ROOT);
        if (!ORDINARY.contains(name) && !SCALAR_FUNCTIONS.contains(name)) {
          names.add(words(declaration.group(1)).strip());
        }
      }
    }
    return List.copyOf(names);
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String root : List.of("src/main/java", "../runtime/src/main/java")) {
      try (Stream<Path> tree = Files.walk(Path.of(root))) {
        tree.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    return sources;
  }

  /** The words of a text in lower case, one space before and after each. */
  private static String words(String text) {
    StringBuilder words = new StringBuilder(" ");
    Matcher word = WORD.matcher(text);
    while (word.find()) {
      words.append(word.group().toLowerCase(Locale.ROOT)).append(' ');
    }
    return words.toString();
  }
}
