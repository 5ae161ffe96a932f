package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Access.Along;
import dev.nnlang.compiler.schedule.Space.Member;
import dev.nnlang.compiler.schedule.Space.Role;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Cuts the equations of a space into stages: each joins the first stage after all it needs that has
 * its loops.
 */
final class NestShape {
  /** Values of a run in one work item: enough for many cache lines, few enough to share out. */
  private static final int BLOCK = 4096;

  /**
   * Values that one work item should have: splitting its number into indices costs as much as some.
   */
  private static final int GRAIN = 4096;

  /** Work items that are left over for threads to share. */
  private static final int FEWEST_ITEMS = 64;

  /** The same where each value is itself a sum. */
  private static final int BLOCK_OF_SUMS = 32;

  /**
   * And where there are many such: several vectors side by side, since what the terms of a column
   * are read from lies far apart.
   */
  private static final int WIDE_BLOCK_OF_SUMS = 64;

  private static final int MANY_SUMS = 256;

  /**
   * And where very many are whole work items of these: of 512, whose terms lie 2 KB apart, pieces
   * twice as long take two thirds of the time. 520 take as long as that in pieces of 64.
   */
  private static final int WIDEST_BLOCK_OF_SUMS = 128;

  private static final int VERY_MANY_SUMS = 512;

  /** Instructions in one loop body, which should not run out of registers many times over. */
  private static final int MOST_WEIGHT = 160;

  private final List<Axis> axes;
  private final boolean hasRows;
  private final List<Axis> inner;
  private final Choices choices;
  private final Outer outer;
  private final Nodes nodes;
  private final List<Draft> drafts = new ArrayList<>();
  private final Map<Tensor, Integer> stageOf = new LinkedHashMap<>();
  private final Map<Tensor, Member> members = new LinkedHashMap<>();
  private final Set<String> remarks = new LinkedHashSet<>();

  /** A stage in the making; without a run it is one equation that is not computed in lanes. */
  private static final class Draft {
    final List<Axis> around;
    final List<Axis> run;
    final List<Axis> within;
    final List<Equation> equations = new ArrayList<>();
    int weight;

    Draft(List<Axis> around, List<Axis> run, List<Axis> within) {
      this.around = around;
      this.run = run;
      this.within = within;
    }
  }

  /**
   * A nest over these axes.
   *
   * @param rows how many axes are in front of the rows; absent if only equal places need each other
   */
  NestShape(List<Axis> axes, Optional<Integer> rows, Choices choices, Outer outer, Nodes nodes) {
    this.choices = choices;
    this.axes = axes;
    this.hasRows = rows.isPresent();
    this.inner = axes.subList(rows.orElse(0), axes.size());
    this.outer = outer;
    this.nodes = nodes;
  }

  Kernel.Nest nest(List<Member> given, Set<Tensor> elsewhere) {
    given.forEach(m -> members.put(m.equation().tensor(), m));
    given.forEach(this::place);
    widen();
    var local = new HashSet<Tensor>();
    for (var member : given) {
      if (!elsewhere.contains(member.equation().tensor()) && isLocal(member)) {
        local.add(member.equation().tensor());
      }
    }
    var parallel = parallel();
    int block = isBlocks(parallel) ? block(drafts.getFirst()) : 1;
    return new Kernel.Nest(
        parallel,
        block,
        drafts.stream().map(d -> stage(d, parallel, block)).toList(),
        local,
        String.join("; ", remarks));
  }

  // Stages.

  private void place(Member member) {
    var equation = member.equation();
    var run = Space.lastWide(inner);
    boolean lanes =
        run.isPresent() && member.role() != Role.ROW && choices.takesLanes(member.equation());
    if (!lanes) {
      remarkOn(member);
      add(new Draft(List.of(), List.of(), List.of()), equation);
      return;
    }
    var around = inner.stream().filter(a -> !a.equals(run.get())).toList();
    var within = member.role() == Role.FULL ? equation.reduced() : List.<Axis>of();
    remarkOn(equation, run.get());
    var draft = new Draft(hasRows ? around : List.of(), List.of(run.get()), within);
    int weight = LaneForm.weight(equation);
    for (int s = earliest(equation, draft); s < drafts.size(); s++) {
      var other = drafts.get(s);
      if (hasLoops(other, draft) && other.weight + weight <= MOST_WEIGHT) {
        join(s, within(equation, other.within));
        return;
      }
    }
    add(draft, equation);
  }

