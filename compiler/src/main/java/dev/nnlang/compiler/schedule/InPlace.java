package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds how long every tensor lives, and which updates may write straight into their state: those
 * whose kernel comes after all other readers of the state and itself reads it only at the element
 * that it writes. What is kept in a row ({@link KeptRows}) is in the place of that row's result.
 */
final class InPlace {
  private InPlace() {}

  static Plan plan(Program program, KeptRows.Kept given, List<Saving> savings) {
    var kernels = updatesLast(program, given.kernels());
    var writer = new HashMap<Tensor, Integer>();
    var lastRead = new HashMap<Tensor, Integer>();
    for (int k = 0; k < kernels.size(); k++) {
      for (var equation : kernels.get(k).equations()) {
        writer.put(equation.tensor(), k);
        for (var read : Walk.tensors(equation)) {
          lastRead.put(read, k);
        }
      }
    }
    program.outputs().forEach(o -> lastRead.put(o.tensor(), kernels.size()));
    var inPlace = inPlace(program, kernels, writer, lastRead);
    for (var update : program.updates()) {
      if (!inPlace.containsKey(update.next())) {
        lastRead.put(update.next(), kernels.size());
      }
    }
    var fixed = Fixed.of(program, kernels, inPlace.keySet());
    for (var place : given.places().entrySet()) {
      // Who reads a state still needs what is in the place of its next value.
      if (!inPlace.containsKey(place.getValue())) {
        inPlace.put(place.getKey(), place.getValue());
      }
    }
    for (var kernel : kernels) {
      if (kernel instanceof Kernel.RowBlocks blocks) {
        inPlace.putAll(blocks.inPlace());
      }
    }
    var lives = new LinkedHashMap<Tensor, Plan.Life>();
    for (var kernel : kernels) {
      for (var equation : kernel.equations()) {
        var tensor = equation.tensor();
        if (!inPlace.containsKey(tensor) && !kernel.local().contains(tensor)) {
          int first = writer.get(tensor);
          lives.put(
              tensor,
              fixed.contains(tensor)
                  ? new Plan.Life(0, kernels.size())
                  : new Plan.Life(first, Math.max(first, lastRead.getOrDefault(tensor, first))));
        }
      }
    }
    return new Plan(program, kernels, lives, inPlace, fixed, savings);
  }

  /**
   * Moves behind all others the kernels that only updates need, so that the state they overwrite
   * has been read by then.
   */
  private static List<Kernel> updatesLast(Program program, List<Kernel> kernels) {
    var needed = new HashSet<Tensor>();
    program.outputs().forEach(o -> needed.add(o.tensor()));
    var early = new ArrayList<Kernel>();
    var late = new ArrayList<Kernel>();
    for (var kernel : kernels.reversed()) {
      boolean movable = kernel.equations().stream().noneMatch(e -> needed.contains(e.tensor()));
      (movable ? late : early).add(kernel);
      if (!movable) {
        kernel.equations().forEach(e -> needed.addAll(Walk.tensors(e)));
      }
    }
    var ordered = new ArrayList<>(early.reversed());
    ordered.addAll(late.reversed());
    return ordered;
  }

  private static Map<Tensor, Tensor> inPlace(
      Program program,
      List<Kernel> kernels,
      Map<Tensor, Integer> writer,
      Map<Tensor, Integer> lastRead) {
    var taken = new HashMap<Tensor, Integer>();
    program.updates().forEach(u -> taken.merge(u.next(), 1, Integer::sum));
    var outputs = new HashSet<Tensor>();
    program.outputs().forEach(o -> outputs.add(o.tensor()));
    var inPlace = new LinkedHashMap<Tensor, Tensor>();
    for (var update : program.updates()) {
      var k = writer.get(update.next());
      boolean sole = taken.get(update.next()) == 1 && !outputs.contains(update.next());
      if (k != null
          && sole
          && lastRead.getOrDefault(update.state(), -1) <= k
          && elementwise(kernels.get(k), update)) {
        inPlace.put(update.next(), update.state());
      }
    }
    return inPlace;
  }

  /** Whether writing an element early disturbs no other element of the same kernel. */
  private static boolean elementwise(Kernel kernel, Program.Update update) {
    return switch (kernel) {
      case Kernel.Nest nest -> nest.stages().stream().allMatch(s -> elementwise(s, nest, update));
      case Kernel.Contraction c ->
          !Walk.tensors(c.equation()).contains(update.state())
              && c.epilogue().stream().allMatch(e -> readsOnlyItself(e, update.state()));
      case Kernel.Strip _, Kernel.RowBlocks _, Kernel.Recurrence _, Kernel.Orthogonal _ -> false;
    };
  }

  /** A sweep reads all that it needs of an element before it writes any. */
  private static boolean elementwise(Stage stage, Kernel.Nest nest, Program.Update update) {
    boolean writes =
        Stages.equations(stage).stream().anyMatch(e -> e.tensor().equals(update.next()));
    return switch (stage) {
      case Stage.Compute(var equation, _) ->
          writes && nest.stages().size() == 1
              ? readsOnlyItself(equation, update.state())
              : !writes && !Walk.tensors(equation).contains(update.state());
      case Stage.Sweep sweep ->
          writes
              ? sweep.within().isEmpty()
                  && sweep.equations().stream().allMatch(e -> readsOnlyItself(e, update.state()))
              : sweep.equations().stream().noneMatch(e -> Walk.tensors(e).contains(update.state()));
      case Stage.Time _ -> false;
    };
  }

  private static boolean readsOnlyItself(Equation equation, Tensor state) {
    for (var read : Walk.reads(equation)) {
      if (!read.tensor().equals(state)) {
        continue;
      }
      if (equation.reduction().isPresent()) {
        return false;
      }
      for (int p = 0; p < read.subscripts().size(); p++) {
        boolean own =
            read.subscripts().get(p).expr() instanceof Expr.Index(var value)
                && value.equals(Poly.of(equation.axes().get(p).index()));
        if (!own) {
          return false;
        }
      }
    }
    return true;
  }
}
