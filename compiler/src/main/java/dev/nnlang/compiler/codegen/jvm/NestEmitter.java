package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.jvm.Code.Local;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Access;
import dev.nnlang.compiler.schedule.Direction;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Stage;
import dev.nnlang.compiler.schedule.Walk;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;

/** Emits a loop nest, for the work items {@code from} up to {@code to}. */
final class NestEmitter {
  private final KernelScope scope;
  private final Code code;
  private final Loops loops;
  private final Polys polys;
  private final List<Stage.Time> times = new ArrayList<>();
  private Set<Tensor> local = Set.of();
  private NextRows next;

  NestEmitter(KernelScope scope) {
    this.scope = scope;
    this.code = scope.code;
    this.loops = new Loops(scope);
    this.polys = new Polys(scope);
  }

  void emit(Kernel.Nest nest, Local from, Local to) {
    local = nest.local();
    next = new NextRows(scope, nest);
    if (nest.block() > 1) {
      blocks(nest, from, to);
    } else {
      code.load(from);
      var item = code.keep(Kind.INT);
      code.upTo(
          item,
          to,
          () -> {
            scope.enter();
            split(nest.parallel(), item);
            next.find(item, to);
            stages(nest.stages());
            scope.leave();
          });
      next.end();
    }
  }

  /** Work items are parts of the one run of all stages. */
  private void blocks(Kernel.Nest nest, Local from, Local to) {
    code.load(to).constant(nest.block()).op(Opcodes.IMUL);
    polys.asInt(Poly.product(nest.run().stream().map(Axis::extent).toList()));
    code.call(Abi.MIN_INT);
    var end = code.keep(Kind.INT);
    code.load(from).constant(nest.block()).op(Opcodes.IMUL);
    var start = code.keep(Kind.INT);
    for (var single : nest.parallel()) {
      code.constant(0);
      scope.index(single.index(), code.keep(Kind.INT));
    }
    for (var stage : nest.stages()) {
      new SweepEmitter(scope, (Stage.Sweep) stage, local, next).emit(start, end);
    }
  }

  /** Finds the parallel indices from the number of a work item, the last one fastest. */
  private void split(List<Axis> axes, Local item) {
    if (axes.size() == 1) {
      scope.index(axes.getFirst().index(), item);
      return;
    }
    var rest = code.local(Kind.INT);
    if (!axes.isEmpty()) {
      code.load(item).store(rest);
    }
    for (var axis : axes.reversed()) {
      code.load(rest);
      polys.asInt(axis.extent());
      code.op(Opcodes.IREM);
      scope.index(axis.index(), code.keep(Kind.INT));
      code.load(rest);
      polys.asInt(axis.extent());
      code.op(Opcodes.IDIV).store(rest);
    }
  }

  private void stages(List<Stage> stages) {
    stages.forEach(this::stage);
  }

  private void stage(Stage stage) {
    switch (stage) {
      case Stage.Compute compute -> guarded(compute);
      case Stage.Sweep sweep -> new SweepEmitter(scope, sweep, local, next).emit();
      case Stage.Time time -> time(time);
    }
  }

  private void time(Stage.Time time) {
    polys.asInt(time.extents().getFirst());
    for (var extent : time.extents().subList(1, time.extents().size())) {
      polys.asInt(extent);
      code.call(Abi.MAX_INT);
    }
    times.add(time);
    switch (time.direction()) {
      case Direction.FORWARD -> {
        var end = code.keep(Kind.INT);
        code.constant(0);
        var index = code.keep(Kind.INT);
        scope.index(time.index(), index);
        code.upTo(index, end, () -> stages(time.stages()));
      }
      case Direction.BACKWARD -> {
        code.op(Opcodes.ICONST_1).op(Opcodes.ISUB);
        var index = code.keep(Kind.INT);
        scope.index(time.index(), index);
        code.downToZero(index, () -> stages(time.stages()));
      }
    }
    times.removeLast();
  }

  /** A time loop may run further than this equation's own axis. */
  private void guarded(Stage.Compute compute) {
    var bounds = new ArrayList<Axis>();
    for (var axis : compute.equation().axes()) {
      for (var time : times) {
        if (time.index().equals(axis.index()) && time.extents().size() > 1) {
          bounds.add(axis);
        }
      }
    }
    bounded(bounds, compute);
  }

  private void bounded(List<Axis> bounds, Stage.Compute compute) {
    if (bounds.isEmpty()) {
      compute(compute);
      return;
    }
    var axis = bounds.getFirst();
    code.load(scope.index(axis.index()));
    polys.asInt(axis.extent());
    code.op(Opcodes.ISUB).truth(Opcodes.IFLT);
    code.ifThen(() -> bounded(bounds.subList(1, bounds.size()), compute));
  }

  private void compute(Stage.Compute compute) {
    var equation = compute.equation();
    equation.origin().span().ifPresent(span -> code.line(span.line()));
    var values = new Values(scope, Walk.roots(equation));
    if (compute.inner().isEmpty() && times.isEmpty()) {
      var result = result(equation, values);
      if (equation.tensor().type() != Type.BOOL) {
        scope.know(scope.nodes().readAt(equation.tensor(), equation.axes()), result);
      }
      if (!local.contains(equation.tensor())) {
        write(equation, values, result);
      }
      return;
    }
    inner(equation, compute.inner(), values);
  }

  private void inner(Equation equation, List<Axis> left, Values values) {
    scope.enter();
    if (left.isEmpty()) {
      store(equation, values);
    } else {
      if (equation.reduction().isEmpty()
          && left.stream().allMatch(a -> Loops.isNeverEmpty(a.extent()))) {
        values.hoist(equation.body(), Loops.indices(left));
      }
      loops.over(left.getFirst(), () -> inner(equation, left.subList(1, left.size()), values));
    }
    scope.leave();
  }

  private void store(Equation equation, Values values) {
    write(equation, values, result(equation, values));
  }

  /** An element's value, as it lies in memory. */
  private Local result(Equation equation, Values values) {
    var tensor = equation.tensor();
    if (equation.reduction().isPresent()) {
      new Reductions(scope, loops, values).value(equation);
    } else {
      values.value(equation.body());
    }
    if (tensor.type() == Type.BOOL) {
      code.op(Opcodes.I2L);
    }
    return code.keep(scope.stored(tensor.type()));
  }

  private void write(Equation equation, Values values, Local result) {
    var tensor = equation.tensor();
    code.load(scope.array(tensor));
    values.address(tensor, Access.placeAt(tensor, equation.axes()));
    code.load(result).op(scope.stored(tensor.type()).arrayStore);
  }
}
