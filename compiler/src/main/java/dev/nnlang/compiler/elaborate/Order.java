package dev.nnlang.compiler.elaborate;

import java.util.ArrayList;
import java.util.List;

/**
 * Where in the source something stands: the ordinals of the calls that lead to it and its own. What
 * the rules say of "the first" and "the order of the uses" (LR-18, LR-33) is this order, whatever
 * order the work is done in.
 */
record Order(List<Integer> ordinals) implements Comparable<Order> {
  static final Order START = new Order(List.of());

  Order {
    ordinals = List.copyOf(ordinals);
  }

  Order at(int ordinal) {
    var deeper = new ArrayList<>(ordinals);
    deeper.add(ordinal);
    return new Order(deeper);
  }

  @Override
  public int compareTo(Order other) {
    int common = Math.min(ordinals.size(), other.ordinals.size());
    for (int i = 0; i < common; i++) {
      int order = Integer.compare(ordinals.get(i), other.ordinals.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(ordinals.size(), other.ordinals.size());
  }
}
