package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Access.Along;
import dev.nnlang.compiler.size.Poly;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How expressions are evaluated for several consecutive values of an index at once. What does not
 * depend on the index is one value for all; a read of neighbours is one access; arithmetic is
 * arithmetic of vectors. What has no such form, a gather or a draw, is <em>staged</em>: one value
 * after the other.
 *
 * @param run the axes that are run through as if they were one
 */
public record LaneForm(List<Axis> run, Map<Node, Boolean> memo) {
  /** An equation that is larger than this would not fit a method that HotSpot compiles. */
  static final int MOST_WEIGHT = 150;

  /** Beyond this an integer of a lane is not taken to fit 32 bits. */
  private static final long MOST = 1L << 30;

  /** What an open dimension is taken to be at most, as a factor of an integer. */
  private static final long MOST_OPEN = 1L << 24;

  public LaneForm(List<Axis> run) {
    this(List.copyOf(run), new HashMap<>());
  }

  /** Whether a node has another value for each lane. */
  public boolean varies(Node node) {
    var known = memo.get(node);
    if (known != null) {
      return known;
    }
    boolean varies =
        switch (node.expr()) {
          case Expr.Index(var value) -> mentionsRun(value);
          default -> varies(Walk.operands(node.expr()));
        };
    memo.put(node, varies);
    return varies;
  }

  private boolean mentionsRun(Poly value) {
    for (var axis : run) {
      if (value.mentions(axis.index())) {
        return true;
      }
    }
    return false;
  }

