package dev.nnlang.compiler.induction;

import dev.nnlang.compiler.elaborate.Stack;
import java.util.ArrayList;
import java.util.List;

/**
 * A name, or several in one text, in which numbers of a stack's copies stand.
 *
 * @param parts of the text, without the numbers between them
 * @param places of the copies among those that are written out, one between two parts each
 */
record Numbered(Stack stack, List<String> parts, List<Integer> places) {
  /** Whether no copy has to do with it. */
  boolean isCommon() {
    return places.isEmpty();
  }

  static Numbered of(String text, Stack stack) {
    var parts = new ArrayList<String>();
    var places = new ArrayList<Integer>();
    var path = stack.path() + "/";
    int start = 0;
    int at = text.indexOf(path);
    while (at >= 0) {
      int from = at + path.length();
      int to = from;
      while (to < text.length() && Character.isDigit(text.charAt(to))) {
        to++;
      }
      if (to > from && (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)))) {
        parts.add(text.substring(start, from));
        places.add(place(Integer.parseInt(text, from, to, 10), stack));
        start = to;
      }
      at = text.indexOf(path, to);
    }
    parts.add(text.substring(start));
    return new Numbered(stack, parts, places);
  }

  private static int place(int number, Stack stack) {
    if (number < Stack.END) {
      return number;
    }
    int place = number - stack.missing();
    if (place < Stack.END || place >= Stack.WRITTEN) {
      throw new Irregular("copy " + number + " of " + stack.path() + " is named one by one");
    }
    return place;
  }

  /** The text as the stack of all copies has it, where the copy at place 0 has this number. */
  String from(int number) {
    var text = new StringBuilder(parts.getFirst());
    for (int i = 0; i < places.size(); i++) {
      text.append(places.get(i) + number).append(parts.get(i + 1));
    }
    return text.toString();
  }

  /** The text of the next copy among those that are written out. */
  String next() {
    var text = new StringBuilder(parts.getFirst());
    for (int i = 0; i < places.size(); i++) {
      int place = places.get(i) + 1;
      text.append(place < Stack.END ? place : place + stack.missing()).append(parts.get(i + 1));
    }
    return text.toString();
  }
}
