package dev.nnlang.compiler.notation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Names that may be written in a program, for the names of the middle language ({@code Dense_1/w},
 * {@code z#3}). One object serves one declaration, in which all names are distinct.
 */
final class Names {
  private static final Set<String> RESERVED =
      Set.of(
          "if",
          "then",
          "else",
          "and",
          "or",
          "not",
          "true",
          "false",
          "where",
          "use",
          "as",
          "batch",
          "training",
          "params",
          "inf",
          "pi",
          "dim",
          "fn",
          "const",
          "sample",
          "fit",
          "source");

  private final Map<String, String> given = new HashMap<>();
  private final Set<String> taken = new HashSet<>(RESERVED);

  /** Keeps a name from being given out: a function that the text calls. */
  void reserve(String name) {
    taken.add(name);
  }

  /** The name of a tensor: lower case, the same at every call. */
  String tensor(String internal) {
    return given.computeIfAbsent("tensor " + internal, _ -> free(lower(clean(internal))));
  }

  /** The name of an index. Equations share no index, so the same name may serve several. */
  String index(String internal) {
    return given.computeIfAbsent("index " + internal, _ -> free(lower(clean(internal))));
  }

  private String free(String wanted) {
    var name = wanted;
    for (int i = 2; !taken.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  private static String clean(String internal) {
    var text = internal.replace("'", "_next").replaceAll("[^A-Za-z0-9_]+", "_");
    text = text.replaceAll("_+$", "");
    return text.isEmpty() || Character.isDigit(text.charAt(0)) ? "v" + text : text;
  }

  private static String lower(String text) {
    int first = 0;
    while (first < text.length() - 1 && text.charAt(first) == '_') {
      first++;
    }
    return text.substring(0, first)
        + Character.toLowerCase(text.charAt(first))
        + text.substring(first + 1);
  }
}
