package dev.nnlang.compiler.notation;

import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Names that may be written in a program, for the names of the middle language ({@code Dense_1/w},
 * {@code z#3}). One object serves one declaration, in which all names of tensors are distinct.
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

  private final Map<String, String> tensors = new HashMap<>();
  private final Map<String, String> indices = new HashMap<>();
  private final Set<String> taken = new HashSet<>(RESERVED);
  private final Set<String> takenHere = new HashSet<>();

  /** Keeps a name from being given out: a function that the text calls. */
  void reserve(String name) {
    taken.add(name);
  }

  /** The name of a tensor: lower case, the same at every call. All are asked for before indices. */
  String tensor(String internal) {
    return tensors.computeIfAbsent(internal, _ -> free(lower(clean(internal)), Set.of()));
  }

  /** Indices live in their equation: the next one may use all their names again. */
  void nextEquation() {
    indices.clear();
    takenHere.clear();
  }

  /** The name of an index of this equation, which hides no tensor. */
  String index(String internal) {
    return indices.computeIfAbsent(
        internal,
        _ -> {
          // A number that only tells equations apart says nothing here.
          var name = free(lower(clean(internal.replaceAll("#\\d+$", ""))), takenHere);
          taken.remove(name);
          takenHere.add(name);
          return name;
        });
  }

  /** The name of a dimension: that of the examples is reserved to what sees them all. */
  static String dimension(String internal) {
    return internal.equals("batch") ? "Batch" : internal;
  }

  /** A name for a dimension that is made of others, like the first of them. */
  String dimensionLike(Poly poly) {
    var first =
        poly.variables().stream()
            .filter(Atom.Dim.class::isInstance)
            .map(atom -> dimension(((Atom.Dim) atom).name()))
            .findFirst()
            .orElse("Size");
    return free(first + "_part", Set.of());
  }

  private String free(String wanted, Set<String> more) {
    var name = wanted;
    for (int i = 2; more.contains(name) || !taken.add(name); i++) {
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
