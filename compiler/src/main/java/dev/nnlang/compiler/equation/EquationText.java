package dev.nnlang.compiler.equation;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The text form of the middle language: what {@code nn explain --after STAGE} prints and what tests
 * compare.
 *
 * <pre>{@code
 * program step(batch)
 *   input x: real[batch, 64] data
 *   z[b: batch, o: 10] = sum[k: 64](x[b, k] * w[k, o])   -- Dense_1: y
 *   output p = z
 * }</pre>
 *
 * Every operator is written with the parentheses that the tree has, so that the text says exactly
 * what is computed in which order.
 */
public final class EquationText {
  private EquationText() {}

  public static String of(Program program) {
    var text = new StringBuilder();
    var open = program.open().stream().map(Object::toString).collect(Collectors.joining(", "));
    text.append("program ").append(program.name()).append('(').append(open).append(")\n");
    for (var input : program.inputs()) {
      text.append("  input ")
          .append(declaration(input.tensor()))
          .append(' ')
          .append(input.role().name().toLowerCase(Locale.ROOT))
          .append('\n');
    }
    for (var equation : program.equations()) {
      text.append("  ").append(of(equation));
      text.append("   -- ").append(equation.origin().why()).append('\n');
    }
    for (var derivative : program.derivatives()) {
      text.append("  derivative ")
          .append(declaration(derivative.result()))
          .append(" = d " + derivative.of() + " / d " + derivative.by() + "\n");
    }
    program.outputs().forEach(o -> text.append("  output " + o.name() + " = " + o.tensor() + "\n"));
    program.updates().forEach(u -> text.append("  update " + u.state() + " <- " + u.next() + "\n"));
    return text.toString();
  }

  private static String declaration(Tensor tensor) {
    var shape = tensor.shape().stream().map(Object::toString).collect(Collectors.joining(", "));
    return tensor.name() + ": " + tensor.type().name().toLowerCase(Locale.ROOT) + "[" + shape + "]";
  }

  public static String of(Equation e) {
    var left = e.tensor().name() + axes(e.axes());
    if (e.tensor().type() != Type.REAL) {
      left += ": " + e.tensor().type().name().toLowerCase(Locale.ROOT);
    }
    return left
        + " = "
        + e.reduction().map(r -> reduction(r, e.body())).orElseGet(() -> of(e.body()));
  }

  private static String reduction(Reduction r, Node body) {
    var binders = r.axes().stream().map(Object::toString).collect(Collectors.joining(", "));
    boolean always = r.guard().expr() instanceof Expr.Bool(var value) && value;
    return r.kind().name().toLowerCase(Locale.ROOT)
        + ("[" + binders + (always ? "" : " | " + of(r.guard())) + "](" + of(body) + ")");
  }

  private static String axes(List<Axis> axes) {
    return axes.isEmpty()
        ? ""
        : axes.stream().map(Object::toString).collect(Collectors.joining(", ", "[", "]"));
  }

  public static String of(Node node) {
    return switch (node.expr()) {
      case Expr.Real(var value) -> Double.toString(value);
      case Expr.Bool(var value) -> Boolean.toString(value);
      case Expr.Index(var p) -> p.toString();
      case Expr.Read(var tensor, var subscripts) ->
          subscripts.isEmpty() ? tensor.name() : tensor.name() + "[" + list(subscripts) + "]";
      case Expr.Unary(var op, var x) ->
          op == Expr.UnaryOp.NEG
              ? "-" + operand(x)
              : op.name().toLowerCase(Locale.ROOT) + "(" + of(x) + ")";
      case Expr.Binary(var op, var x, var y) -> binary(op, x, y);
      case Expr.Compare(var op, var x, var y) -> operand(x) + " " + symbol(op) + " " + operand(y);
      case Expr.Not(var x) -> "not " + operand(x);
      case Expr.And(var x, var y) -> operand(x) + " and " + operand(y);
      case Expr.Or(var x, var y) -> operand(x) + " or " + operand(y);
      case Expr.Select(var guard, var x, var y) ->
          "if " + of(guard) + " then " + operand(x) + " else " + operand(y);
      case Expr.Cast(var to, var x) -> to.name().toLowerCase(Locale.ROOT) + "(" + of(x) + ")";
      case Expr.StopGradient(var x) -> "stop_gradient(" + of(x) + ")";
      case Expr.Draw(var site, var distribution, var arguments, var key) ->
          distribution.name().toLowerCase(Locale.ROOT)
              + ("(" + list(arguments) + " @ " + Long.toHexString(site))
              + ("; " + list(List.of(key.seed(), key.step(), key.example(), key.element())) + ")");
    };
  }

  private static String list(List<Node> nodes) {
    return nodes.stream().map(EquationText::of).collect(Collectors.joining(", "));
  }

  private static String binary(Expr.BinaryOp op, Node x, Node y) {
    return switch (op) {
      case ADD -> operand(x) + " + " + operand(y);
      case SUB -> operand(x) + " - " + operand(y);
      case MUL -> operand(x) + " * " + operand(y);
      case DIV -> operand(x) + " / " + operand(y);
      case MOD -> operand(x) + " % " + operand(y);
      case POW -> operand(x) + "^" + operand(y);
      case MIN, MAX, ATAN2 -> op.name().toLowerCase(Locale.ROOT) + "(" + of(x) + ", " + of(y) + ")";
    };
  }

  private static String symbol(Expr.Comparison op) {
    return switch (op) {
      case LT -> "<";
      case LE -> "<=";
      case GT -> ">";
      case GE -> ">=";
      case EQ -> "==";
      case NE -> "!=";
    };
  }

  /** In parentheses unless it is one word, a call or an access. */
  private static String operand(Node node) {
    boolean simple =
        switch (node.expr()) {
          case Expr.Real(var value) -> value >= 0;
          case Expr.Index(var p) ->
              p.terms().size() <= 1 && p.toString().chars().allMatch(Character::isLetterOrDigit);
          case Expr.Bool _, Expr.Read _, Expr.Cast _, Expr.StopGradient _, Expr.Draw _ -> true;
          case Expr.Unary(var op, _) -> op != Expr.UnaryOp.NEG;
          case Expr.Binary(var op, _, _) ->
              switch (op) {
                case MIN, MAX, ATAN2 -> true;
                case ADD, SUB, MUL, DIV, MOD, POW -> false;
              };
          case Expr.Compare _, Expr.Not _, Expr.And _, Expr.Or _, Expr.Select _ -> false;
        };
    return simple ? of(node) : "(" + of(node) + ")";
  }
}
