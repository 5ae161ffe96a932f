package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.jvm.Code.Local;
import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.schedule.Access;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Stage;
import dev.nnlang.compiler.schedule.Tail;
import dev.nnlang.compiler.schedule.Walk;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;

/**
 * Emits a sweep: a loop over whole vectors of a run and, where one is left over, a part of one. A
 * sum is added up vector by vector, or every fourth where nothing else is computed beside, and its
 * lanes by fours at the end, so the association follows from sizes alone; sums over several loops
 * are sums of sums.
 */
final class SweepEmitter {
  /** A loop of at least as many terms has a sum of its own. */
  private static final int OWN_SUM = 16;

  private final KernelScope scope;
  private final Code code;
  private final Polys polys;
  private final VectorCode vectors;
  private final Stage.Sweep sweep;
  private final Set<Tensor> local;
  private final Values scalars;
  private final Local memory;
  private final NextRows next;
  private final Map<Equation, Local> totals = new HashMap<>();

  /**
   * For one sweep.
   *
   * @param next where the rows are that it reads ahead
   */
  SweepEmitter(KernelScope scope, Stage.Sweep sweep, Set<Tensor> local, NextRows next) {
    this.scope = scope;
    this.code = scope.code;
    this.polys = new Polys(scope);
    this.vectors = VectorCode.of(scope);
    this.sweep = sweep;
    this.local = local;
    this.next = next;
    var roots = new ArrayList<Node>();
    sweep.equations().forEach(e -> roots.addAll(Walk.roots(e)));
    this.scalars = new Values(scope, roots);
    this.memory = vectors.memory();
  }

  /** Over the whole run, or as much of it as somebody outside says. */
  void emit() {
    if (scope.hasIndex(Kernel.RowBlocks.FIRST)) {
      emit(scope.index(Kernel.RowBlocks.FIRST), scope.index(Kernel.RowBlocks.END));
      return;
    }
    code.constant(0);
    var from = code.keep(Kind.INT);
    polys.asInt(Poly.product(sweep.run().stream().map(Axis::extent).toList()));
    emit(from, code.keep(Kind.INT));
  }

  /** Over a part of the run: whole vectors, up to the run's end. */
  void emit(Local from, Local to) {
    var along = sweep.equations().stream().filter(sweep::isAlong).toList();
    for (var equation : along) {
      totals.put(equation, neutral(kind(equation)));
    }
    scope.enter();
    around(sweep.around(), from, to);
    scope.leave();
    for (var equation : along) {
      var kind = kind(equation);
      vectors.fold(
          switch (kind) {
            case SUM -> "sum";
            case PROD -> "product";
            case MAX -> "max";
            case MIN -> "min";
            default -> throw noLanes(kind);
          },
          totals.get(equation),
          memory);
      var result = code.keep(scope.precision.kind());
      scope.know(ownRead(equation), result);
      if (!local.contains(equation.tensor())) {
        code.load(scope.array(equation.tensor()));
        scalars.address(equation.tensor(), Access.placeAt(equation.tensor(), equation.axes()));
        code.load(result).op(scope.precision.kind().arrayStore);
      }
    }
  }

  private static Reduction.Kind kind(Equation equation) {
    return equation.reduction().orElseThrow().kind();
  }

  private static CompilerBug noLanes(Reduction.Kind kind) {
    return new CompilerBug("no lanes for " + kind);
  }

  private Local neutral(Reduction.Kind kind) {
    return vectors.constant(
        switch (kind) {
          case SUM -> 0;
          case PROD -> 1;
          case MAX -> Double.NEGATIVE_INFINITY;
          case MIN -> Double.POSITIVE_INFINITY;
          case ANY, ALL, ARGMAX, ARGMIN, LOGSUMEXP -> throw noLanes(kind);
        });
  }

  private static String operation(Reduction.Kind kind) {
    return switch (kind) {
      case SUM -> "add";
      case PROD -> "mul";
      case MAX -> "max";
      case MIN -> "min";
      case ANY, ALL, ARGMAX, ARGMIN, LOGSUMEXP -> throw noLanes(kind);
    };
  }

