package dev.nnlang.compiler.equation;

import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Expr.Distribution;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.size.Facts;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.size.Prover;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random bodies of equations. Every real comes with a bound of its magnitude, so that nothing blows
 * up, and every argument of a function with a kink or a step is moved by a constant, so that values
 * that are often exact (0, 1, a whole number) stay away from it and central differences can judge.
 */
final class RandomExpressions {
  /** A real expression and a number that its magnitude does not exceed. */
  record Bounded(Node node, double bound) {}

  private static final double LARGEST = 4;

  private final Nodes nodes;
  private final Random random;
  private final Map<Tensor, Double> reals = new HashMap<>();
  private final Map<Tensor, Poly> ints = new HashMap<>();
  private final List<Tensor> readable = new ArrayList<>();
  private final List<Node> keys;
  private final int links;
  private long sites;

  /**
   * The tensors {@code seed} and {@code step} key the draws.
   *
   * @param links how many more reads may stand behind one that is outside: {@code x[i-1] ?? y[j+1]
   *     ?? 0} has one
   */
  RandomExpressions(Nodes nodes, Random random, Tensor seed, Tensor step, int links) {
    this.nodes = nodes;
    this.random = random;
    this.links = links;
    this.keys = List.of(nodes.read(seed, List.of()), nodes.read(step, List.of()));
  }

  /** From now on bodies may read this tensor. */
  void addReal(Tensor tensor, double bound) {
    readable.add(tensor);
    reals.put(tensor, bound);
  }

  /** From now on values of this tensor, which are in {@code 0 .. below - 1}, may be subscripts. */
  void addInt(Tensor tensor, Poly below) {
    readable.add(tensor);
    ints.put(tensor, below);
  }

  void addBool(Tensor tensor) {
    readable.add(tensor);
  }

  Bounded real(List<Axis> scope, int depth) {
    var made =
        depth == 0
            ? leaf(scope)
            : switch (random.nextInt(10)) {
              case 0, 1, 2 -> unary(real(scope, depth - 1));
              case 3, 4, 5, 6 -> binary(real(scope, depth - 1), real(scope, depth - 1));
              case 7 -> select(scope, depth);
              default -> leaf(scope);
            };
    return made.bound <= LARGEST ? made : scaled(made);
  }

  private Bounded scaled(Bounded x) {
    return switch (random.nextInt(3)) {
      case 0 -> new Bounded(nodes.unary(UnaryOp.TANH, x.node), 1);
      case 1 -> new Bounded(nodes.unary(UnaryOp.SIN, x.node), 1);
      default -> new Bounded(nodes.mul(x.node, nodes.real(1 / x.bound)), 1);
    };
  }

  private Bounded leaf(List<Axis> scope) {
    int choice = random.nextInt(12);
    if (choice == 0) {
      double value = Math.rint(random.nextDouble() * 16 - 8) / 8;
      return new Bounded(nodes.real(value), Math.abs(value));
    }
    if (choice == 1 && !scope.isEmpty()) {
      var cast = nodes.cast(Type.REAL, nodes.index(subscript(scope)));
      return new Bounded(nodes.unary(UnaryOp.SIN, cast), 1);
    }
    if (choice == 2) {
      return draw(scope);
    }
    var tensor = anyReal();
    return links == 0
        ? new Bounded(read(tensor, scope), Math.max(reals.get(tensor), 1))
        : chain(tensor, scope, links);
  }

  private Tensor anyReal() {
    var tensors = readable.stream().filter(t -> t.type() == Type.REAL).toList();
    return tensors.get(random.nextInt(tensors.size()));
  }

  /** {@code x[..] ?? y[..] ?? .. ?? c}: the last one read has a constant outside. */
  private Bounded chain(Tensor tensor, List<Axis> scope, int more) {
    double bound = Math.max(reals.get(tensor), 1);
    if (more == 0 || random.nextInt(3) == 0) {
      return new Bounded(read(tensor, scope), bound);
    }
    var outside = chain(anyReal(), scope, more - 1);
    return new Bounded(read(tensor, scope, outside.node), Math.max(bound, outside.bound));
  }

  private Bounded draw(List<Axis> scope) {
    var element = nodes.integer(0);
    for (var axis : scope) {
      element = nodes.add(nodes.mul(element, nodes.index(axis.extent())), nodes.index(axis));
    }
    var key = new Expr.Key(keys.get(0), keys.get(1), nodes.integer(random.nextInt(3)), element);
    var low = nodes.real(-1);
    var one = nodes.real(1);
    long site = ++sites;
    return switch (random.nextInt(4)) {
      case 0 -> new Bounded(draw(site, Distribution.UNIFORM, List.of(low, one), key), 1);
      case 1 -> new Bounded(draw(site, Distribution.BERNOULLI, List.of(nodes.real(0.6)), key), 1);
      case 2 -> {
        var mean = real(scope, 0);
        var drawn = draw(site, Distribution.NORMAL, List.of(mean.node, nodes.real(0.25)), key);
        yield new Bounded(drawn, mean.bound + 2.5);
      }
      default -> {
        var zero = nodes.real(0);
        yield new Bounded(draw(site, Distribution.TRUNCATED_NORMAL, List.of(zero, one), key), 2);
      }
    };
  }

