package dev.nnlang.compiler.stabilise;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds logits taken of probabilities (LR-38), in a stabilised program. */
public final class Normalisers {
  /**
   * A normaliser over the output of another.
   *
   * @param outer the logsumexp, sum of exponentials or softplus
   * @param inner the probabilities that it takes for logits
   */
  public record Twice(Equation outer, Equation inner) {}

  /** Which dimension of a tensor is normalised; none for a sigmoid, where each element is. */
  private record Probability(Equation equation, Optional<Integer> dimension) {}

  private Normalisers() {}

  /** Every normaliser that reads the output of a normaliser over the same dimension. */
  public static List<Twice> find(Program program) {
    var probabilities = new LinkedHashMap<Tensor, Probability>();
    var definitions = program.definitions();
    for (var equation : program.equations()) {
      probability(equation, definitions).ifPresent(p -> probabilities.put(equation.tensor(), p));
    }
    var found = new ArrayList<Twice>();
    for (var equation : program.equations()) {
      for (var logit : logits(equation)) {
        if (logit.expr() instanceof Expr.Read(var tensor, var subscripts)
            && probabilities.get(tensor) instanceof Probability p
            && along(p, subscripts, equation)) {
          found.add(new Twice(equation, p.equation()));
        }
      }
    }
    return found;
  }

  private static boolean along(Probability p, List<Node> subscripts, Equation outer) {
    if (p.dimension().isEmpty() || outer.reduction().isEmpty()) {
      return p.dimension().isEmpty();
    }
    return subscripts.get(p.dimension().get()).expr() instanceof Expr.Index(var index)
        && outer.reduced().stream().anyMatch(a -> index.mentions(a.index()));
  }

  private static Optional<Probability> probability(
      Equation equation, Map<Tensor, Equation> definitions) {
    if (equation.reduction().isPresent()) {
      return Optional.empty();
    }
    return switch (equation.body().expr()) {
      case Expr.Unary(var op, _) when op == UnaryOp.SIGMOID ->
          Optional.of(new Probability(equation, Optional.empty()));
      case Expr.Binary(var op, var x, Node(_, Expr.Read(var tensor, _), _, _))
          when op == BinaryOp.DIV
              && Elementary.is(x, UnaryOp.EXP)
              && definitions.get(tensor) instanceof Equation sum
              && sum.reduction().isPresent()
              && !logits(sum).isEmpty() ->
          normalised(equation, x, sum).map(d -> new Probability(equation, Optional.of(d)));
      default -> Optional.empty();
    };
  }

  /** The axis of the numerator that the denominator, of one rank less, does not have. */
  private static Optional<Integer> normalised(Equation equation, Node numerator, Equation sum) {
    var denominator = Rebuild.indices(((Expr.Binary) equation.body().expr()).y());
    for (int d = equation.axes().size() - 1; d >= 0; d--) {
      Axis axis = equation.axes().get(d);
      if (Rebuild.indices(numerator).contains(axis.index())
          && !denominator.contains(axis.index())
          && sum.reduced().stream().anyMatch(r -> r.extent().equals(axis.extent()))) {
        return Optional.of(d);
      }
    }
    return Optional.empty();
  }

  /** What an equation takes for logits. */
  private static List<Node> logits(Equation equation) {
    if (equation.reduction().isPresent()) {
      var kind = equation.reduction().get().kind();
      if (kind == Reduction.Kind.LOGSUMEXP) {
        return List.of(equation.body());
      }
      if (kind == Reduction.Kind.SUM
          && Elementary.is(equation.body(), UnaryOp.EXP)
          && Elementary.operand(equation.body()).expr() instanceof Expr.Binary(var op, var x, _)
          && op == BinaryOp.SUB) {
        return List.of(x);
      }
      if (kind == Reduction.Kind.SUM && Elementary.is(equation.body(), UnaryOp.EXP)) {
        return List.of(Elementary.operand(equation.body()));
      }
      return List.of();
    }
    var found = new ArrayList<Node>();
    for (var node : Rebuild.reachable(equation.body())) {
      if (Elementary.is(node, UnaryOp.SOFTPLUS)) {
        var x = Elementary.operand(node);
        found.add(Elementary.is(x, UnaryOp.NEG) ? Elementary.operand(x) : x);
      }
    }
    return found;
  }
}
