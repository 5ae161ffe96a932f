package dev.nnlang.compiler.induction;

import dev.nnlang.compiler.elaborate.Stack;
import dev.nnlang.compiler.induction.Stretches.Item;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;

/** A list of a program whose items have names that say which copy they belong to. */
final class Named {
  private static final int NONE = -1;

  private final Stack stack;
  private final List<Numbered> names = new ArrayList<>();
  private final List<Places> places = new ArrayList<>();
  private final int[] next;
  private final Copy[] copies;

  /** Whether an item does for the next copy what another does, as far as names do not say it. */
  interface Likeness {
    boolean isNext(int item, int other);
  }

  /**
   * Which of equal items it is: two are the same item of the whole program, if this is the same.
   *
   * @param first the first of all copies that are written out
   * @param number how many copies further it is
   */
  record Copy(int first, int number) {}

  Named(List<String> texts, Stack stack, Likeness likeness) {
    this.stack = stack;
    this.next = new int[texts.size()];
    this.copies = new Copy[texts.size()];
    var numbers = new HashMap<String, Integer>();
    for (var text : texts) {
      if (numbers.put(text, numbers.size()) != null) {
        throw new Irregular("two are called " + text);
      }
      var name = Numbered.of(text, stack);
      names.add(name);
      places.add(Places.of(name));
    }
    for (int item = 0; item < next.length; item++) {
      var name = names.get(item);
      var found = name.isCommon() ? Integer.valueOf(item) : numbers.get(name.next());
      next[item] = found != null && likeness.isNext(item, found) ? found : NONE;
    }
    count();
  }

  private void count() {
    var isFirst = new boolean[next.length];
    Arrays.fill(isFirst, true);
    for (int item = 0; item < next.length; item++) {
      if (next[item] >= 0 && next[item] != item) {
        isFirst[next[item]] = false;
      }
    }
    for (int first = 0; first < next.length; first++) {
      int item = isFirst[first] ? first : NONE;
      for (int number = 0; item >= 0 && copies[item] == null; number++) {
        copies[item] = new Copy(first, number);
        item = next[item];
      }
    }
  }

  /** An item has to do with more copies than its name says. */
  void reaches(int item, Places more) {
    places.set(item, places.get(item).and(more));
  }

  Places places(int item) {
    return places.get(item);
  }

  /** The item of the next copy that is written out; negative, if there is none. */
  int next(int item) {
    return next[item];
  }

  /** Which item of the whole program it is, for the copy of this number in place of the first. */
  Copy copy(int item, int number) {
    var own = copies[item];
    return next[item] == item ? own : new Copy(own.first, own.number + number);
  }

  /** The name of an item of the whole program. */
  String name(Item item) {
    return names.get(item.source()).from(item.number());
  }

  /** The list of the whole program. */
  List<Item> whole() {
    return Stretches.whole(next, places, stack);
  }
}