  /** The node by which others read an equation's value at its own place. */
  private Node ownRead(Equation equation) {
    return scope.nodes().readAt(equation.tensor(), equation.axes());
  }

  // Loops.

  private void around(List<Axis> left, Local from, Local to) {
    if (left.isEmpty()) {
      run(from, to);
      return;
    }
    hoistScalars(left);
    new Loops(scope)
        .over(
            left.getFirst(),
            () -> {
              scope.enter();
              around(left.subList(1, left.size()), from, to);
              scope.leave();
            });
  }

  /** The sums of this pass over the run are added to the totals at its end. */
  private void run(Local from, Local to) {
    var before = new HashMap<>(totals);
    boolean parts = !sweep.around().isEmpty();
    if (parts) {
      totals.replaceAll((equation, _) -> neutral(kind(equation)));
    }
    hoistScalars(List.of());
    code.load(from);
    var index = code.keep(Kind.INT);
    sweep.run().forEach(a -> scope.index(a.index(), index));
    var axes = new HashSet<Axis>();
    for (var equation : sweep.equations()) {
      axes.addAll(equation.axes());
      axes.addAll(equation.reduced());
    }
    var lanes = new LaneValues(scope, scalars, vectors, axes, sweep.run(), index, memory);
    for (var equation : sweep.equations()) {
      Walk.roots(equation).forEach(root -> lanes.hoist(root, sweep.within()));
      if (!sweep.isAlong(equation) && !local.contains(equation.tensor())) {
        lanes.hoist(
            equation.tensor(), Access.placeAt(equation.tensor(), equation.axes()), sweep.within());
      }
    }
    abreast(lanes, axes, index, to);
    if (isShorterThan(1)) {
      tail(lanes, index, to);
    } else if (hasTail() && sweep.tail() == Tail.MASKED) {
      allMasked(lanes, index, to);
    } else {
      wholeThenTail(lanes, index, to);
    }
    if (parts) {
      before.forEach(
          (equation, total) ->
              vectors.set(
                  total, vectors.apply(operation(kind(equation)), total, totals.get(equation))));
      totals.putAll(before);
    }
  }

  /** The body written once, in the lanes that exist. */
  private void allMasked(LaneValues lanes, Local index, Local to) {
    code.whileBelow(
        index,
        to,
        () -> {
          lanes.tail(vectors.before(index, to, false));
          readAhead(index);
          body(lanes);
          code.advance(index, vectors.lanes());
        });
  }

  /** The body written twice: for whole vectors, and for what is left over. */
  private void wholeThenTail(LaneValues lanes, Local index, Local to) {
    code.load(to).constant(vectors.lanes() - 1).op(Opcodes.ISUB);
    var end = code.keep(Kind.INT);
    code.whileBelow(
        index,
        end,
        () -> {
          readAhead(index);
          body(lanes);
          code.advance(index, vectors.lanes());
        });
    if (hasTail()) {
      tail(lanes, index, to);
    }
  }

  private void readAhead(Local index) {
    if (!sweep.ahead().isEmpty()) {
      next.read(index);
    }
  }

  /** What is left over, or a run that never fills a vector. */
  private void tail(LaneValues lanes, Local index, Local to) {
    code.load(index).load(to).op(Opcodes.ISUB).truth(Opcodes.IFLT);
    code.ifThen(
        () -> {
          lanes.tail(vectors.before(index, to, true));
          body(lanes);
        });
  }

