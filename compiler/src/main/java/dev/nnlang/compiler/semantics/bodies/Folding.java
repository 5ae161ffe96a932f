package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.size.Prover;
import java.util.Optional;

/** The value of an expression of constants: config, {@code const}, static conditions. */
public final class Folding {
  private Folding() {}

  /** The truth of a condition, where the facts decide it. */
  static Optional<Boolean> truth(Typed.Expr x, Prover prover) {
    return switch (x) {
      case Typed.Bool b -> Optional.of(b.value());
      case Typed.Not n -> truth(n.x(), prover).map(b -> !b);
      case Typed.And a -> {
        var left = truth(a.x(), prover);
        var right = truth(a.y(), prover);
        if (left.equals(Optional.of(false)) || right.equals(Optional.of(false))) {
          yield Optional.of(false);
        }
        yield left.isPresent() && right.isPresent() ? Optional.of(true) : Optional.empty();
      }
      case Typed.Or o -> {
        var left = truth(o.x(), prover);
        var right = truth(o.y(), prover);
        if (left.equals(Optional.of(true)) || right.equals(Optional.of(true))) {
          yield Optional.of(true);
        }
        yield left.isPresent() && right.isPresent() ? Optional.of(false) : Optional.empty();
      }
      case Typed.Compare c -> compare(c, prover);
      default -> Optional.empty();
    };
  }

  private static Optional<Boolean> compare(Typed.Compare c, Prover prover) {
    if (c.x() instanceof Typed.Position p && c.y() instanceof Typed.Position q) {
      return compare(c.op(), p.value().minus(q.value()), prover);
    }
    if (Types.isBool(c.x())) {
      var left = truth(c.x(), prover);
      var right = truth(c.y(), prover);
      return left.isEmpty() || right.isEmpty()
          ? Optional.empty()
          : Optional.of(left.get().equals(right.get()) == (c.op() == Comparison.EQ));
    }
    var left = number(c.x());
    var right = number(c.y());
    if (left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    double a = left.get();
    double b = right.get();
    return Optional.of(
        switch (c.op()) {
          case LT -> a < b;
          case LE -> a <= b;
          case GT -> a > b;
          case GE -> a >= b;
          case EQ -> a == b;
          case NE -> a != b;
        });
  }

  /** {@code difference op 0}. */
  private static Optional<Boolean> compare(Comparison op, Poly d, Prover prover) {
    return switch (op) {
      case LT -> decide(prover, d.negate().minus(1), d);
      case LE -> decide(prover, d.negate(), d.minus(1));
      case GT -> decide(prover, d.minus(1), d.negate());
      case GE -> decide(prover, d, d.negate().minus(1));
      case EQ -> equal(prover, d);
      case NE -> equal(prover, d).map(b -> !b);
    };
  }

  /** True where {@code yes >= 0} is proved, false where {@code no >= 0} is. */
  private static Optional<Boolean> decide(Prover prover, Poly yes, Poly no) {
    if (prover.atLeastZero(yes)) {
      return Optional.of(true);
    }
    return prover.atLeastZero(no) ? Optional.of(false) : Optional.empty();
  }

  private static Optional<Boolean> equal(Prover prover, Poly d) {
    if (prover.zero(d)) {
      return Optional.of(true);
    }
    boolean differ = prover.atLeastZero(d.minus(1)) || prover.atLeastZero(d.negate().minus(1));
    return differ || prover.facts().notZero().contains(d) ? Optional.of(false) : Optional.empty();
  }

  /** The number that an expression of constants is. */
  public static Optional<Double> number(Typed.Expr x) {
    return switch (x) {
      case Typed.Real r -> Optional.of(r.value());
      case Typed.Position p when p.value().isConstant() ->
          Optional.of((double) p.value().constantTerm());
      case Typed.Cast c when c.type().element() instanceof Typed.Element.Real -> number(c.x());
      case Typed.Cast c -> number(c.x()).map(v -> v < 0 ? Math.ceil(v) : Math.floor(v));
      case Typed.Unary u -> number(u.x()).flatMap(v -> unary(u, v));
      case Typed.Binary b -> {
        var left = number(b.x());
        var right = number(b.y());
        yield left.isEmpty() || right.isEmpty()
            ? Optional.empty()
            : Optional.of(binary(b, left.get(), right.get()));
      }
      default -> Optional.empty();
    };
  }

  private static Optional<Double> unary(Typed.Unary u, double x) {
    return switch (u.op()) {
      case NEG -> Optional.of(-x);
      case ABS -> Optional.of(Math.abs(x));
      case SIGN -> Optional.of(Math.signum(x));
      case FLOOR -> Optional.of(Math.floor(x));
      case CEIL -> Optional.of(Math.ceil(x));
      case ROUND -> Optional.of(Math.rint(x));
      case EXP -> Optional.of(Math.exp(x));
      case EXPM1 -> Optional.of(Math.expm1(x));
      case LOG -> Optional.of(Math.log(x));
      case LOG1P -> Optional.of(Math.log1p(x));
      case SQRT -> Optional.of(Math.sqrt(x));
      case RSQRT -> Optional.of(1 / Math.sqrt(x));
      case SIN -> Optional.of(Math.sin(x));
      case COS -> Optional.of(Math.cos(x));
      case TAN -> Optional.of(Math.tan(x));
      case TANH -> Optional.of(Math.tanh(x));
      case ERF, SIGMOID, SOFTPLUS -> Optional.empty();
    };
  }

  private static double binary(Typed.Binary b, double x, double y) {
    boolean whole = Types.isWhole(b);
    return switch (b.op()) {
      case ADD -> x + y;
      case SUB -> x - y;
      case MUL -> x * y;
      case DIV -> whole ? Math.floor(x / y) : x / y;
      case MOD -> x - y * Math.floor(x / y);
      case POW -> Math.pow(x, y);
      case MIN -> Math.min(x, y);
      case MAX -> Math.max(x, y);
      case ATAN2 -> Math.atan2(x, y);
    };
  }
}
