package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Origin;
import dev.nnlang.compiler.equation.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The updates of every state in one program. Where one instance is used several times, each use
 * starts from what the use before it in the source left (LR-18).
 */
final class StateUses {
  private record Use(Order order, Optional<Tensor> before, Tensor next) {}

  private final Map<Tensor, List<Use>> uses = new LinkedHashMap<>();

  /**
   * One use.
   *
   * @param before the tensor that the use reads for the state, defined here at the end
   */
  void add(Tensor state, Order order, Optional<Tensor> before, Tensor next) {
    uses.computeIfAbsent(state, _ -> new ArrayList<>()).add(new Use(order, before, next));
  }

  /** Chains the uses and asks for the updates. */
  void finish(Assembly assembly) {
    uses.forEach(
        (state, all) -> {
          var last = state;
          for (var use : all.stream().sorted(Comparator.comparing(Use::order)).toList()) {
            if (use.before().isPresent()) {
              var tensor = use.before().get();
              var axes = assembly.axes(state.shape(), Set.of());
              assembly.add(
                  new Equation(
                      tensor,
                      axes,
                      assembly.read(last, axes),
                      Origin.synthetic(state + " before this use")),
                  use.order());
            }
            last = use.next();
          }
          assembly.update(state, last);
        });
  }
}
