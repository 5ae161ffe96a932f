package dev.nnlang.compiler;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A program in which every draw has become an input {@code draw/1}, {@code draw/2}, ..., so that it
 * is a function of what it is given and can be written as one. The input has the axes of the
 * equation that draws; where a gradient flows to the arguments of a draw, it holds the standard
 * number: {@code mean + deviation * draw}.
 */
final class GivenDraws {
  private final Nodes nodes;
  private final List<Program.Input> inputs = new ArrayList<>();
  private final Map<Map.Entry<Long, List<Poly>>, Tensor> given = new HashMap<>();

  private GivenDraws(Nodes nodes) {
    this.nodes = nodes;
  }

  static Program of(Program p) {
    var draws = new GivenDraws(p.nodes());
    var equations = p.equations().stream().map(draws::without).toList();
    var inputs = new ArrayList<>(p.inputs());
    inputs.addAll(draws.inputs);
    return new Program(
        p.name(),
        p.nodes(),
        p.open(),
        inputs,
        equations,
        p.derivatives(),
        p.outputs(),
        p.updates());
  }

  private Equation without(Equation e) {
    var axes = new ArrayList<>(e.axes());
    axes.addAll(e.reduced());
    UnaryOperator<Node> put =
        Rebuild.upwards(
            nodes,
            node ->
                switch (node.expr()) {
                  case Expr.Draw draw -> value(draw, nodes.readAt(input(draw.site(), axes), axes));
                  default -> node;
                });
    return new Equation(e.tensor(), e.axes(), e.reduction(), put.apply(e.body()), e.origin());
  }

  private Tensor input(long site, List<Axis> axes) {
    var shape = axes.stream().map(Axis::extent).toList();
    return given.computeIfAbsent(
        Map.entry(site, shape),
        _ -> {
          var tensor = new Tensor("draw/" + (inputs.size() + 1), Type.REAL, shape);
          inputs.add(new Program.Input(tensor, Program.Role.DATA));
          return tensor;
        });
  }

  private Node value(Expr.Draw draw, Node standard) {
    return switch (draw.distribution()) {
      case NORMAL ->
          nodes.add(draw.arguments().get(0), nodes.mul(draw.arguments().get(1), standard));
      case UNIFORM -> {
        var low = draw.arguments().get(0);
        yield nodes.add(low, nodes.mul(nodes.sub(draw.arguments().get(1), low), standard));
      }
      case TRUNCATED_NORMAL, BERNOULLI, ORTHOGONAL -> standard;
    };
  }
}
