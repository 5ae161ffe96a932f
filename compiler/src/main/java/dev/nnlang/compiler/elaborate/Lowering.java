package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Origin;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.semantics.Typed;
import java.util.List;
import java.util.function.BinaryOperator;

/** Expressions in one scope as values. One clause for each kind of expression. */
final class Lowering {
  private final Scope scope;
  private final Frame frame;
  private final Nodes nodes;

  Lowering(Scope scope) {
    this.scope = scope;
    this.frame = scope.frame();
    this.nodes = frame.assembly().nodes;
  }

  Value value(Typed.Expr expr) {
    return switch (expr) {
      case Typed.Real(var value, _, _) -> Value.scalar(nodes.real(value));
      case Typed.Bool(var value, _, _) -> Value.scalar(nodes.bool(value));
      case Typed.Position(var poly, _, _) -> Value.scalar(scope.position(poly));
      case Typed.Whole(var variable, var primed, _, _) -> variable(variable, primed);
      case Typed.Access access -> new Accesses(scope).value(access);
      case Typed.Unary(var op, var x, _, _) -> {
        var value = value(x);
        yield new Value(value.type(), value.shape(), at -> nodes.unary(op, value.at(at)));
      }
      case Typed.Binary(var op, var x, var y, _, _) -> {
        var first = value(x);
        yield both(first.type(), first, value(y), (a, b) -> nodes.binary(op, a, b));
      }
      case Typed.Compare(var op, var x, var y, _, _) ->
          both(Type.BOOL, value(x), value(y), (a, b) -> nodes.compare(op, a, b));
      case Typed.Not(var x, _, _) -> {
        var value = value(x);
        yield new Value(Type.BOOL, value.shape(), at -> nodes.not(value.at(at)));
      }
      case Typed.And(var x, var y, _, _) -> {
        var first = value(x);
        yield both(Type.BOOL, first, when(first, true).value(y), nodes::and);
      }
      case Typed.Or(var x, var y, _, _) -> {
        var first = value(x);
        yield both(Type.BOOL, first, when(first, false).value(y), nodes::or);
      }
      case Typed.Select select -> select(select);
      case Typed.Cast(var x, var type, _) -> {
        var value = value(x);
        var to = Frame.type(type.element());
        yield new Value(to, value.shape(), at -> cast(nodes, to, value.at(at)));
      }
      case Typed.Reduce reduce -> new Reductions(scope).value(reduce);
      case Typed.ReduceAll reduce -> new Reductions(scope).value(reduce);
      case Typed.Result(var call, var output, _, _) -> frame.results(call, scope).get(output);
      case Typed.Reshape(var x, var type, _) -> reshape(value(x), type);
      case Typed.StopGradient(var x, _, _) -> {
        var value = value(x);
        yield new Value(
            value.type(), value.shape(), at -> nodes.of(new Expr.StopGradient(value.at(at))));
      }
      case Typed.Gradient gradient -> new Gradients(scope).value(gradient);
      case Typed.Draw draw -> new Draws(scope).value(draw);
      case Typed.Fan(var direction, var type, _) ->
          Value.scalar(cast(nodes, Frame.type(type.element()), fan(direction)));
      case Typed.Counter(var which, var type, _) ->
          Value.scalar(
              cast(
                  nodes,
                  Frame.type(type.element()),
                  frame
                      .assembly()
                      .scalar(
                          switch (which) {
                            case STEP -> "step";
                            case STEPS -> "steps";
                          })));
      case Typed.Figure(var result, _, _) -> figure(frame.assembly(), result);
      case Typed.OverParams over -> overParams(over);
    };
  }

  private static Value figure(Assembly assembly, String result) {
    var input = assembly.input("figure/" + result, Type.REAL, List.of(), Program.Role.DATA);
    return Value.scalar(assembly.read(input, List.of()));
  }

  Node node(Typed.Expr expr) {
    return value(expr).node();
  }