  /** Sums, several vectors at a time: their additions do not wait for each other. */
  private void abreast(LaneValues first, Set<Axis> axes, Local index, Local to) {
    int count = sweep.abreast();
    // Of a loop that goes round once HotSpot leaves a total in its box.
    if (count == 1 || isShorterThan(sweep.within().isEmpty() ? 2 * count : count)) {
      return;
    }
    var own = new ArrayList<Map<Equation, Local>>();
    own.add(totals);
    if (sweep.within().isEmpty()) {
      for (int v = 1; v < count; v++) {
        own.add(new HashMap<>());
        sweep.equations().forEach(e -> own.getLast().put(e, neutral(kind(e))));
      }
    }
    code.load(to).constant(count * vectors.lanes() - 1).op(Opcodes.ISUB);
    var end = code.keep(Kind.INT);
    code.whileBelow(
        index,
        end,
        () -> {
          scope.enter();
          var all = new ArrayList<LaneValues>();
          all.add(first);
          for (int v = 1; v < count; v++) {
            code.load(index).constant(v * vectors.lanes()).op(Opcodes.IADD);
            var at = code.keep(Kind.INT);
            all.add(new LaneValues(scope, scalars, vectors, axes, sweep.run(), at, memory));
          }
          if (sweep.within().isEmpty()) {
            along(all, own);
          } else {
            sums(all);
          }
          code.advance(index, count * vectors.lanes());
          scope.leave();
        });
    together(own);
  }

  /** One round of several vectors, each added to totals of its own. */
  private void along(List<LaneValues> abreast, List<Map<Equation, Local>> totals) {
    for (int v = 0; v < abreast.size(); v++) {
      abreast.get(v).focus();
      for (var equation : sweep.equations()) {
        accumulate(abreast.get(v), equation, totals.get(v).get(equation));
      }
    }
    abreast.getFirst().focus();
  }

  /** Adds totals in pairs to the first ones. */
  private void together(List<Map<Equation, Local>> totals) {
    for (int step = 1; step < totals.size(); step *= 2) {
      for (int v = 0; v + step < totals.size(); v += 2 * step) {
        for (var equation : sweep.equations()) {
          var total = totals.get(v).get(equation);
          var other = totals.get(v + step).get(equation);
          vectors.set(total, vectors.apply(operation(kind(equation)), total, other));
        }
      }
    }
  }

  private boolean isShorterThan(int count) {
    var length = Poly.product(sweep.run().stream().map(Axis::extent).toList()).constant();
    return length.isPresent() && length.getAsLong() < (long) count * vectors.lanes();
  }

  private boolean hasTail() {
    if (vectors.lanes() == 1) {
      return false;
    }
    var length = Poly.product(sweep.run().stream().map(Axis::extent).toList()).constant();
    return length.isEmpty() || length.getAsLong() % vectors.lanes() != 0;
  }

  private void hoistScalars(List<Axis> left) {
    var pending = new ArrayList<>(left);
    pending.addAll(sweep.run());
    pending.addAll(sweep.within());
    if (!pending.stream().allMatch(a -> Loops.isNeverEmpty(a.extent()))) {
      return;
    }
    var indices = Loops.indices(pending);
    for (var equation : sweep.equations()) {
      // Of a guarded reduction only the guard is certain to be evaluated.
      boolean guarded =
          equation
              .reduction()
              .map(r -> !(r.guard().expr() instanceof Expr.Bool(var value) && value))
              .orElse(false);
      scalars.hoist(
          guarded ? equation.reduction().orElseThrow().guard() : equation.body(), indices);
    }
  }

  // One vector.

  private void body(LaneValues lanes) {
    scope.enter();
    if (!sweep.within().isEmpty()) {
      sums(List.of(lanes));
    } else {
      var stored = new ArrayList<Runnable>();
      for (var equation : sweep.equations()) {
        equation.origin().span().ifPresent(span -> code.line(span.line()));
        if (sweep.isAlong(equation)) {
          accumulate(lanes, equation, totals.get(equation));
        } else {
          var value = lanes.value(equation.body());
          lanes.know(ownRead(equation), value);
          stored.add(() -> store(lanes, equation, value));
        }
      }
      // All is read before anything is written, which may be in the same place.
      stored.forEach(Runnable::run);
    }
    scope.leave();
  }

