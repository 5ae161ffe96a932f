package dev.nnlang.compiler.differentiate;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Origin;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The adjoint of what a reduction runs over, for every kind of reduction. */
final class Rules {
  /**
   * The adjoint of a body.
   *
   * @param adjoint where the equation's own guard and {@code guard} hold
   * @param guard what else must hold for a term to matter
   * @param extra equations that the two read
   */
  record Rule(Node adjoint, Node guard, List<Equation> extra) {}

  private final Terms t;
  private final Nodes nodes;
  private final UnaryOperator<String> name;
  private final Purpose purpose;

  /** What the adjoints are for. */
  enum Purpose {
    /** Their values are all that is wanted. */
    VALUES,

    /** They are differentiated, too, so that they must depend on what they depend on, also at 0. */
    DERIVATIVES
  }

  Rules(Terms terms, UnaryOperator<String> name, Purpose purpose) {
    this.t = terms;
    this.nodes = terms.nodes();
    this.name = name;
    this.purpose = purpose;
  }

  /** {@code dy} is the adjoint of the equation's tensor at the equation's own axes. */
  Rule of(Equation equation, Node dy) {
    var here = nodes.readAt(equation.tensor(), equation.axes());
    if (equation.reduction().isEmpty()) {
      return plain(dy);
    }
    var reduction = equation.reduction().get();
    return switch (reduction.kind()) {
      case SUM -> plain(dy);
      case PROD ->
          switch (purpose) {
            case VALUES -> product(equation, reduction, here, dy);
            case DERIVATIVES -> productOfOthers(equation, reduction, dy);
          };
      case MAX -> extreme(equation, reduction, Reduction.Kind.ARGMAX, dy);
      case MIN -> extreme(equation, reduction, Reduction.Kind.ARGMIN, dy);
      case LOGSUMEXP -> {
        // exp(B - Y), and 0 where all terms are -inf (LR-35).
        var share = t.mul(dy, nodes.unary(UnaryOp.EXP, nodes.sub(equation.body(), here)));
        var some = nodes.compare(Comparison.NE, here, nodes.real(Double.NEGATIVE_INFINITY));
        yield new Rule(share, some, List.of());
      }
      case ANY, ALL, ARGMAX, ARGMIN -> plain(t.zero());
    };
  }

  private Rule plain(Node dy) {
    return new Rule(dy, nodes.bool(true), List.of());
  }

  /** Everything to the first extreme, found by an argmax over the row-major number of the term. */
  private Rule extreme(Equation equation, Reduction reduction, Reduction.Kind kind, Node dy) {
    var number = Poly.ZERO;
    var count = Poly.ONE;
    for (var axis : reduction.axes()) {
      number = number.times(axis.extent()).plus(Poly.of(axis.index()));
      count = count.times(axis.extent());
    }
    var tensor =
        new Tensor(
            name.apply("first_" + equation.tensor().name()), Type.INT, equation.tensor().shape());
    Equation first;
    if (reduction.axes().size() == 1) {
      first =
          equation(
              tensor,
              equation,
              new Reduction(kind, reduction.axes(), reduction.guard()),
              equation.body());
    } else {
      var flat = new Axis(flat(equation), count);
      var values = new LinkedHashMap<Atom, Poly>();
      var left = Poly.of(flat.index());
      for (var axis : reduction.axes().reversed()) {
        boolean outermost = axis == reduction.axes().getFirst();
        values.put(axis.index(), outermost ? left : left.floorMod(axis.extent()));
        left = left.floorDiv(axis.extent());
      }
      var put = Rebuild.substitution(nodes, values);
      first =
          equation(
              tensor,
              equation,
              new Reduction(kind, List.of(flat), put.apply(reduction.guard())),
              put.apply(equation.body()));
    }
    var wins =
        nodes.compare(Comparison.EQ, nodes.readAt(tensor, equation.axes()), nodes.index(number));
    return new Rule(dy, wins, List.of(first));
  }

  private static Atom.Index flat(Equation equation) {
    var taken = Inversion.names(equation.axes());
    taken.addAll(Inversion.names(equation.reduced()));
    return new Atom.Index(Adjoints.apart("k", taken));
  }

  /**
   * {@code Y / B}, and for a factor that is zero the product of the others, if it is the only zero,
   * else nothing.
   */
  private Rule product(Equation equation, Reduction reduction, Node here, Node dy) {
    var body = equation.body();
    var isZero = nodes.compare(Comparison.EQ, body, nodes.real(0));
    var zeros =
        equation(
            like(equation, "zeros_"),
            equation,
            new Reduction(Reduction.Kind.SUM, reduction.axes(), reduction.guard()),
            nodes.select(isZero, nodes.real(1), nodes.real(0)));
    var others =
        equation(
            like(equation, "nonzero_"),
            equation,
            reduction,
            nodes.select(isZero, nodes.real(1), body));
    var count = nodes.readAt(zeros.tensor(), equation.axes());
    var share =
        nodes.select(
            isZero,
            t.where(
                nodes.compare(Comparison.EQ, count, nodes.real(1)),
                nodes.readAt(others.tensor(), equation.axes())),
            nodes.binary(BinaryOp.DIV, here, body));
    return new Rule(t.mul(dy, share), nodes.bool(true), List.of(zeros, others));
  }

  /**
   * The product of all other factors, {@code prod[j | j != k](B[j])}, for each. It takes as many
   * times the work of {@link #product} as there are factors; but where two factors are zero that
   * has the right value, 0, without depending on them as a second derivative must see.
   */
  private Rule productOfOthers(Equation equation, Reduction reduction, Node dy) {
    var taken = Inversion.names(equation.axes());
    taken.addAll(Inversion.names(reduction.axes()));
    var others = new ArrayList<Axis>();
    var put = new LinkedHashMap<Atom, Poly>();
    var another = nodes.bool(false);
    for (var axis : reduction.axes()) {
      var renamed = Axis.of(Adjoints.apart(axis.name(), taken), axis.extent());
      taken.add(renamed.name());
      others.add(renamed);
      put.put(axis.index(), Poly.of(renamed.index()));
      another =
          nodes.or(another, nodes.compare(Comparison.NE, nodes.index(renamed), nodes.index(axis)));
    }
    var renaming = Rebuild.substitution(nodes, put);
    var axes = new ArrayList<>(equation.axes());
    axes.addAll(reduction.axes());
    var tensor =
        new Tensor(
            name.apply("others_" + equation.tensor().name()),
            equation.tensor().type(),
            axes.stream().map(Axis::extent).toList());
    var product =
        new Equation(
            tensor,
            axes,
            Optional.of(
                new Reduction(
                    Reduction.Kind.PROD,
                    others,
                    nodes.and(renaming.apply(reduction.guard()), another))),
            renaming.apply(equation.body()),
            because(equation, tensor));
    return new Rule(t.mul(dy, nodes.readAt(tensor, axes)), nodes.bool(true), List.of(product));
  }

  private Tensor like(Equation equation, String prefix) {
    var tensor = equation.tensor();
    return new Tensor(name.apply(prefix + tensor.name()), tensor.type(), tensor.shape());
  }

  private static Equation equation(Tensor tensor, Equation like, Reduction reduction, Node body) {
    return new Equation(tensor, like.axes(), Optional.of(reduction), body, because(like, tensor));
  }

  private static Origin because(Equation like, Tensor tensor) {
    return like.origin().because(tensor.name() + ", for the derivative of " + like.tensor().name());
  }
}