  private void add(Draft draft, Equation equation) {
    drafts.add(draft);
    join(drafts.size() - 1, equation);
  }

  private void join(int stage, Equation equation) {
    drafts.get(stage).equations.add(equation);
    drafts.get(stage).weight += LaneForm.weight(equation);
    stageOf.put(equation.tensor(), stage);
    var member = members.get(equation.tensor());
    members.put(equation.tensor(), new Member(equation, member.role()));
  }

  private static boolean hasLoops(Draft a, Draft b) {
    return a.around.equals(b.around)
        && a.run.equals(b.run)
        && extents(a.within).equals(extents(b.within));
  }

  private static List<dev.nnlang.compiler.size.Poly> extents(List<Axis> some) {
    return some.stream().map(Axis::extent).toList();
  }

  /** The equation with the stage's names for what it reduces. */
  private Equation within(Equation equation, List<Axis> names) {
    if (names.isEmpty()) {
      return equation;
    }
    var to = new HashMap<Atom.Index, Axis>();
    equation.axes().forEach(a -> to.put(a.index(), a));
    for (int p = 0; p < names.size(); p++) {
      to.put(equation.reduced().get(p).index(), names.get(p));
    }
    return Rename.equation(equation, to, nodes);
  }

  private int earliest(Equation equation, Draft draft) {
    int earliest = 0;
    var staged = new LaneForm(draft.run).readStaged(equation);
    for (var read : Walk.reads(equation)) {
      var stage = stageOf.get(read.tensor());
      if (stage == null) {
        continue;
      }
      var member = members.get(read.tensor());
      if (outer.isCarried(read, member.equation())) {
        continue;
      }
      boolean together =
          member.role() == Role.FULL
              && member.equation().reduced().isEmpty()
              && draft.within.isEmpty()
              && hasLoops(drafts.get(stage), draft)
              && !staged.contains(read.tensor())
              && nodes.of(read).equals(Space.ownRead(member.equation(), nodes));
      earliest = Math.max(earliest, together ? stage : stage + 1);
    }
    return earliest;
  }

  /** Whether every reader finds the value in a register. */
  private boolean isLocal(Member member) {
    var tensor = member.equation().tensor();
    if (tensor.type() == Type.BOOL) {
      return false;
    }
    var own = Space.ownRead(member.equation(), nodes);
    for (var reader : members.values()) {
      for (var read : Walk.reads(reader.equation())) {
        if (!read.tensor().equals(tensor)) {
          continue;
        }
        boolean near =
            member.role() != Role.FULL
                || stageOf.get(tensor).equals(stageOf.get(reader.equation().tensor()));
        if (!near || !nodes.of(read).equals(own)) {
          return false;
        }
      }
    }
    return true;
  }

  // Loops.

  /** Where all of a nest is one stage of plain values, several axes may be run through as one. */
  private void widen() {
    if (hasRows || drafts.size() != 1 || drafts.getFirst().run.isEmpty()) {
      return;
    }
    var draft = drafts.getFirst();
    if (!draft.within.isEmpty()) {
      return;
    }
    var wide = axes.stream().filter(a -> !a.extent().is(1)).toList();
    for (int first = 0; first < wide.size() - 1; first++) {
      var run = wide.subList(first, wide.size());
      if (draft.equations.stream().allMatch(e -> runsThrough(e, run))) {
        var wider = new Draft(draft.around, run, List.of());
        wider.equations.addAll(draft.equations);
        drafts.set(0, wider);
        return;
      }
    }
  }

