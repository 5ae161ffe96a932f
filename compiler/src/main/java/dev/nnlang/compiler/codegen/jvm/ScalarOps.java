package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Expr.Distribution;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.runtime.cpu.ScalarMath;
import dev.nnlang.runtime.math.ErrorFunction;
import org.objectweb.asm.Opcodes;

/** Scalar functions on the operand stack. Arguments are there; each method leaves the result. */
final class ScalarOps {
  private final Code code;
  private final Kind real;

  ScalarOps(KernelScope scope) {
    this.code = scope.code;
    this.real = scope.precision.kind();
  }

  void real(double value) {
    if (real == Kind.FLOAT) {
      code.constant((float) value);
    } else {
      code.constant(value);
    }
  }

  void toDouble() {
    if (real == Kind.FLOAT) {
      code.op(Opcodes.F2D);
    }
  }

  void fromDouble() {
    if (real == Kind.FLOAT) {
      code.op(Opcodes.D2F);
    }
  }

  void unary(UnaryOp op, Type type) {
    if (type == Type.INT) {
      integer(op);
      return;
    }
    switch (op) {
      case NEG -> code.op(real.of(Opcodes.INEG));
      case ABS -> call("abs", 1);
      case SIGN -> call("signum", 1);
      case FLOOR -> inDouble(Abi.math("floor", 1));
      case CEIL -> inDouble(Abi.math("ceil", 1));
      case ROUND -> inDouble(Abi.math("rint", 1));
      case EXP -> inDouble(Abi.math("exp", 1));
      case EXPM1 -> inDouble(Abi.math("expm1", 1));
      case LOG -> inDouble(Abi.math("log", 1));
      case LOG1P -> inDouble(Abi.math("log1p", 1));
      case SQRT -> inDouble(Abi.math("sqrt", 1));
      case RSQRT -> inDouble(own("rsqrt", 1));
      case SIN -> inDouble(Abi.math("sin", 1));
      case COS -> inDouble(Abi.math("cos", 1));
      case TAN -> inDouble(Abi.math("tan", 1));
      case TANH -> inDouble(own("tanh", 1));
      case ERF -> inDouble(Abi.method(ErrorFunction.class, "erf", double.class));
      case SIGMOID -> inDouble(own("sigmoid", 1));
      case SOFTPLUS -> inDouble(own("softplus", 1));
    }
  }

  private void integer(UnaryOp op) {
    switch (op) {
      case NEG -> code.op(Opcodes.LNEG);
      case ABS -> code.call(Abi.method(Math.class, "abs", long.class));
      case SIGN -> {
        code.call(Abi.method(Long.class, "signum", long.class)).op(Opcodes.I2L);
      }
      case FLOOR, CEIL, ROUND -> {}
      case EXP, EXPM1, LOG, LOG1P, SQRT, RSQRT, SIN, COS, TAN, TANH, ERF, SIGMOID, SOFTPLUS ->
          throw new CompilerBug(op + " of an integer");
    }
  }

  void binary(BinaryOp op, Type type) {
    if (type == Type.INT) {
      integer(op);
      return;
    }
    switch (op) {
      case ADD -> code.op(real.of(Opcodes.IADD));
      case SUB -> code.op(real.of(Opcodes.ISUB));
      case MUL -> code.op(real.of(Opcodes.IMUL));
      case DIV -> code.op(real.of(Opcodes.IDIV));
      case MOD -> call(ScalarMath.class, "mod", 2);
      case POW -> call(ScalarMath.class, "pow", 2);
      case MIN -> call("min", 2);
      case MAX -> call("max", 2);
      case ATAN2 -> call(ScalarMath.class, "atan2", 2);
    }
  }

  private void integer(BinaryOp op) {
    switch (op) {
      case ADD -> code.op(Opcodes.LADD);
      case SUB -> code.op(Opcodes.LSUB);
      case MUL -> code.op(Opcodes.LMUL);
      case DIV -> code.call(Abi.FLOOR_DIV);
      case MOD -> code.call(Abi.FLOOR_MOD);
      case POW -> code.call(Abi.method(ScalarMath.class, "pow", long.class, long.class));
      case MIN -> code.call(Abi.method(Math.class, "min", long.class, long.class));
      case MAX -> code.call(Abi.method(Math.class, "max", long.class, long.class));
      case ATAN2 -> throw new CompilerBug("atan2 of integers");
    }
  }

  /** Comparisons with NaN are false, and {@code NE} is true: that picks CMPG or CMPL. */
  void compare(Comparison op, Type type) {
    switch (type) {
      case REAL -> orderReals(code, real, op);
      case INT -> code.op(Opcodes.LCMP);
      case BOOL -> code.op(Opcodes.ISUB);
    }
    leave(code, op);
  }

  /** {@link #compare} of two reals on the stack. */
  static void compareReals(Code code, Kind real, Comparison op) {
    orderReals(code, real, op);
    leave(code, op);
  }

  private static void orderReals(Code code, Kind real, Comparison op) {
    boolean less = op == Comparison.LT || op == Comparison.LE;
    int withNanAsOne = real == Kind.FLOAT ? Opcodes.FCMPG : Opcodes.DCMPG;
    int withNanAsMinusOne = real == Kind.FLOAT ? Opcodes.FCMPL : Opcodes.DCMPL;
    code.op(less ? withNanAsOne : withNanAsMinusOne);
  }

  /** Takes the order of two values, leaves whether the comparison holds. */
  private static void leave(Code code, Comparison op) {
    code.truth(
        switch (op) {
          case LT -> Opcodes.IFLT;
          case LE -> Opcodes.IFLE;
          case GT -> Opcodes.IFGT;
          case GE -> Opcodes.IFGE;
          case EQ -> Opcodes.IFEQ;
          case NE -> Opcodes.IFNE;
        });
  }

  void cast(Type from, Type to) {
    switch (to) {
      case REAL -> {
        switch (from) {
          case REAL -> {}
          case INT -> code.op(real == Kind.FLOAT ? Opcodes.L2F : Opcodes.L2D);
          case BOOL -> code.op(real == Kind.FLOAT ? Opcodes.I2F : Opcodes.I2D);
        }
      }
      case INT -> {
        switch (from) {
          case REAL -> code.op(real == Kind.FLOAT ? Opcodes.F2L : Opcodes.D2L);
          case INT -> {}
          case BOOL -> code.op(Opcodes.I2L);
        }
      }
      case BOOL -> {
        if (from != Type.BOOL) {
          throw new CompilerBug("a cast of a number to a truth value");
        }
      }
    }
  }

  /** On the stack: site, seed, step, example, element (longs), then the arguments (doubles). */
  void draw(Distribution distribution) {
    code.call(Distributions.of(distribution));
    fromDouble();
  }

  /** A function of {@link Math} that exists for floats, too. */
  private void call(String name, int arguments) {
    call(Math.class, name, arguments);
  }

  private void call(Class<?> owner, String name, int arguments) {
    var type = real == Kind.FLOAT ? float.class : double.class;
    code.call(arguments == 1 ? Abi.method(owner, name, type) : Abi.method(owner, name, type, type));
  }

  private static Abi.Target own(String name, int arguments) {
    return arguments == 1
        ? Abi.method(ScalarMath.class, name, double.class)
        : Abi.method(ScalarMath.class, name, double.class, double.class);
  }

  private void inDouble(Abi.Target function) {
    toDouble();
    code.call(function);
    fromDouble();
  }
}