  private boolean varies(List<Node> some) {
    for (var node : some) {
      if (varies(node)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a node that varies has to be evaluated one lane after the other. */
  public boolean isStaged(Node node) {
    return switch (node.expr()) {
      case Expr.Draw _ -> true;
      case Expr.Read read -> node.type() != Type.REAL || Access.along(read, run) == Along.APART;
      case Expr.Cast(_, var x) ->
          switch (x.type()) {
            case REAL -> node.type() != Type.REAL;
            case INT -> node.type() != Type.REAL || !isNarrow(x);
            case BOOL -> node.type() != Type.REAL;
          };
      case Expr.Compare(_, var x, var y) when x.type() == Type.INT ->
          varies(x) && !isNarrow(x) || varies(y) && !isNarrow(y);
      case Expr.Index _ -> true;
      case Expr.Unary _, Expr.Binary _ -> node.type() == Type.INT;
      case Expr.Select _ -> node.type() == Type.INT;
      case Expr.Real _, Expr.Bool _, Expr.Compare _, Expr.Not _, Expr.And _, Expr.Or _ -> false;
      case Expr.StopGradient(var x) -> isStaged(x);
    };
  }

  /** Whether a varying integer is a plain sum of indices that fits 32 bits. */
  public boolean isNarrow(Node node) {
    if (!(node.expr() instanceof Expr.Index(var value)) || run.size() != 1) {
      return false;
    }
    var index = run.getFirst().index();
    var step = value.coefficient(index);
    var rest = value.minus(step.times(Poly.of(index)));
    return step.isConstant() && !rest.mentions(index) && bound(value) < MOST;
  }

  private static long bound(Poly value) {
    long bound = 0;
    for (var term : value.terms().entrySet()) {
      if (term.getKey().size() > 1 || Math.abs(term.getValue()) > MOST) {
        return MOST;
      }
      bound += Math.abs(term.getValue()) * (term.getKey().isEmpty() ? 1 : MOST_OPEN);
    }
    return bound;
  }

  /** Whether the values of an equation may be computed in lanes. */
  static boolean takes(Equation equation) {
    if (equation.tensor().type() != Type.REAL
        || equation.body().type() != Type.REAL
        || isLarge(equation)) {
      return false;
    }
    return equation
        .reduction()
        .map(
            r ->
                switch (r.kind()) {
                  case SUM, PROD, MAX, MIN -> true;
                  case ANY, ALL, ARGMAX, ARGMIN, LOGSUMEXP -> false;
                })
        .orElse(true);
  }

  /** Whether a vector loop over the equation would be too long a method. */
  static boolean isLarge(Equation equation) {
    return weight(equation) > MOST_WEIGHT;
  }

  /** The tensors that are read where one lane is evaluated after the other. */
  Set<Tensor> readStaged(Equation equation) {
    var found = new HashSet<Tensor>();
    var seen = new HashSet<Node>();
    Walk.roots(equation).forEach(root -> stagedBelow(root, found, seen));
    return found;
  }

  private void stagedBelow(Node node, Set<Tensor> found, Set<Node> seen) {
    if (!seen.add(node)) {
      return;
    }
    boolean one = node.type() == Type.INT || varies(node) && isStaged(node);
    if (one) {
      for (var below : Walk.nodes(List.of(node))) {
        if (below != node && below.expr() instanceof Expr.Read(var tensor, _)) {
          found.add(tensor);
        }
      }
      if (node.expr() instanceof Expr.Read(var tensor, _)) {
        found.add(tensor);
      }
      return;
    }
    Walk.operands(node.expr()).forEach(o -> stagedBelow(o, found, seen));
  }

  /**
   * What an equation costs in a loop body, in vector instructions, roughly. A branch computes again
   * what it shares with another.
   */
  static int weight(Equation equation) {
    boolean guarded =
        equation.reduction().isPresent()
            && !(equation.reduction().get().guard().expr() instanceof Expr.Bool);
    return 2 + (guarded ? weight(Walk.roots(equation)) : equation.body().cost(LaneForm::weight));
  }

  private static int weight(Node node) {
    return weight(node, new HashSet<>());
  }

  static int weight(List<Node> roots) {
    int weight = 0;
    var known = new HashSet<Node>();
    for (var root : roots) {
      weight += weight(root, known);
    }
    return weight;
  }

  private static int weight(Node node, Set<Node> known) {
    if (!known.add(node)) {
      return 0;
    }
    int weight = own(node);
    boolean branches =
        switch (node.expr()) {
          case Expr.Select _, Expr.And _, Expr.Or _ -> true;
          default -> false;
        };
    var operands = Walk.operands(node.expr());
    for (int o = 0; o < operands.size() && weight < 8 * MOST_WEIGHT; o++) {
      weight += weight(operands.get(o), branches && o > 0 ? new HashSet<>(known) : known);
    }
    return weight;
  }

  private static int own(Node node) {
    return switch (node.expr()) {
      case Expr.Real _, Expr.Bool _, Expr.Index _, Expr.StopGradient _ -> 0;
      case Expr.Read read -> 1 + 2 * places(read);
      case Expr.Compare(_, var x, _) -> x.type() == Type.INT ? 6 : 2;
      case Expr.Binary(var op, _, _) ->
          switch (op) {
            case ADD, SUB, MUL, DIV, MIN, MAX -> 1;
            case MOD, POW, ATAN2 -> 7;
          };
      case Expr.Cast _ -> 3;
      case Expr.Not _, Expr.And _, Expr.Or _, Expr.Select _ -> 5;
      case Expr.Draw _ -> 12;
      case Expr.Unary(var op, _) ->
          switch (op) {
            case NEG, ABS, SQRT, RSQRT -> 1;
            case SIGN, FLOOR, CEIL, ROUND -> 5;
            case SIN, COS, TAN -> 6;
            case EXP, LOG -> 24;
            case SIGMOID -> 30;
            case TANH, ERF -> 40;
            case EXPM1, LOG1P -> 50;
            case SOFTPLUS -> 60;
          };
    };
  }

  /** Parts of the place that have to be computed each time. */
  private static int places(Expr.Read read) {
    int parts = 0;
    for (var subscript : read.subscripts()) {
      parts +=
          subscript.expr() instanceof Expr.Index(var value) ? value.terms().size() > 1 ? 1 : 0 : 4;
    }
    return parts;
  }
}
