package dev.nnlang.compiler.induction;

import dev.nnlang.runtime.cpu.Step;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * The same steps on other tensors.
 *
 * @param slot of a tensor, for its slot
 * @param text of what is said about it
 */
record Renaming(IntUnaryOperator slot, UnaryOperator<String> text) {
  Step of(Step step) {
    return of(step, 0);
  }

  /**
   * @param loops around the step, whose indices come first in the tables of its code
   */
  private Step of(Step step, int loops) {
    return switch (step) {
      case Step.Fixed(var once) -> new Step.Fixed(of(once, loops));
      case Step.Nest(var code, var items, var nanos, var what) ->
          new Step.Nest(of(code, loops), items, nanos, text.apply(what));
      case Step.Loop(var number, var rounds, var backwards, var body) ->
          new Step.Loop(
              number, rounds, backwards, body.stream().map(s -> of(s, loops + 1)).toList());
      case Step.Product(
              var left,
              var right,
              var kept,
              var result,
              var direct,
              var batch,
              var rows,
              var columns,
              var depth,
              var what) ->
          new Step.Product(
              of(left, loops),
              of(right, loops),
              kept,
              of(result, loops),
              direct.isPresent()
                  ? OptionalInt.of(slot.applyAsInt(direct.getAsInt()))
                  : OptionalInt.empty(),
              batch,
              rows,
              columns,
              depth,
              text.apply(what));
    };
  }

  private Step.Factor of(Step.Factor factor, int loops) {
    return new Step.Factor(
        of(factor.pack(), loops),
        factor
            .places()
            .map(
                p ->
                    new Step.InPlace(
                        slot.applyAsInt(p.slot()),
                        of(p.batch(), loops),
                        of(p.side(), loops),
                        of(p.terms(), loops))));
  }

  private Step.Code of(Step.Code code, int loops) {
    int[] slots = code.slots().clone();
    for (int i = loops; i < slots.length; i++) {
      slots[i] = slot.applyAsInt(slots[i]);
    }
    return new Step.Code(code.number(), slots);
  }
}
