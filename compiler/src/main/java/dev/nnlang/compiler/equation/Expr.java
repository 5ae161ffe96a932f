package dev.nnlang.compiler.equation;

import dev.nnlang.compiler.size.Poly;
import java.util.List;

/**
 * What a node computes, for one value of every index in scope. Operands are nodes, which compare by
 * identity; every other component is an attribute.
 *
 * <p>The laws of arithmetic we rely on: reals are IEEE; a pass keeps every value bit for bit unless
 * it is one of those that say otherwise (stabilise; re-association inside a reduction, in an order
 * fixed by the program). Integers are 64-bit and wrap.
 */
public sealed interface Expr {
  /** A real constant. */
  record Real(double value) implements Expr {}

  /** A boolean constant. */
  record Bool(boolean value) implements Expr {}

  /** An integer that is a polynomial of indices and dimensions; integer constants, too. */
  record Index(Poly value) implements Expr {}

  /**
   * An element of a tensor. A subscript that is an {@link Index} is affine; any other (an {@code
   * INT} node) is a gather, in range by its type or by a guard around it.
   */
  record Read(Tensor tensor, List<Node> subscripts) implements Expr {
    public Read {
      subscripts = List.copyOf(subscripts);
    }
  }

  /** A scalar function of one real (or int, for those that take it). */
  record Unary(UnaryOp op, Node x) implements Expr {}

  /** Both operands have the node's type; on ints {@code DIV} and {@code MOD} round downwards. */
  record Binary(BinaryOp op, Node x, Node y) implements Expr {}

  /** A comparison of two reals, ints or (EQ, NE) bools. */
  record Compare(Comparison op, Node x, Node y) implements Expr {}

  record Not(Node x) implements Expr {}

  /** {@code y} is evaluated only where {@code x} is true. */
  record And(Node x, Node y) implements Expr {}

  /** {@code y} is evaluated only where {@code x} is false. */
  record Or(Node x, Node y) implements Expr {}

  /** {@code then} where the guard holds, else {@code otherwise}; only one is evaluated. */
  record Select(Node guard, Node then, Node otherwise) implements Expr {}

  /** int to real exactly as Java does; real to int truncates towards zero. */
  record Cast(Type to, Node x) implements Expr {}

  /** {@code x}, through which no gradient flows. */
  record StopGradient(Node x) implements Expr {}

  /**
   * A random number, a pure function of its site and its key: seed, step, example number, element
   * number, all {@code INT}. The same key gives the same number on any device and in any order.
   */
  record Draw(long site, Distribution distribution, List<Node> arguments, Key key) implements Expr {
    public Draw {
      arguments = List.copyOf(arguments);
    }
  }

  /** What a draw is keyed by (LR-29). */
  record Key(Node seed, Node step, Node example, Node element) {}

  enum UnaryOp {
    NEG,
    ABS,
    SIGN,
    FLOOR,
    CEIL,
    ROUND,
    EXP,
    EXPM1,
    LOG,
    LOG1P,
    SQRT,
    RSQRT,
    SIN,
    COS,
    TAN,
    TANH,
    ERF,
    /** 1 / (1 + exp(-x)); made by the stabiliser, never by the front end. */
    SIGMOID,
    /** log(1 + exp(x)); made by the stabiliser, never by the front end. */
    SOFTPLUS
  }

  enum BinaryOp {
    ADD,
    SUB,
    MUL,
    DIV,
    MOD,
    POW,
    MIN,
    MAX,
    ATAN2
  }

  enum Comparison {
    LT,
    LE,
    GT,
    GE,
    EQ,
    NE;

    /** The comparison that holds of two integers exactly where this one does not. */
    public Comparison negated() {
      return switch (this) {
        case LT -> GE;
        case LE -> GT;
        case GT -> LE;
        case GE -> LT;
        case EQ -> NE;
        case NE -> EQ;
      };
    }
  }

  /**
   * Uniform takes (low, high), normal and truncated normal (mean, deviation; cut at two
   * deviations), Bernoulli (probability of 1). {@code ORTHOGONAL} takes nothing: its element
   * depends on the whole tensor, so it stands only as the whole body of an equation.
   */
  enum Distribution {
    UNIFORM,
    NORMAL,
    TRUNCATED_NORMAL,
    BERNOULLI,
    ORTHOGONAL
  }
}
