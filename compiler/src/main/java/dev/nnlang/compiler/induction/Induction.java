package dev.nnlang.compiler.induction;

import dev.nnlang.compiler.elaborate.LowTraining;
import dev.nnlang.compiler.elaborate.Stack;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.runtime.cpu.BlockSize;
import dev.nnlang.runtime.cpu.CompiledProgram.Parts;
import dev.nnlang.runtime.program.Signature;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The face of the package: from programs with the ends of stacks to whole ones. */
public final class Induction {
  private Induction() {}

  /** The border of a whole program; empty, if copies are not alike there. */
  public static Optional<Signature> signature(Signature low, LowTraining of) {
    try {
      var signature = low;
      for (var stack : of.stacks()) {
        signature = TallSignature.of(signature, stack);
      }
      return Optional.of(signature);
    } catch (Irregular _) {
      return Optional.empty();
    }
  }

  /**
   * Whether it is worth trying: no equation reads both ends of a stack, nor a copy that is not
   * written out.
   */
  public static boolean isPossible(Program low, LowTraining of) {
    try {
      return of.stacks().stream()
          .allMatch(stack -> low.equations().stream().noneMatch(e -> joinsEnds(e, stack)));
    } catch (Irregular _) {
      return false;
    }
  }

  private static boolean joinsEnds(Equation equation, Stack stack) {
    var places = Places.NONE;
    for (var tensor : Rebuild.tensors(equation)) {
      places = places.and(Places.of(Numbered.of(tensor.name(), stack)));
    }
    return places.first() < Stack.END - 1 && places.last() > Stack.END;
  }

  /**
   * What a whole program is made of; empty, if copies are not alike.
   *
   * @param blocks how it takes examples, given for each of its steps which of the low program's it
   *     is
   */
  public static Optional<Parts> parts(
      Parts low, LowTraining of, Function<List<Integer>, Optional<BlockSize>> blocks) {
    try {
      var parts = low;
      var steps = IntStream.range(0, low.steps().size()).boxed().toList();
      var draws = new HashMap<>(of.draws());
      for (var stack : of.stacks()) {
        var made = TallParts.of(parts, stack, draws);
        parts = made.parts();
        steps = made.steps().stream().map(steps::get).toList();
      }
      return Optional.of(with(parts, blocks.apply(steps)));
    } catch (Irregular _) {
      return Optional.empty();
    }
  }

  private static Parts with(Parts parts, Optional<BlockSize> blocks) {
    return new Parts(
        parts.signature(),
        parts.real(),
        parts.slots(),
        parts.steps(),
        parts.carries(),
        parts.outputs(),
        blocks,
        parts.kernels(),
        parts.movers(),
        parts.tiles(),
        parts.many());
  }
}
