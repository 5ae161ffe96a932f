package dev.nnlang.runtime.data;

import java.util.Arrays;
import java.util.List;

/** Phrases that several messages share. */
final class Messages {
  private Messages() {}

  /** What elements may be. */
  static String elements(Element element) {
    return switch (element) {
      case Element.Real _ -> "a real number";
      case Element.Int _ -> "a whole number";
      case Element.Bool _ -> "0 or 1";
      case Element.Index(var dim, _, var words) when words.isEmpty() ->
          "a whole number, a value of index " + dim;
      case Element.Index(var dim, _, var words) ->
          "one of the words of " + dim + ": " + words(words);
    };
  }

  static String words(List<Element.Word> words) {
    return list(words.stream().map(word -> '"' + word.written() + '"').toList());
  }

  /** At most a dozen of them. */
  static String list(List<String> items) {
    int most = 12;
    return items.size() <= most
        ? String.join(", ", items)
        : String.join(", ", items.subList(0, most)) + ", ... (" + items.size() + " in all)";
  }

  /** A whole number without its {@code .0}. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  static String plural(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /** {@code [60000, 28, 28]}. */
  static String shape(int... shape) {
    return Arrays.toString(shape);
  }
}