  private Node draw(long site, Distribution distribution, List<Node> arguments, Expr.Key key) {
    return nodes.of(new Expr.Draw(site, distribution, arguments, key));
  }

  private Bounded unary(Bounded x) {
    double b = x.bound;
    return switch (UnaryOp.values()[random.nextInt(UnaryOp.values().length)]) {
      case NEG -> apply(UnaryOp.NEG, x.node, b);
      case ABS -> apply(UnaryOp.ABS, moved(x.node, 0.21), b + 0.21);
      case SIGN -> apply(UnaryOp.SIGN, moved(x.node, 0.11), 1);
      case FLOOR -> apply(UnaryOp.FLOOR, moved(x.node, 0.37), b + 1.4);
      case CEIL -> apply(UnaryOp.CEIL, moved(x.node, 0.37), b + 1.4);
      case ROUND -> apply(UnaryOp.ROUND, moved(x.node, 0.27), b + 1);
      case EXP -> apply(UnaryOp.EXP, nodes.mul(x.node, nodes.real(1 / (1 + b))), 2.8);
      case EXPM1 -> apply(UnaryOp.EXPM1, nodes.mul(x.node, nodes.real(1 / (1 + b))), 1.8);
      case LOG -> apply(UnaryOp.LOG, positive(x.node), Math.log(0.5 + b * b) + 1);
      case LOG1P -> apply(UnaryOp.LOG1P, nodes.mul(x.node, x.node), Math.log1p(b * b));
      case SQRT -> apply(UnaryOp.SQRT, positive(x.node), b + 1);
      case RSQRT -> apply(UnaryOp.RSQRT, positive(x.node), 1.5);
      case SIN -> apply(UnaryOp.SIN, x.node, 1);
      case COS -> apply(UnaryOp.COS, x.node, 1);
      case TAN -> apply(UnaryOp.TAN, nodes.mul(x.node, nodes.real(1 / (1 + b))), 1.6);
      case TANH -> apply(UnaryOp.TANH, x.node, 1);
      case ERF -> apply(UnaryOp.ERF, x.node, 1);
      case SIGMOID -> apply(UnaryOp.SIGMOID, x.node, 1);
      case SOFTPLUS -> apply(UnaryOp.SOFTPLUS, x.node, b + 1);
    };
  }

  private Bounded apply(UnaryOp op, Node x, double bound) {
    return new Bounded(nodes.unary(op, x), bound);
  }

  private Node moved(Node x, double by) {
    return nodes.add(x, nodes.real(by));
  }

  private Node positive(Node x) {
    return moved(nodes.mul(x, x), 0.5);
  }

  private Bounded binary(Bounded x, Bounded y) {
    double sum = x.bound + y.bound;
    return switch (BinaryOp.values()[random.nextInt(BinaryOp.values().length)]) {
      case ADD -> new Bounded(nodes.add(x.node, y.node), sum);
      case SUB -> new Bounded(nodes.sub(x.node, y.node), sum);
      case MUL -> new Bounded(nodes.mul(x.node, y.node), x.bound * y.bound);
      case DIV -> {
        var by = moved(nodes.unary(UnaryOp.SIN, y.node), 1.5);
        yield new Bounded(nodes.div(x.node, by), 2 * x.bound);
      }
      case MOD -> {
        var by = nodes.real(random.nextBoolean() ? 1.3 : -0.9);
        yield new Bounded(nodes.binary(BinaryOp.MOD, moved(x.node, 0.37), by), 1.3);
      }
      case POW -> {
        double exponent = random.nextInt(4) - 1 + (random.nextBoolean() ? 0.5 : 0);
        var base = exponent > 0 && exponent == Math.rint(exponent) ? x.node : positive(x.node);
        double most = Math.max(2, 0.5 + x.bound * x.bound);
        yield new Bounded(
            nodes.binary(BinaryOp.POW, base, nodes.real(exponent)),
            Math.pow(Math.max(most, x.bound), Math.abs(exponent)));
      }
      case MIN -> new Bounded(nodes.binary(BinaryOp.MIN, x.node, moved(y.node, 0.17)), sum + 0.2);
      case MAX -> new Bounded(nodes.binary(BinaryOp.MAX, moved(x.node, 0.19), y.node), sum + 0.2);
      case ATAN2 -> new Bounded(nodes.binary(BinaryOp.ATAN2, x.node, positive(y.node)), 1.6);
    };
  }

  private Bounded select(List<Axis> scope, int depth) {
    var a = real(scope, depth - 1);
    var b = real(scope, 0);
    return new Bounded(
        nodes.select(bool(scope, depth - 1), a.node, b.node), Math.max(a.bound, b.bound));
  }

