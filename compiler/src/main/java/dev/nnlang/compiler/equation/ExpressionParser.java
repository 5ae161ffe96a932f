package dev.nnlang.compiler.equation;

import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Expr.Distribution;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads one expression of the text form; integer arithmetic on indices becomes a polynomial. */
final class ExpressionParser {
  private final Nodes nodes;
  private final EquationTokens tokens;
  private final Map<String, Tensor> tensors;
  private final List<Atom.Dim> open;
  private final List<Axis> scope;

  ExpressionParser(
      Nodes nodes,
      EquationTokens tokens,
      Map<String, Tensor> tensors,
      List<Atom.Dim> open,
      List<Axis> scope) {
    this.nodes = nodes;
    this.tokens = tokens;
    this.tensors = tensors;
    this.open = open;
    this.scope = scope;
  }

  Node expression() {
    if (tokens.take("if")) {
      var guard = expression();
      tokens.expect("then");
      var then = expression();
      tokens.expect("else");
      return nodes.of(new Expr.Select(guard, then, expression()));
    }
    if (tokens.take("not")) {
      return nodes.not(sum());
    }
    var x = comparison();
    return switch (tokens.peek()) {
      case "and" -> {
        tokens.next();
        yield nodes.of(new Expr.And(x, comparison()));
      }
      case "or" -> {
        tokens.next();
        yield nodes.of(new Expr.Or(x, comparison()));
      }
      default -> x;
    };
  }

  private Node comparison() {
    var x = sum();
    var op =
        switch (tokens.peek()) {
          case "<" -> Comparison.LT;
          case "<=" -> Comparison.LE;
          case ">" -> Comparison.GT;
          case ">=" -> Comparison.GE;
          case "==" -> Comparison.EQ;
          case "!=" -> Comparison.NE;
          default -> null;
        };
    if (op == null) {
      return x;
    }
    tokens.next();
    return nodes.compare(op, x, sum());
  }

  private Node sum() {
    var x = product();
    while (true) {
      if (tokens.take("+")) {
        x = nodes.add(x, product());
      } else if (tokens.take("-")) {
        x = nodes.sub(x, product());
      } else {
        return x;
      }
    }
  }

  private Node product() {
    var x = negation();
    while (true) {
      if (tokens.take("*")) {
        x = nodes.mul(x, negation());
      } else if (tokens.take("/")) {
        x = nodes.div(x, negation());
      } else if (tokens.take("%")) {
        x = nodes.binary(BinaryOp.MOD, x, negation());
      } else if (tokens.take("^")) {
        x = nodes.binary(BinaryOp.POW, x, negation());
      } else {
        return x;
      }
    }
  }

  private Node negation() {
    if (!tokens.take("-")) {
      return operand();
    }
    boolean enclosed = tokens.peek().equals("(");
    var x = operand();
    // A negative number and the negation of a positive one look the same; it is the number.
    return !enclosed && x.expr() instanceof Expr.Real(var value)
        ? nodes.real(-value)
        : nodes.neg(x);
  }

  private Node operand() {
    if (tokens.take("(")) {
      var inner = expression();
      tokens.expect(")");
      return inner;
    }
    var word = tokens.next();
    if (Character.isDigit(word.charAt(0))) {
      boolean whole = word.chars().allMatch(Character::isDigit);
      return whole ? nodes.integer(Long.parseLong(word)) : nodes.real(Double.parseDouble(word));
    }
    if (tokens.take("(")) {
      return call(word);
    }
    return switch (word) {
      case "true" -> nodes.bool(true);
      case "false" -> nodes.bool(false);
      case "NaN", "Infinity" -> nodes.real(Double.parseDouble(word));
      default -> name(word);
    };
  }

  private Node name(String word) {
    var index = new Atom.Index(word);
    if (scope.stream().anyMatch(axis -> axis.index().equals(index))) {
      return nodes.index(Poly.of(index));
    }
    var dim = new Atom.Dim(word);
    if (open.contains(dim)) {
      return nodes.index(Poly.of(dim));
    }
    var tensor = tensors.get(word);
    if (tensor == null) {
      throw new IllegalArgumentException("no index, dimension or tensor " + word);
    }
    return nodes.read(tensor, tokens.take("[") ? list("]") : List.of());
  }

  private List<Node> list(String end) {
    var all = new ArrayList<Node>();
    while (!tokens.take(end)) {
      all.add(expression());
      tokens.take(",");
    }
    return all;
  }

  private Node call(String word) {
    var name = word.toUpperCase(Locale.ROOT);
    if (Arrays.stream(Distribution.values()).anyMatch(d -> d.name().equals(name))) {
      return draw(Distribution.valueOf(name));
    }
    var arguments = list(")");
    if (word.equals("stop_gradient")) {
      return nodes.of(new Expr.StopGradient(arguments.getFirst()));
    }
    if (Arrays.stream(Type.values()).anyMatch(t -> t.name().equals(name))) {
      return nodes.of(new Expr.Cast(Type.valueOf(name), arguments.getFirst()));
    }
    return arguments.size() == 1
        ? nodes.unary(UnaryOp.valueOf(name), arguments.getFirst())
        : nodes.binary(BinaryOp.valueOf(name), arguments.get(0), arguments.get(1));
  }

  /** {@code normal(0.0, 1.0 @ 2a; seed, step, example, element)}, the name already read. */
  private Node draw(Distribution distribution) {
    var arguments = list("@");
    long site = Long.parseUnsignedLong(tokens.next(), 16);
    tokens.expect(";");
    var key = list(")");
    return nodes.of(
        new Expr.Draw(
            site,
            distribution,
            arguments,
            new Expr.Key(key.get(0), key.get(1), key.get(2), key.get(3))));
  }
}
