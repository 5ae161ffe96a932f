package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.jvm.Code.Local;
import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.runtime.cpu.ScalarMath;
import java.util.List;
import org.objectweb.asm.Opcodes;

/**
 * Emits reductions one element after the other. Sums and products of 32-bit reals accumulate in 64
 * bits, which costs nothing here and keeps long sums right.
 */
final class Reductions {
  private final KernelScope scope;
  private final Code code;
  private final Loops loops;
  private final Values values;
  private final ScalarOps ops;

  Reductions(KernelScope scope, Loops loops, Values values) {
    this.scope = scope;
    this.code = scope.code;
    this.loops = loops;
    this.values = values;
    this.ops = new ScalarOps(scope);
  }

  /** Leaves the reduced value, of the type of the equation's tensor. */
  void value(Equation equation) {
    var reduction = equation.reduction().orElseThrow();
    var type = equation.body().type();
    switch (reduction.kind()) {
      case SUM -> fold(equation, Opcodes.IADD, 0);
      case PROD -> fold(equation, Opcodes.IMUL, 1);
      case MAX -> extreme(equation, "max", Double.NEGATIVE_INFINITY, Long.MIN_VALUE);
      case MIN -> extreme(equation, "min", Double.POSITIVE_INFINITY, Long.MAX_VALUE);
      case ANY -> truth(equation, Opcodes.IOR, 0);
      case ALL -> truth(equation, Opcodes.IAND, 1);
      case ARGMAX -> place(equation, type, "above");
      case ARGMIN -> place(equation, type, "below");
      case LOGSUMEXP -> logSumExp(equation);
    }
  }

  private void fold(Equation equation, int operation, int neutral) {
    if (equation.body().type() == Type.INT) {
      code.constant((long) neutral);
      var sum = code.keep(Kind.LONG);
      each(equation, () -> code.load(sum), () -> code.op(Kind.LONG.of(operation)).store(sum));
      code.load(sum);
      return;
    }
    code.constant((double) neutral);
    var sum = code.keep(Kind.DOUBLE);
    each(
        equation,
        () -> code.load(sum),
        () -> {
          ops.toDouble();
          code.op(Kind.DOUBLE.of(operation)).store(sum);
        });
    code.load(sum);
    ops.fromDouble();
  }

  private void extreme(Equation equation, String function, double real, long integer) {
    var kind = scope.kind(equation.body().type());
    if (kind == Kind.LONG) {
      code.constant(integer);
    } else {
      ops.real(real);
    }
    var best = code.keep(kind);
    var java =
        switch (kind) {
          case LONG -> long.class;
          case FLOAT -> float.class;
          case DOUBLE -> double.class;
          case INT, REF -> throw new CompilerBug("an extreme of truth values");
        };
    each(
        equation,
        () -> code.load(best),
        () -> code.call(Abi.method(Math.class, function, java, java)).store(best));
    code.load(best);
  }

  private void truth(Equation equation, int operation, int neutral) {
    code.constant(neutral);
    var all = code.keep(Kind.INT);
    each(equation, () -> code.load(all), () -> code.op(operation).store(all));
    code.load(all);
  }

  /** The first extreme; a NaN is beyond everything, and the first NaN wins (LR-35). */
  private void place(Equation equation, Type type, String test) {
    var kind = scope.kind(type);
    var index = scopeIndexOf(equation);
    code.constant(-1L);
    var where = code.keep(Kind.LONG);
    zero(kind);
    var best = code.keep(kind);
    var value = code.local(kind);
    var java = kind == Kind.LONG ? long.class : double.class;
    each(
        equation,
        () -> {},
        () -> {
          code.store(value);
          code.load(where);
          asWide(value, kind);
          asWide(best, kind);
          code.call(Abi.method(ScalarMath.class, test, long.class, java, java));
          code.ifThen(
              () -> {
                code.load(value).store(best);
                new Polys(scope).asLong(index);
                code.store(where);
              });
        });
    code.load(where);
  }

  private static Poly scopeIndexOf(Equation equation) {
    return Poly.of(equation.reduced().getFirst().index());
  }

  private void asWide(Local local, Kind kind) {
    code.load(local);
    if (kind == Kind.FLOAT) {
      code.op(Opcodes.F2D);
    }
  }

  private void zero(Kind kind) {
    if (kind == Kind.LONG) {
      code.constant(0L);
    } else {
      ops.real(0);
    }
  }

  /** {@code max + log(sum(exp(x - max)))}, in two passes; -inf of nothing or of only -inf. */
  private void logSumExp(Equation equation) {
    code.constant(Double.NEGATIVE_INFINITY);
    var max = code.keep(Kind.DOUBLE);
    each(
        equation,
        () -> code.load(max),
        () -> {
          ops.toDouble();
          code.call(Abi.math("max", 2)).store(max);
        });
    code.constant(0.0);
    var sum = code.keep(Kind.DOUBLE);
    each(
        equation,
        () -> code.load(sum),
        () -> {
          ops.toDouble();
          code.load(max).op(Opcodes.DSUB).call(Abi.math("exp", 1)).op(Opcodes.DADD).store(sum);
        });
    code.load(max).load(sum);
    code.call(Abi.method(ScalarMath.class, "logSumExp", double.class, double.class));
    ops.fromDouble();
  }

  /** Loops over the reduced axes and, where the guard holds, puts the body on the stack. */
  private void each(Equation equation, Runnable before, Runnable after) {
    var reduction = equation.reduction().orElseThrow();
    axes(equation, reduction, reduction.axes(), before, after);
  }

  private void axes(
      Equation equation, Reduction reduction, List<Axis> left, Runnable before, Runnable after) {
    if (!left.isEmpty()) {
      scope.enter();
      hoist(equation, reduction, left);
      loops.over(
          left.getFirst(),
          () -> axes(equation, reduction, left.subList(1, left.size()), before, after));
      scope.leave();
      return;
    }
    scope.enter();
    if (isTrue(reduction)) {
      before.run();
      values.value(equation.body());
      after.run();
    } else {
      values.value(reduction.guard());
      code.ifThen(
          () -> {
            before.run();
            values.value(equation.body());
            after.run();
          });
    }
    scope.leave();
  }

  /**
   * Only the guard is certain to be evaluated, or the body where there is no guard; and only if the
   * loops run at all.
   */
  private void hoist(Equation equation, Reduction reduction, List<Axis> left) {
    if (left.stream().allMatch(a -> Loops.isNeverEmpty(a.extent()))) {
      values.hoist(isTrue(reduction) ? equation.body() : reduction.guard(), Loops.indices(left));
    }
  }

  private static boolean isTrue(Reduction reduction) {
    return reduction.guard().expr() instanceof Expr.Bool(var value) && value;
  }
}