  private void store(LaneValues lanes, Equation equation, Local value) {
    if (!local.contains(equation.tensor())) {
      lanes.store(equation.tensor(), Access.placeAt(equation.tensor(), equation.axes()), value);
    }
  }

  /** Adds an equation's body to a total, in the lanes in which its guard holds. */
  private void accumulate(LaneValues lanes, Equation equation, Local total) {
    var guard = equation.reduction().orElseThrow().guard();
    if (guard.expr() instanceof Expr.Bool(var value) && value) {
      add(lanes, equation, total);
    } else if (lanes.varies(guard)) {
      lanes.under(lanes.mask(guard), () -> add(lanes, equation, total));
    } else {
      scope.enter();
      scalars.value(guard);
      code.ifThen(() -> add(lanes, equation, total));
      scope.leave();
    }
  }

  private void add(LaneValues lanes, Equation equation, Local total) {
    scope.enter();
    var value = lanes.value(equation.body());
    var kind = kind(equation);
    var active = lanes.active();
    var counted = active == null ? value : vectors.blend(neutral(kind), value, active);
    vectors.set(total, vectors.apply(operation(kind), total, counted));
    scope.leave();
  }

  /** Each lane is a sum of its own, over the loops within. */
  private void sums(List<LaneValues> abreast) {
    var results = neutrals(abreast);
    within(abreast, sweep.within(), results);
    for (int v = 0; v < abreast.size(); v++) {
      for (int e = 0; e < sweep.equations().size(); e++) {
        store(abreast.get(v), sweep.equations().get(e), results.get(v).get(e));
      }
    }
  }

  /** For each vector, for each equation: the start of a sum. */
  private List<List<Local>> neutrals(List<LaneValues> abreast) {
    var neutrals = new ArrayList<List<Local>>();
    for (int v = 0; v < abreast.size(); v++) {
      neutrals.add(sweep.equations().stream().map(e -> neutral(kind(e))).toList());
    }
    return neutrals;
  }

  private void within(List<LaneValues> abreast, List<Axis> left, List<List<Local>> totals) {
    scope.enter();
    if (left.isEmpty()) {
      for (int v = 0; v < abreast.size(); v++) {
        abreast.get(v).focus();
        for (int e = 0; e < sweep.equations().size(); e++) {
          accumulate(abreast.get(v), sweep.equations().get(e), totals.get(v).get(e));
        }
      }
      abreast.getFirst().focus();
      scope.leave();
      return;
    }
    hoistWithin(left);
    for (var equation : sweep.equations()) {
      Walk.roots(equation).forEach(root -> abreast.getFirst().hoist(root, left));
    }
    var deeper = left.subList(1, left.size());
    boolean parts = !deeper.isEmpty() && !isShort(deeper);
    new Loops(scope)
        .over(
            left.getFirst(),
            () -> {
              if (!parts) {
                within(abreast, deeper, totals);
                return;
              }
              var own = neutrals(abreast);
              within(abreast, deeper, own);
              for (int v = 0; v < own.size(); v++) {
                for (int e = 0; e < sweep.equations().size(); e++) {
                  var operation = operation(kind(sweep.equations().get(e)));
                  var total = totals.get(v).get(e);
                  vectors.set(total, vectors.apply(operation, total, own.get(v).get(e)));
                }
              }
            });
    scope.leave();
  }

  private static boolean isShort(List<Axis> axes) {
    var length = Poly.product(axes.stream().map(Axis::extent).toList()).constant();
    return length.isPresent() && length.getAsLong() < OWN_SUM;
  }

  private void hoistWithin(List<Axis> pending) {
    if (!pending.stream().allMatch(a -> Loops.isNeverEmpty(a.extent()))) {
      return;
    }
    Set<Atom> indices = Loops.indices(pending);
    indices.addAll(Loops.indices(sweep.run()));
    for (var equation : sweep.equations()) {
      var guard = equation.reduction().orElseThrow().guard();
      boolean always = guard.expr() instanceof Expr.Bool(var value) && value;
      scalars.hoist(always ? equation.body() : guard, indices);
    }
  }
}
