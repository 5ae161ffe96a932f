package dev.nnlang.compiler.equation;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes and interns the nodes of one compilation. Types are derived here and nowhere else, and
 * integer arithmetic on subscripts becomes one polynomial, so that an affine access is always an
 * {@link Expr.Index}. There is no other simplification: see the simplify package.
 */
public final class Nodes {
  private final Map<Expr, Node> interned = new HashMap<>();

  /** How many names of a stem were given out. */
  private final Map<String, Integer> names = new HashMap<>();

  /** The one node of {@code expr}. */
  public Node of(Expr expr) {
    var known = interned.get(expr);
    if (known != null) {
      return known;
    }
    var node = new Node(interned.size(), expr, typeOf(expr));
    interned.put(expr, node);
    return node;
  }

  /**
   * A name that this compilation has not given out before: {@code stem#7}. It counts within its
   * stem, whatever other stems there are: so copies of a layer have the same names but for the
   * path.
   */
  public String fresh(String name) {
    int cut = name.indexOf('#');
    var stem = cut < 0 ? name : name.substring(0, cut);
    return stem + "#" + (names.merge(stem, 1, Integer::sum) - 1);
  }

  public Node real(double value) {
    return of(new Expr.Real(value));
  }

  public Node integer(long value) {
    return index(Poly.of(value));
  }

  public Node bool(boolean value) {
    return of(new Expr.Bool(value));
  }

  public Node index(Poly value) {
    return of(new Expr.Index(value));
  }

  public Node index(Axis axis) {
    return index(Poly.of(axis.index()));
  }

  public Node read(Tensor tensor, List<Node> subscripts) {
    return of(new Expr.Read(tensor, subscripts));
  }

  /** The element of {@code tensor} at these axes, one for each of its dimensions. */
  public Node readAt(Tensor tensor, List<Axis> axes) {
    var subscripts = new ArrayList<Node>(axes.size());
    for (var axis : axes) {
      subscripts.add(index(axis));
    }
    return read(tensor, subscripts);
  }

  public Node unary(UnaryOp op, Node x) {
    if (op == UnaryOp.NEG && x.expr() instanceof Expr.Index(var p)) {
      return index(p.negate());
    }
    return of(new Expr.Unary(op, x));
  }

  public Node binary(BinaryOp op, Node x, Node y) {
    if (x.expr() instanceof Expr.Index(var p) && y.expr() instanceof Expr.Index(var q)) {
      var folded = fold(op, p, q);
      if (folded != null) {
        return index(folded);
      }
    }
    return of(new Expr.Binary(op, x, y));
  }

  private static Poly fold(BinaryOp op, Poly p, Poly q) {
    return switch (op) {
      case ADD -> p.plus(q);
      case SUB -> p.minus(q);
      case MUL -> p.times(q);
      case DIV -> q.is(0) ? null : p.floorDiv(q);
      case MOD -> q.is(0) ? null : p.floorMod(q);
      case POW, MIN, MAX, ATAN2 -> null;
    };
  }

  public Node add(Node x, Node y) {
    return binary(BinaryOp.ADD, x, y);
  }

  public Node sub(Node x, Node y) {
    return binary(BinaryOp.SUB, x, y);
  }

  public Node mul(Node x, Node y) {
    return binary(BinaryOp.MUL, x, y);
  }

  public Node div(Node x, Node y) {
    return binary(BinaryOp.DIV, x, y);
  }

  public Node neg(Node x) {
    return unary(UnaryOp.NEG, x);
  }

  public Node compare(Comparison op, Node x, Node y) {
    return of(new Expr.Compare(op, x, y));
  }

  public Node not(Node x) {
    return of(new Expr.Not(x));
  }

  public Node and(Node x, Node y) {
    if (x.expr() instanceof Expr.Bool(var value)) {
      return value ? y : x;
    }
    return y.expr() instanceof Expr.Bool(var value) && value ? x : of(new Expr.And(x, y));
  }

  public Node or(Node x, Node y) {
    if (x.expr() instanceof Expr.Bool(var value)) {
      return value ? x : y;
    }
    return y.expr() instanceof Expr.Bool(var value) && !value ? x : of(new Expr.Or(x, y));
  }

  /** {@code 0 <= p}. */
  public Node atLeastZero(Poly p) {
    return compare(Comparison.GE, index(p), integer(0));
  }

  public Node select(Node guard, Node then, Node otherwise) {
    if (guard.expr() instanceof Expr.Bool(var value)) {
      return value ? then : otherwise;
    }
    return of(new Expr.Select(guard, then, otherwise));
  }

  public Node cast(Type to, Node x) {
    return x.type() == to ? x : of(new Expr.Cast(to, x));
  }

  private static Type typeOf(Expr expr) {
    return switch (expr) {
      case Expr.Real _ -> Type.REAL;
      case Expr.Bool _ -> Type.BOOL;
      case Expr.Index _ -> Type.INT;
      case Expr.Read(var tensor, var subscripts) -> {
        check(tensor.rank() == subscripts.size(), expr);
        subscripts.forEach(s -> check(s.type() == Type.INT, expr));
        yield tensor.type();
      }
      case Expr.Unary(_, var x) -> {
        check(x.type() != Type.BOOL, expr);
        yield x.type();
      }
      case Expr.Binary(_, var x, var y) -> same(expr, x, y);
      case Expr.Compare(_, var x, var y) -> {
        same(expr, x, y);
        yield Type.BOOL;
      }
      case Expr.Not(var x) -> bool(expr, x);
      case Expr.And(var x, var y) -> bool(expr, x, y);
      case Expr.Or(var x, var y) -> bool(expr, x, y);
      case Expr.Select(var guard, var x, var y) -> {
        bool(expr, guard);
        yield same(expr, x, y);
      }
      case Expr.Cast(var to, _) -> to;
      case Expr.StopGradient(var x) -> x.type();
      case Expr.Draw(_, _, _, _) -> Type.REAL;
    };
  }

  private static Type same(Expr expr, Node x, Node y) {
    check(x.type() == y.type(), expr);
    return x.type();
  }

  private static Type bool(Expr expr, Node... operands) {
    check(Arrays.stream(operands).allMatch(n -> n.type() == Type.BOOL), expr);
    return Type.BOOL;
  }

  private static void check(boolean holds, Expr expr) {
    if (!holds) {
      throw new CompilerBug("ill-typed: " + expr);
    }
  }
}
