package dev.nnlang.compiler.induction;

import dev.nnlang.runtime.cpu.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which steps use which slots. */
final class Uses {
  private final List<List<Integer>> slots = new ArrayList<>();
  private final int[] first;
  private final int[] last;
  private final int[] steps;

  private Uses(int count) {
    this.first = new int[count];
    this.last = new int[count];
    this.steps = new int[count];
    Arrays.fill(first, -1);
    Arrays.fill(last, -1);
  }

  /**
   * The uses.
   *
   * @param count of slots
   */
  static Uses of(List<Step> steps, int count) {
    var uses = new Uses(count);
    steps.forEach(uses::add);
    return uses;
  }

  private void add(Step step) {
    int number = slots.size();
    var its = new ArrayList<Integer>();
    new Renaming(
            slot -> {
              if (last[slot] != number) {
                its.add(slot);
                steps[slot]++;
                first[slot] = first[slot] < 0 ? number : first[slot];
                last[slot] = number;
              }
              return slot;
            },
            text -> text)
        .of(step);
    slots.add(its);
  }

  /** The slots of a step, each once. */
  List<Integer> of(int step) {
    return slots.get(step);
  }

  /** The first step that uses a slot; negative, if none does. */
  int first(int slot) {
    return first[slot];
  }

  /** The last; negative, if none does. */
  int last(int slot) {
    return last[slot];
  }

  /** How many steps use a slot. */
  int count(int slot) {
    return steps[slot];
  }
}
