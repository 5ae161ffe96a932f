package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Call;
import dev.nnlang.compiler.semantics.Typed.Variable;
import dev.nnlang.compiler.semantics.TypedWalk;
import dev.nnlang.compiler.semantics.Types;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the real values of one body are computed from: through its equations and, output by output,
 * through the bodies that it calls; and whether a layer that sees the whole batch lies between.
 */
public final class DataFlow {
  /**
   * The variables that values are computed from.
   *
   * @param plain from those of the same example
   * @param mixed from those of other examples, too, with the call that mixes them; empty where the
   *     body itself takes the batch
   */
  record Sources(Set<Variable> plain, Map<Variable, Optional<Call>> mixed) {
    boolean has(Variable variable) {
      return plain.contains(variable) || mixed.containsKey(variable);
    }

    /** Those of them that a body is given. */
    Sources among(Set<Variable> inputs) {
      var some = new Sources(new LinkedHashSet<>(plain), new LinkedHashMap<>(mixed));
      some.plain.retainAll(inputs);
      some.mixed.keySet().retainAll(inputs);
      return some;
    }
  }

  /** What gives a variable: an equation, or one result of a call. */
  private sealed interface Giver {
    record Value(Typed.Expr expr) implements Giver {}

    record OneOf(Call call, int output) implements Giver {}
  }

  /** Something that is still to be followed, and the call behind which it lies that mixes. */
  private record Step(Giver giver, Optional<Optional<Call>> mix) {}

  private final Map<Variable, Giver> definitions = new HashMap<>();
  private final Map<Integer, Sources> outputs = new HashMap<>();
  private final List<Variable> results;
  private final Set<Variable> inputs;
  private final GradientFlow flows;

  /**
   * @param results the body's outputs
   * @param flows finds the flow of a body that is called
   */
  DataFlow(
      List<Typed.Statement> statements,
      List<Variable> results,
      Set<Variable> inputs,
      GradientFlow flows) {
    this.results = results;
    this.inputs = inputs;
    this.flows = flows;
    for (var statement : statements) {
      switch (statement) {
        case Typed.Define define -> {
          if (!define.primed()) {
            definitions.put(define.target(), new Giver.Value(define.value()));
          }
        }
        case Typed.DefineAll all -> {
          for (int i = 0; i < all.targets().size(); i++) {
            int output = i;
            all.targets()
                .get(i)
                .ifPresent(v -> definitions.put(v, new Giver.OneOf(all.call(), output)));
          }
        }
      }
    }
  }

  Set<Variable> inputs() {
    return inputs;
  }

  /** What expressions of this body are computed from. */
  Sources of(List<Typed.Expr> expressions) {
    return from(expressions, Map.of());
  }

  /**
   * What expressions are computed from, some of which lie behind a layer that sees the batch.
   *
   * @param mixed these, with the calls
   */
  Sources from(List<Typed.Expr> expressions, Map<Typed.Expr, Call> mixed) {
    var work = new ArrayDeque<Step>();
    expressions.forEach(x -> work.add(new Step(new Giver.Value(x), Optional.empty())));
    mixed.forEach(
        (x, call) -> work.add(new Step(new Giver.Value(x), Optional.of(Optional.of(call)))));
    return follow(work);
  }

  /** Of one output: the inputs that it is computed from. */
  private Sources output(int output) {
    var known = outputs.get(output);
    if (known == null) {
      var result = results.get(output);
      var work = new ArrayDeque<Step>();
      var whole = new Typed.Whole(result, false, result.type(), result.span());
      work.add(new Step(new Giver.Value(whole), Optional.empty()));
      known = follow(work).among(inputs);
      for (var input : List.copyOf(known.plain)) {
        // An equation that sees the batch may read any of its examples.
        if (seesBatch(input)) {
          known.plain.remove(input);
          known.mixed.putIfAbsent(input, Optional.empty());
        }
      }
      outputs.put(output, known);
    }
    return known;
  }

  private static boolean seesBatch(Variable input) {
    var shape = input.type().shape();
    return !shape.isEmpty() && shape.getFirst().isBatch();
  }

  private Sources follow(ArrayDeque<Step> work) {
    var found = new Sources(new LinkedHashSet<>(), new LinkedHashMap<>());
    while (!work.isEmpty()) {
      var step = work.removeLast();
      switch (step.giver) {
        case Giver.OneOf(var call, int output) -> work.addAll(through(call, output, step.mix));
        case Giver.Value(var x) -> {
          switch (x) {
            case Typed.Whole whole -> {
              var variable = whole.variable();
              boolean isNew =
                  Types.isReal(x)
                      && (step.mix.isEmpty()
                          ? found.plain.add(variable)
                          : found.mixed.putIfAbsent(variable, step.mix.get()) == null);
              if (isNew && definitions.containsKey(variable)) {
                work.add(new Step(definitions.get(variable), step.mix));
              }
            }
            // Held fixed, or of no slope (LR-71).
            case Typed.StopGradient _, Typed.Compare _, Typed.Not _, Typed.And _, Typed.Or _ -> {}
            case Typed.Result result ->
                work.add(new Step(new Giver.OneOf(result.call(), result.output()), step.mix));
            default ->
                TypedWalk.parts(x).forEach(p -> work.add(new Step(new Giver.Value(p), step.mix)));
          }
        }
      }
    }
    return found;
  }

  /** From one result of a call on to the arguments that it is computed from. */
  private List<Step> through(Call call, int output, Optional<Optional<Call>> mix) {
    var body = call.instance().body();
    var sources = flows.of(body).output(output);
    var first = body.inputs().isEmpty() ? null : body.inputs().getFirst();
    // In a chain, what the last copy mixes of the one before holds the others' arguments, too.
    boolean isMixingChain = call.instance().copies() > 1 && sources.mixed.containsKey(first);
    Predicate<Variable> mixes = v -> sources.mixed.containsKey(v) || isMixingChain;
    var steps = new ArrayList<Step>();
    for (int i = 0; i < body.inputs().size(); i++) {
      var input = body.inputs().get(i);
      var argument = new Giver.Value(call.arguments().get(i));
      if (sources.plain.contains(input)) {
        steps.add(new Step(argument, mix));
      }
      if (sources.has(input) && mixes.test(input)) {
        var inner = sources.mixed.getOrDefault(input, sources.mixed.get(first));
        steps.add(new Step(argument, Optional.of(mix.orElse(Optional.of(shown(inner, call))))));
      }
    }
    return steps;
  }

  /** The innermost of the calls that is in a file of the user's. */
  Call shown(Optional<Call> inner, Call call) {
    return inner.filter(c -> flows.isUsers(c.span())).orElse(call);
  }
}
