package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Access;
import dev.nnlang.compiler.schedule.Walk;
import dev.nnlang.compiler.size.Poly;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes expressions. A value that is used more than once goes into a local, as long as control
 * stays where it was computed: branches that may not be taken forget what they computed.
 */
final class Expressions {
  /** Longer ones are cut: compilers allow only so many brackets inside of each other. */
  private static final int LONGEST = 200;

  private final Scope scope;
  private final Text text;
  private final Words words;
  private final Map<Node, Integer> uses = new HashMap<>();

  Expressions(Scope scope, Collection<Node> roots) {
    this.scope = scope;
    this.text = scope.text;
    this.words = new Words(scope.real);
    for (var node : Walk.nodes(roots)) {
      Walk.operands(node.expr()).forEach(o -> uses.merge(o, 1, Integer::sum));
    }
    roots.forEach(r -> uses.merge(r, 1, Integer::sum));
  }

  /** The node's value as an expression that may stand anywhere in this block. */
  String value(Node node) {
    var known = scope.known(node);
    if (known != null) {
      return known;
    }
    var value = written(node);
    boolean shared = uses.getOrDefault(node, 1) > 1 && !isTrivial(node);
    if (!shared && value.length() <= LONGEST) {
      return value;
    }
    var local = text.declare(Scope.type(node.type()), "v", value);
    scope.know(node, local);
    return local;
  }

  /** The value in a local or a constant, to be used more than once. */
  String local(Node node) {
    var value = value(node);
    if (value.matches("[A-Za-z0-9_.]+")) {
      return value;
    }
    var local = text.declare(Scope.type(node.type()), "v", value);
    scope.know(node, local);
    return local;
  }

  private static boolean isTrivial(Node node) {
    return switch (node.expr()) {
      case Expr.Real _, Expr.Bool _ -> true;
      case Expr.Index(var value) -> value.terms().size() <= 1;
      case Expr.StopGradient(var x) -> isTrivial(x);
      case Expr.Read _, Expr.Unary _, Expr.Binary _, Expr.Compare _, Expr.Not _ -> false;
      case Expr.And _, Expr.Or _, Expr.Select _, Expr.Cast _, Expr.Draw _ -> false;
    };
  }

  private String written(Node node) {
    return switch (node.expr()) {
      case Expr.Real(var value) -> words.real(value);
      case Expr.Bool(var value) -> value ? "1" : "0";
      case Expr.Index(var value) -> Formulas.longs(scope, value);
      case Expr.Read read -> read(read);
      case Expr.Unary(var op, var x) -> Words.unary(op, node.type(), value(x));
      case Expr.Binary(var op, var x, var y) -> {
        var left = value(x);
        yield Words.binary(op, node.type(), left, value(y));
      }
      case Expr.Compare compare -> compare(compare);
      case Expr.Not(var x) -> "!" + value(x);
      case Expr.And(var x, var y) -> choice(node, x, y, falseNode());
      case Expr.Or(var x, var y) -> choice(node, x, trueNode(), y);
      case Expr.Select(var guard, var then, var otherwise) -> choice(node, guard, then, otherwise);
      case Expr.Cast(var to, var x) -> Words.cast(x.type(), to, value(x));
      case Expr.StopGradient(var x) -> value(x);
      case Expr.Draw draw -> draw(draw);
    };
  }

  private Node trueNode() {
    return scope.nodes().bool(true);
  }

  private Node falseNode() {
    return scope.nodes().bool(false);
  }

  private String compare(Expr.Compare compare) {
    var sign = Words.sign(compare.op());
    if (compare.x().expr() instanceof Expr.Index(var p)
        && compare.y().expr() instanceof Expr.Index(var q)
        && Formulas.isSmall(p)
        && Formulas.isSmall(q)) {
      return "(%s %s %s)".formatted(Formulas.ints(scope, p), sign, Formulas.ints(scope, q));
    }
    var left = value(compare.x());
    return "(%s %s %s)".formatted(left, sign, value(compare.y()));
  }

  /** Only the side that is chosen is evaluated, with all that it needs. */
  private String choice(Node node, Node guard, Node then, Node otherwise) {
    var test = value(guard);
    var values = new String[2];
    var first = text.capture(() -> scope.inside(() -> values[0] = value(then)));
    var second = text.capture(() -> scope.inside(() -> values[1] = value(otherwise)));
    if (first.isEmpty() && second.isEmpty()) {
      return "(%s ? %s : %s)".formatted(test, values[0], values[1]);
    }
    var result = text.name("v");
    text.line(Scope.type(node.type()) + " " + result + ";");
    text.line("if (" + test + ") {");
    text.add(first);
    text.line("  " + result + " = " + values[0] + ";");
    text.line("} else {");
    text.add(second);
    text.line("  " + result + " = " + values[1] + ";");
    text.line("}");
    return result;
  }

  private String draw(Expr.Draw draw) {
    var key = draw.key();
    var function =
        switch (draw.distribution()) {
          case UNIFORM -> "nn_uniform";
          case NORMAL -> "nn_normal";
          case TRUNCATED_NORMAL -> "nn_truncated";
          case BERNOULLI -> "nn_bernoulli";
          case ORTHOGONAL -> throw new CompilerBug("an orthogonal draw inside an expression");
        };
    var words = Stream.of(key.seed(), key.step(), key.example(), key.element()).map(this::value);
    var arguments = draw.arguments().stream().map(a -> "(double)" + value(a));
    return "(REAL)%s(%s, %s)"
        .formatted(
            function,
            Words.whole(draw.site()),
            Stream.concat(words, arguments).collect(Collectors.joining(", ")));
  }

  // Memory.

  private String read(Expr.Read read) {
    var place = place(read.tensor(), read.subscripts());
    var element = scope.reads(read.tensor()) + "[" + place + "]";
    return read.tensor().type() == Type.BOOL ? "(" + element + " != 0)" : element;
  }

  /** The place of an element in its array. */
  String place(Tensor tensor, List<Node> subscripts) {
    var affine = Access.place(tensor, subscripts);
    var strides = Access.strides(tensor);
    var terms = new StringBuilder();
    for (int p = 0; p < subscripts.size(); p++) {
      if (subscripts.get(p).expr() instanceof Expr.Index) {
        continue;
      }
      var index =
          "nn_index(%s, %s, %s, %s)"
              .formatted(
                  value(subscripts.get(p)),
                  Formulas.ints(scope, tensor.shape().get(p)),
                  scope.gathers(tensor),
                  scope.report());
      terms.append(terms.isEmpty() ? "" : " + ").append(index);
      if (!strides[p].is(1)) {
        terms.append(" * ").append(Formulas.ints(scope, strides[p]));
      }
    }
    if (terms.isEmpty()) {
      return place(affine);
    }
    return affine.is(0) ? terms.toString() : terms + " + " + place(affine);
  }

  private String place(Poly distance) {
    return Formulas.ints(scope, distance);
  }

  /** Stores a value at an equation's own place. */
  void store(dev.nnlang.compiler.equation.Equation equation, String value) {
    text.line("%s = %s;".formatted(scope.target(equation), value));
  }
}
