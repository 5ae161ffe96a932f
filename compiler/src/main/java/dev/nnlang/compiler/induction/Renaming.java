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
      case Step.Nest nest -> of(nest, loops);
      case Step.Loop(var number, var rounds, var backwards, var examples, var body) ->
          new Step.Loop(
              number,
              rounds,
              backwards,
              examples,
              body.stream().map(s -> of(s, loops + 1)).toList());
      case Step.Product product -> of(product, loops);
      case Step.RowBlocks(
              var scores,
              var nest,
              var sums,
              var held,
              var windows,
              var batch,
              var rows,
              var columns) -> {
        // A nest that leaves columns out takes the ends of those it looks at from its table.
        int ends = held.any().isEmpty() ? loops : loops + 2;
        yield new Step.RowBlocks(
            scores.stream().map(p -> of(p, loops)).toList(),
            nest.map(n -> of(n, ends)),
            sums.stream().map(p -> of(p, loops)).toList(),
            held,
            windows.stream().map(slot::applyAsInt).sorted().toList(),
            batch,
            rows,
            columns);
      }
    };
  }

  private Step.Nest of(Step.Nest nest, int loops) {
    return new Step.Nest(
        of(nest.code(), loops), nest.items(), nest.nanos(), text.apply(nest.what()));
  }

  private Step.Product of(Step.Product product, int loops) {
    var direct = product.direct();
    return new Step.Product(
        of(product.left(), loops),
        of(product.right(), loops),
        product.kept(),
        of(product.result(), loops),
        direct.isPresent() ? OptionalInt.of(slot.applyAsInt(direct.getAsInt())) : direct,
        product.batch(),
        product.rows(),
        product.columns(),
        product.depth(),
        text.apply(product.what()));
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
