package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;

/** How much work a kernel is, as polynomials of the open dimensions. */
public final class Cost {
  private Cost() {}

  /** Arithmetic operations; a transcendental function counts as ten. */
  public static Poly flops(Kernel kernel) {
    return flops(kernel, Outer.NONE);
  }

  /** The same in one round of a recurrence that the kernel belongs to. */
  public static Poly flops(Kernel kernel, Kernel.Recurrence around) {
    return flops(kernel, new Outer(List.of(around.time())));
  }

  private static Poly flops(Kernel kernel, Outer outer) {
    var sum = Poly.ZERO;
    if (kernel instanceof Kernel.Recurrence loop) {
      for (var inner : loop.kernels()) {
        sum = sum.plus(flops(inner, loop));
      }
      return sum.times(loop.time().extent());
    }
    for (var equation : kernel.equations()) {
      sum = sum.plus(points(equation, outer).times(Math.max(1, operations(equation))));
    }
    return sum;
  }

  /**
   * Bytes that a kernel reads and writes, every tensor once, with reals of 32 bits; what is never
   * in memory moves nothing.
   */
  public static Poly bytes(Kernel kernel, Plan plan) {
    var tensors = new LinkedHashSet<Tensor>();
    var own = new HashSet<Tensor>();
    for (var equation : kernel.equations()) {
      own.add(equation.tensor());
      tensors.add(equation.tensor());
      tensors.addAll(Walk.tensors(equation));
    }
    var sum = Poly.ZERO;
    for (var tensor : tensors) {
      boolean inMemory =
          !kernel.local().contains(tensor)
              && (!own.contains(tensor)
                  || plan.lives().containsKey(tensor)
                  || plan.inPlace().containsKey(tensor));
      if (inMemory) {
        sum = sum.plus(bytes(tensor));
      }
    }
    return sum;
  }

  /** Bytes of a tensor in memory, with reals of 32 bits. */
  public static Poly bytes(Tensor tensor) {
    long each = tensor.type() == Type.REAL ? Float.BYTES : Long.BYTES;
    return Poly.product(tensor.shape()).times(each);
  }

  /** How often an equation's body is evaluated. */
  static Poly points(Equation equation) {
    return points(equation, Outer.NONE);
  }

  private static Poly points(Equation equation, Outer outer) {
    var factors = new ArrayList<Poly>();
    outer.free(equation.axes()).forEach(a -> factors.add(a.extent()));
    equation.reduced().forEach(a -> factors.add(a.extent()));
    return Poly.product(factors);
  }

  /** What evaluating an equation's body once takes; a function with a polynomial counts as many. */
  public static long operations(Equation equation) {
    long sum = equation.reduction().isPresent() ? 1 : 0;
    for (var node : Walk.nodes(equation)) {
      sum +=
          switch (node.expr()) {
            case Expr.Real _, Expr.Bool _, Expr.Index _, Expr.Read _, Expr.StopGradient _ -> 0;
            case Expr.Binary _, Expr.Compare _, Expr.Select _, Expr.Cast _ -> 1;
            case Expr.Not _, Expr.And _, Expr.Or _ -> 1;
            case Expr.Unary(var op, _) ->
                switch (op) {
                  case NEG, ABS, SIGN, FLOOR, CEIL, ROUND, SQRT -> 1;
                  case EXP, EXPM1, LOG, LOG1P, RSQRT, SIN, COS, TAN -> 10;
                  case TANH, ERF, SIGMOID, SOFTPLUS -> 10;
                };
            case Expr.Draw _ -> 20;
          };
    }
    return sum;
  }
}