  private static boolean runsThrough(Equation equation, List<Axis> run) {
    var form = new LaneForm(run);
    if (Access.along(Access.placeAt(equation.tensor(), equation.axes()), run) != Along.NEIGHBOURS) {
      return false;
    }
    for (var node : Walk.nodes(equation)) {
      if (node.type() != Type.INT && form.varies(node) && form.isStaged(node)) {
        return false;
      }
    }
    return true;
  }

  private List<Axis> parallel() {
    if (hasRows) {
      return axes.subList(0, axes.size() - inner.size());
    }
    var run =
        drafts.stream().filter(d -> !d.run.isEmpty()).findFirst().map(d -> d.run).orElse(List.of());
    if (run.isEmpty() && axes.size() > 1) {
      return axes.subList(0, axes.size() - 1);
    }
    var outside = axes.stream().filter(a -> !run.contains(a)).toList();
    return run.isEmpty() ? outside : outside.subList(0, outside.size() - loops(outside, run));
  }

  /** How many of the axes outside of a short run a work item loops over, the last first. */
  private int loops(List<Axis> outside, List<Axis> run) {
    long sums = drafts.stream().mapToLong(d -> Sizes.typical(d.within)).max().orElse(1);
    int loops = 0;
    for (int next = 1; next < outside.size(); next++) {
      var inside = outside.subList(outside.size() - next, outside.size());
      var left = outside.subList(0, outside.size() - next);
      boolean fits =
          Sizes.typical(run) * sums * Sizes.typical(inside) <= GRAIN
              && Sizes.typical(left) >= FEWEST_ITEMS;
      loops = fits ? next : loops;
    }
    return loops;
  }

  private static int block(Draft draft) {
    if (draft.within.isEmpty()) {
      return BLOCK;
    }
    long sums = Sizes.typical(draft.run);
    boolean fills =
        Poly.product(draft.run.stream().map(Axis::extent).toList()).isConstant()
            && sums % WIDEST_BLOCK_OF_SUMS == 0;
    if (sums >= VERY_MANY_SUMS && fills) {
      return WIDEST_BLOCK_OF_SUMS;
    }
    return sums < MANY_SUMS ? BLOCK_OF_SUMS : WIDE_BLOCK_OF_SUMS;
  }

  private boolean isBlocks(List<Axis> parallel) {
    return !hasRows
        && parallel.stream().allMatch(a -> a.extent().is(1))
        && drafts.stream().allMatch(d -> !d.run.isEmpty());
  }

  private Stage stage(Draft draft, List<Axis> parallel, int block) {
    if (!draft.run.isEmpty()) {
      var around =
          axes.stream().filter(a -> !parallel.contains(a) && !draft.run.contains(a)).toList();
      var sweep =
          new Stage.Sweep(
              hasRows ? draft.around : around, draft.run, draft.within, draft.equations);
      return block == WIDEST_BLOCK_OF_SUMS ? sweep.wide() : sweep;
    }
    var equation = draft.equations.getFirst();
    return new Stage.Compute(
        equation, outer.free(equation.axes()).stream().filter(a -> !parallel.contains(a)).toList());
  }

  // Why not faster.

  private void remarkOn(Member member) {
    var equation = member.equation();
    if (member.role() != Role.ROW && Space.lastWide(inner).isPresent()) {
      remarks.add(
          equation.tensor()
              + " is computed one value at a time: "
              + (equation.tensor().type() != Type.REAL
                  ? "it is no real number"
                  : LaneForm.isLarge(equation)
                      ? "its expression is too large for a vector loop"
                      : "its reduction has no vector form"));
    }
  }

  private void remarkOn(Equation equation, Axis run) {
    var form = new LaneForm(List.of(run));
    for (var node : Walk.nodes(equation)) {
      if (node.type() != Type.INT && form.varies(node) && form.isStaged(node)) {
        remarks.add(
            equation.tensor()
                + " evaluates "
                + node
                + " one value at a time: no vector form along "
                + run.index());
      }
    }
  }
}
