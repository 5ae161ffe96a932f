package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.runtime.tensor.ElementType;

/** How constants and scalar functions are spelled; the functions stand in the prelude. */
final class Words {
  private final ElementType real;

  Words(ElementType real) {
    this.real = real;
  }

  /** A real constant, as the processor would store it. */
  String real(double value) {
    if (Double.isNaN(value)) {
      return "NN_NAN";
    }
    boolean single = real == ElementType.F32;
    double stored = single ? (float) value : value;
    if (Double.isInfinite(stored)) {
      return stored > 0 ? "NN_INF" : "(-NN_INF)";
    }
    var digits = single ? Float.toString((float) value) + "f" : Double.toString(value);
    return digits.startsWith("-") ? "(" + digits + ")" : digits;
  }

  static String whole(long value) {
    return value == Long.MIN_VALUE
        ? "(-0x7fffffffffffffffL - 1)"
        : value < 0 ? "(" + value + "L)" : value + "L";
  }

  static String unary(UnaryOp op, Type type, String x) {
    if (type == Type.INT) {
      return switch (op) {
        case NEG -> "nn_sub(0, " + x + ")";
        case ABS -> "nn_iabs(" + x + ")";
        case SIGN -> "(i64)((%s > 0) - (%s < 0))".formatted(x, x);
        case FLOOR, CEIL, ROUND -> x;
        case EXP, EXPM1, LOG, LOG1P, SQRT, RSQRT, SIN, COS, TAN, TANH, ERF, SIGMOID, SOFTPLUS ->
            throw new CompilerBug(op + " of an integer");
      };
    }
    var function =
        switch (op) {
          case NEG -> "-";
          case ABS -> "nn_abs";
          case SIGN -> "nn_sign";
          case FLOOR -> "nn_floor";
          case CEIL -> "nn_ceil";
          case ROUND -> "nn_round";
          case EXP -> "nn_exp";
          case EXPM1 -> "nn_expm1";
          case LOG -> "nn_log";
          case LOG1P -> "nn_log1p";
          case SQRT -> "nn_sqrt";
          case RSQRT -> "nn_rsqrt";
          case SIN -> "nn_sin";
          case COS -> "nn_cos";
          case TAN -> "nn_tan";
          case TANH -> "nn_tanh";
          case ERF -> "nn_erf";
          case SIGMOID -> "nn_sigmoid";
          case SOFTPLUS -> "nn_softplus";
        };
    return op == UnaryOp.NEG ? "(-" + x + ")" : function + "(" + x + ")";
  }

  static String binary(BinaryOp op, Type type, String x, String y) {
    return type == Type.INT
        ? function(
            switch (op) {
              case ADD -> "nn_add";
              case SUB -> "nn_sub";
              case MUL -> "nn_mul";
              case DIV -> "nn_div";
              case MOD -> "nn_mod";
              case POW -> "nn_ipow";
              case MIN -> "nn_imin";
              case MAX -> "nn_imax";
              case ATAN2 -> throw new CompilerBug("atan2 of integers");
            },
            x,
            y)
        : switch (op) {
          case ADD -> infix("+", x, y);
          case SUB -> infix("-", x, y);
          case MUL -> infix("*", x, y);
          case DIV -> infix("/", x, y);
          case MOD -> function("nn_rmod", x, y);
          case POW -> function("nn_pow", x, y);
          case MIN -> function("nn_min", x, y);
          case MAX -> function("nn_max", x, y);
          case ATAN2 -> function("nn_atan2", x, y);
        };
  }

  private static String infix(String sign, String x, String y) {
    return "(" + x + " " + sign + " " + y + ")";
  }

  private static String function(String name, String x, String y) {
    return name + "(" + x + ", " + y + ")";
  }

  static String sign(Comparison op) {
    return switch (op) {
      case LT -> "<";
      case LE -> "<=";
      case GT -> ">";
      case GE -> ">=";
      case EQ -> "==";
      case NE -> "!=";
    };
  }

  static String cast(Type from, Type to, String x) {
    return switch (to) {
      case REAL -> from == Type.REAL ? x : "(REAL)" + x;
      case INT ->
          switch (from) {
            case REAL -> "nn_whole(" + x + ")";
            case INT -> x;
            case BOOL -> "(i64)" + x;
          };
      case BOOL -> {
        if (from != Type.BOOL) {
          throw new CompilerBug("a cast of a number to a truth value");
        }
        yield x;
      }
    };
  }
}
