package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds sums along rows of large matrices, as those of attention, which need not be in memory:
 * {@link LargeValues} says which, {@link StripSum} what is added up of them.
 *
 * <p>Sums share a kernel if they have scores in common, run along the same side of them, and none
 * waits for another; or if all but a largest value are relative to that ({@link Relative}).
 */
final class Strips {
  static final Strips NONE = new Strips();

  private final Map<Tensor, Kernel> kernels = new HashMap<>();
  private final Map<Tensor, StripDraft> drafts = new HashMap<>();
  private final Map<Tensor, Equation> definitions = new HashMap<>();
  private final Set<Tensor> large = new HashSet<>();

  private Strips() {}

  /**
   * Those of a program.
   *
   * @param groups recurrences, and single equations, each after what it reads
   * @param wanted what must be in memory at the end
   */
  static Strips of(
      List<List<Equation>> groups, Set<Tensor> wanted, Products products, Nodes nodes) {
    var strips = new Strips();
    var single = new ArrayList<Equation>();
    var others = new ArrayList<Equation>();
    for (var group : groups) {
      (Copies.isRecurrence(group) ? others : single).addAll(group);
      group.forEach(e -> strips.definitions.put(e.tensor(), e));
    }
    var values = LargeValues.of(single, others, wanted, products, nodes);
    strips.large.addAll(values.scores().keySet());
    single.stream().map(Equation::tensor).filter(values::has).forEach(strips.large::add);
    var all = new ArrayList<StripDraft>();
    var near = new HashMap<Tensor, List<StripDraft>>();
    for (var equation : single) {
      values
          .sum(equation.tensor())
          .ifPresent(s -> strips.add(s, values, all, near, products, nodes));
    }
    var needed = new HashSet<>(wanted);
    for (var group : strips.groups(wanted, groups)) {
      group.stream().filter(e -> !strips.has(e)).forEach(e -> needed.addAll(Walk.tensors(e)));
    }
    all.forEach(d -> needed.addAll(d.read()));
    var computed = new HashSet<Tensor>();
    for (var draft : all) {
      var strip = draft.kernel(needed, computed);
      var kernel =
          products.choices().matrices() == Choices.Matrices.IN_PIECES
              ? strip
              : StripRows.of(strip, products.choices(), nodes);
      draft.tensors().forEach(t -> strips.kernels.put(t, kernel));
    }
    return strips;
  }

  private void add(
      StripSum sum,
      LargeValues values,
      List<StripDraft> all,
      Map<Tensor, List<StripDraft>> near,
      Products products,
      Nodes nodes) {
    var tensor = sum.equation().tensor();
    var asked = new LinkedHashSet<StripDraft>();
    sum.places().keySet().forEach(s -> asked.addAll(near.getOrDefault(s, List.of())));
    StripDraft home = null;
    for (var draft : asked) {
      if (home == null && joins(sum, draft, values, nodes)) {
        home = draft;
      }
    }
    if (home == null) {
      home = new StripDraft(sum, values.scores(), products, nodes);
      all.add(home);
    }
    drafts.put(tensor, home);
    for (var score : home.scored()) {
      var there = near.computeIfAbsent(score, _ -> new ArrayList<>());
      if (!there.contains(home)) {
        there.add(home);
      }
    }
  }

  private boolean joins(StripSum given, StripDraft draft, LargeValues values, Nodes nodes) {
    if (reaches(draft.read(), Set.of(given.equation().tensor()))) {
      return false;
    }
    var between = new HashMap<Tensor, Equation>();
    for (var leaf : given.leaves(values.scores())) {
      if (isBetween(leaf, draft)) {
        between.put(leaf, definitions.get(leaf));
      }
    }
    var sum = given.written(between, nodes);
    var leaves = sum.leaves(values.scores());
    boolean waits = leaves.removeAll(draft.tensors());
    if (reaches(leaves, draft.tensors())) {
      return false;
    }
    return waits ? draft.takesRelative(sum) : draft.takesBeside(sum);
  }

  /** Whether a value is made of what such a kernel has at the end of a row. */
  private boolean isBetween(Tensor tensor, StripDraft draft) {
    var equation = definitions.get(tensor);
    return equation != null
        && equation.reduction().isEmpty()
        && !Walk.tensors(equation).contains(tensor)
        && !Collections.disjoint(Walk.tensors(equation), draft.tensors());
  }

  /** Whether what these tensors are made of are some of those, as kernels come together so far. */
  private boolean reaches(Collection<Tensor> from, Set<Tensor> those) {
    var seen = new HashSet<>(from);
    var open = new ArrayList<>(seen);
    while (!open.isEmpty()) {
      var next = open.removeLast();
      if (those.contains(next)) {
        return true;
      }
      var draft = drafts.get(next);
      var equation = definitions.get(next);
      var read =
          draft != null
              ? draft.read()
              : equation == null ? Set.<Tensor>of() : Walk.tensors(equation);
      for (var tensor : read) {
        if (seen.add(tensor)) {
          open.add(tensor);
        }
      }
    }
    return false;
  }

  private boolean has(Equation equation) {
    return drafts.containsKey(equation.tensor());
  }

  /** The kernel that computes an equation, if it is one of these. */
  Optional<Kernel> of(Equation equation) {
    return Optional.ofNullable(kernels.get(equation.tensor()));
  }

  /** What must be there before an equation is computed. */
  Collection<Tensor> reads(Equation equation) {
    var draft = drafts.get(equation.tensor());
    return draft == null ? Walk.tensors(equation) : draft.read();
  }

  /** All that such kernels read. */
  Set<Tensor> read() {
    var read = new HashSet<Tensor>();
    drafts.values().forEach(d -> read.addAll(d.read()));
    return read;
  }

  /** Whether equations need each other, and no such kernel computes them. */
  boolean isRecurrence(List<Equation> group) {
    return of(group.getFirst()).isEmpty() && Copies.isRecurrence(group);
  }

  /** Equations in an order in which they can run, those of one kernel as one group. */
  List<List<Equation>> groups(Collection<Tensor> roots, Map<Tensor, Equation> equations) {
    var left = new HashMap<>(equations);
    left.keySet().removeAll(large);
    return Dependences.equations(
        roots,
        left,
        equation -> {
          var draft = drafts.get(equation.tensor());
          if (draft == null) {
            return Walk.tensors(equation);
          }
          // Each reads the others, so that they come together.
          var read = new LinkedHashSet<>(draft.tensors());
          read.addAll(draft.read());
          return read;
        });
  }

  /** Groups that were in such an order, without what is no longer computed. */
  List<List<Equation>> groups(Collection<Tensor> roots, List<List<Equation>> given) {
    return drafts.isEmpty() ? given : groups(roots, definitions);
  }
}