  private Value variable(Typed.Variable variable, boolean primed) {
    if (primed) {
      return frame.next(variable);
    }
    return scope.updated().isPresent() && variable.role() == Typed.Role.STATE
        ? frame.before(variable)
        : frame.value(variable);
  }

  /** Elementwise; one of the operands may be a scalar, which is the same for all elements. */
  private static Value both(Type type, Value x, Value y, BinaryOperator<Node> op) {
    var shape = x.rank() == 0 ? y.shape() : x.shape();
    return new Value(type, shape, at -> op.apply(x.spread(at), y.spread(at)));
  }

  /** Integers that are known become real numbers here and now. */
  static Node cast(Nodes nodes, Type to, Node node) {
    return to == Type.REAL && node.expr() instanceof Expr.Index(var p) && p.constant().isPresent()
        ? nodes.real(p.constantTerm())
        : nodes.cast(to, node);
  }

  /** Where a branch of a scalar condition is evaluated. */
  private Lowering when(Value condition, boolean holds) {
    if (condition.rank() > 0) {
      return this;
    }
    var node = condition.node();
    return new Lowering(scope.when(holds ? node : nodes.not(node)));
  }

  private Value select(Typed.Select select) {
    var condition = value(select.condition());
    if (condition.rank() == 0 && condition.node().expr() instanceof Expr.Bool(var holds)) {
      return value(holds ? select.then() : select.otherwise());
    }
    var then = when(condition, true).value(select.then());
    var otherwise = when(condition, false).value(select.otherwise());
    var shape =
        condition.rank() > 0
            ? condition.shape()
            : then.rank() > 0 ? then.shape() : otherwise.shape();
    return new Value(
        then.type(),
        shape,
        at -> nodes.select(condition.spread(at), then.spread(at), otherwise.spread(at)));
  }

  private Value reshape(Value from, Typed.Type type) {
    var shape = frame.extents(type.shape());
    var rows = new RowMajor(frame.assembly());
    var copied = materialise(from, "reshaped");
    return new Value(from.type(), shape, at -> copied.at(rows.reshape(at, shape, copied.shape())));
  }

  private Node fan(Typed.Fan.Direction direction) {
    var fan = frame.use().fan().orElseThrow(() -> new CompilerBug("no parameter has this fan"));
    return nodes.integer(
        switch (direction) {
          case IN -> fan.in();
          case OUT -> fan.out();
        });
  }

  private Value overParams(Typed.OverParams over) {
    Node sum = null;
    for (var term : over.terms()) {
      var input = term.body().inputs().getFirst();
      var path = frame.path(term.parameter());
      var called =
          frame.inner(
              term.body(),
              Frame.Use.plain(path + "/" + term.body().name(), scope.target().order()));
      called.bind(
          input,
          frame.whole(
              frame
                  .assembly()
                  .input(
                      path, Type.REAL, frame.extents(input.type().shape()), Program.Role.PARAMETER),
              List.of()));
      var node = called.value(term.body().outputs().getFirst()).node();
      sum = sum == null ? node : nodes.add(sum, node);
    }
    return Value.scalar(sum == null ? nodes.real(0) : sum);
  }

  /** The value as a tensor of its own, unless it is a mere read of one. */
  Value materialise(Value value, String word) {
    var assembly = frame.assembly();
    var axes = assembly.axes(value.shape(), scope.names());
    var node = value.at(axes.stream().map(nodes::index).toList());
    return Definitions.isRead(node) ? value : tensor(axes, node, word);
  }

  /** A tensor of these dimensions and of those indices of the scope that the node depends on. */
  private Value tensor(List<Axis> axes, Node node, String word) {
    var guarded = Definitions.guarded(scope, node);
    var around = scope.among(Rebuild.indices(guarded));
    var target = scope.target();
    var tensor =
        frame
            .assembly()
            .define(
                target.name() + "_" + word,
                Definitions.join(around, axes),
                guarded,
                target.order(),
                Origin.of(target.span(), target.name() + ": " + word));
    return frame.whole(tensor, around);
  }
}