  Node bool(List<Axis> scope, int depth) {
    var bools = readable.stream().filter(t -> t.type() == Type.BOOL).toList();
    return switch (random.nextInt(depth > 0 ? 7 : 4)) {
      case 0, 1 -> indexCondition(scope);
      case 2 -> {
        var op = random.nextBoolean() ? Comparison.LT : Comparison.GT;
        var threshold = nodes.real(random.nextInt(5) * 0.25 - 0.41);
        yield nodes.compare(op, real(scope, Math.min(depth, 1)).node, threshold);
      }
      case 3 ->
          bools.isEmpty()
              ? indexCondition(scope)
              : read(bools.get(random.nextInt(bools.size())), scope);
      case 4 -> nodes.not(bool(scope, depth - 1));
      case 5 -> nodes.and(bool(scope, depth - 1), bool(scope, depth - 1));
      default -> nodes.or(bool(scope, depth - 1), bool(scope, depth - 1));
    };
  }

  /** A condition on indices alone; of a scope without any, on constants. */
  Node indexCondition(List<Axis> scope) {
    var op = Comparison.values()[random.nextInt(Comparison.values().length)];
    var p = subscript(scope);
    if (random.nextInt(4) == 0) {
      long by = 2 + random.nextInt(2);
      return nodes.compare(
          Comparison.EQ, nodes.index(p.floorMod(Poly.of(by))), nodes.integer(random.nextInt(2)));
    }
    var q = random.nextBoolean() ? subscript(scope) : Poly.of(random.nextInt(3));
    return nodes.compare(op, nodes.index(p), nodes.index(q));
  }

  // Reads.

  /** An element of the tensor; where a subscript may be outside, under a guard with a fallback. */
  Node read(Tensor tensor, List<Axis> scope) {
    return read(tensor, scope, null);
  }

  /**
   * The same.
   *
   * @param outside what stands for an element that is none; null for a constant
   */
  private Node read(Tensor tensor, List<Axis> scope, Node outside) {
    var prover = new Prover(ranges(scope));
    var guard = nodes.bool(true);
    var subscripts = new ArrayList<Node>();
    for (var extent : tensor.shape()) {
      var gather = random.nextInt(6) == 0 ? gather(scope, extent) : null;
      if (gather != null) {
        subscripts.add(gather);
        continue;
      }
      var p = subscript(scope, extent, prover);
      if (!prover.atLeastZero(p)) {
        guard = nodes.and(guard, nodes.atLeastZero(p));
      }
      if (!prover.less(p, extent)) {
        guard = nodes.and(guard, nodes.atLeastZero(extent.minus(1).minus(p)));
      }
      subscripts.add(nodes.index(p));
    }
    var fallback =
        outside != null
            ? outside
            : switch (tensor.type()) {
              case REAL -> nodes.real(random.nextBoolean() ? 0 : -0.625);
              case INT -> nodes.integer(0);
              case BOOL -> nodes.bool(random.nextBoolean());
            };
    return nodes.select(guard, nodes.read(tensor, subscripts), fallback);
  }

  static Facts ranges(List<Axis> scope) {
    var facts = Facts.NONE;
    for (var axis : scope) {
      facts = facts.index(axis.index(), axis.extent());
    }
    return facts;
  }

  /** A subscript for this extent: in range if one of a few tries is, else the last. */
  private Poly subscript(List<Axis> scope, Poly extent, Prover prover) {
    var bare = scope.stream().filter(a -> a.extent().equals(extent)).toList();
    if (!bare.isEmpty() && random.nextInt(3) > 0) {
      return Poly.of(bare.get(random.nextInt(bare.size())).index());
    }
    var p = Poly.ZERO;
    int tries = 1 + random.nextInt(4);
    for (int k = 0; k < tries; k++) {
      p = random.nextInt(6) == 0 ? extent.minus(1).minus(subscript(scope)) : subscript(scope);
      if (prover.inRange(p, extent)) {
        break;
      }
    }
    return p;
  }

  /** Quasi-affine: an index, a shifted or strided one, a sum of two, a quotient, a remainder. */
  private Poly subscript(List<Axis> scope) {
    if (scope.isEmpty()) {
      return Poly.of(random.nextInt(2));
    }
    var i = Poly.of(scope.get(random.nextInt(scope.size())).index());
    var j = Poly.of(scope.get(random.nextInt(scope.size())).index());
    return switch (random.nextInt(9)) {
      case 0 -> Poly.of(random.nextInt(2));
      case 1 -> i.plus(random.nextInt(3) - 1);
      case 2 -> i.times(2).plus(j).minus(random.nextInt(2));
      case 3 -> i.plus(j);
      case 4 -> i.minus(j);
      case 5 -> i.plus(random.nextInt(2)).floorDiv(Poly.of(2 + random.nextInt(2)));
      case 6 -> i.plus(j).floorMod(Poly.of(2 + random.nextInt(2)));
      default -> i;
    };
  }

  /** A subscript that is data, or null where no tensor holds fitting numbers. */
  private Node gather(List<Axis> scope, Poly extent) {
    var fitting =
        readable.stream().filter(t -> t.type() == Type.INT && ints.get(t).equals(extent)).toList();
    return fitting.isEmpty() ? null : read(fitting.get(random.nextInt(fitting.size())), scope);
  }
}
