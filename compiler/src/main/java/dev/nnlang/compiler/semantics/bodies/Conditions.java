package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.size.Facts;
import dev.nnlang.compiler.size.Poly;

/** What a condition that holds, or does not, says about indices and sizes. */
public final class Conditions {
  private Conditions() {}

  /** Facts where the condition is true. */
  static Facts holding(Typed.Expr condition) {
    return switch (condition) {
      case Typed.And a -> holding(a.x()).and(holding(a.y()));
      case Typed.Not n -> failing(n.x());
      case Typed.Compare c when isOfPositions(c) -> compare(c.op(), difference(c));
      default -> Facts.NONE;
    };
  }

  /** Facts where the condition is false. */
  static Facts failing(Typed.Expr condition) {
    return switch (condition) {
      case Typed.Or o -> failing(o.x()).and(failing(o.y()));
      case Typed.Not n -> holding(n.x());
      case Typed.Compare c when isOfPositions(c) -> compare(c.op().negated(), difference(c));
      default -> Facts.NONE;
    };
  }

  private static boolean isOfPositions(Typed.Compare c) {
    return c.x() instanceof Typed.Position && c.y() instanceof Typed.Position;
  }

  private static Poly difference(Typed.Compare c) {
    return ((Typed.Position) c.x()).value().minus(((Typed.Position) c.y()).value());
  }

  /** {@code d op 0}. */
  private static Facts compare(Comparison op, Poly d) {
    return switch (op) {
      case LT -> Facts.NONE.atLeastZero(d.negate().minus(1));
      case LE -> Facts.NONE.atLeastZero(d.negate());
      case GT -> Facts.NONE.atLeastZero(d.minus(1));
      case GE -> Facts.NONE.atLeastZero(d);
      case EQ -> Facts.NONE.zero(d);
      case NE -> Facts.NONE.notZero(d);
    };
  }
}
