package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The schedules of one plan that learn: they have inputs, which are results of its epochs, or
 * states, which move when an epoch has ended. Each use in the text is one, however many parameters
 * its rate is for.
 */
public final class Schedules {
  private final Results results;
  private final Map<Span, String> paths = new HashMap<>();
  private final Map<String, Typed.Call> calls = new LinkedHashMap<>();

  /**
   * @param results what they may be fed
   */
  public Schedules(Results results) {
    this.results = results;
  }

  /** Whether a schedule depends on more than the step. */
  static boolean learns(Ast.Function schedule) {
    return !schedule.inputs().isEmpty()
        || schedule.body() instanceof Ast.Block block && hasState(block);
  }

  private static boolean hasState(Ast.Block block) {
    return block.statements().stream()
        .anyMatch(
            s ->
                s instanceof Ast.State
                    || s instanceof Ast.If i
                        && (hasState(i.then())
                            || i.otherwise().filter(Schedules::hasState).isPresent()));
  }

  Results results() {
    return results;
  }

  /** Where the states of a use lie; no parameter's path has such a front. */
  String path(Span use, String name) {
    var known = paths.get(use);
    if (known == null) {
      known = "optimizer/schedule." + name;
      for (int k = 2; paths.containsValue(known); k++) {
        known = "optimizer/schedule." + name + "_" + k;
      }
      paths.put(use, known);
    }
    return known;
  }

  void found(Typed.Call call) {
    calls.putIfAbsent(call.instance().path(), call);
  }

  /** Every use that was met, in that order. */
  public List<Typed.Call> calls() {
    return List.copyOf(calls.values());
  }
}
