package dev.nnlang.compiler.notation;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One expression in the language, with as few parentheses as its precedences need (LR-32). Levels
 * ascend from loose to tight; an operand is put in parentheses where it is looser than its place.
 */
final class ExprNotation {
  private static final int CONDITIONAL = 0;
  private static final int OR = 1;
  private static final int AND = 2;
  private static final int NOT = 3;
  private static final int COMPARE = 4;
  private static final int SUM = 5;
  private static final int PRODUCT = 6;
  private static final int MINUS = 7;
  private static final int POWER = 8;
  private static final int POSTFIX = 10;

  private final Names names;

  ExprNotation(Names names) {
    this.names = names;
  }

  private record Written(String text, int level) {}

  String of(Node node) {
    return write(node).text();
  }

  /** As a subscript or a range: integer arithmetic, whose {@code /} rounds down. */
  String subscript(Node node) {
    return node.expr() instanceof Expr.Index(var p) ? of(p) : of(node);
  }

  /** A polynomial with the indices under the names they are written by. */
  String of(Poly poly) {
    return poly.substitute(
            atom -> atom instanceof Atom.Index(var name) ? Poly.index(names.index(name)) : null)
        .toString();
  }

  private String at(Node node, int level) {
    var written = write(node);
    return written.level < level ? "(" + written.text + ")" : written.text;
  }

  private Written write(Node node) {
    return switch (node.expr()) {
      case Expr.Real(var value) -> number(value);
      case Expr.Bool(var value) -> new Written(Boolean.toString(value), POSTFIX);
      case Expr.Index(var p) -> integer(p);
      case Expr.Read(var tensor, var subscripts) -> {
        var name = names.tensor(tensor.name());
        yield new Written(
            subscripts.isEmpty()
                ? name
                : name
                    + subscripts.stream()
                        .map(this::subscript)
                        .collect(Collectors.joining(", ", "[", "]")),
            POSTFIX);
      }
      case Expr.Unary(var op, var x) -> unary(op, x);
      case Expr.Binary(var op, var x, var y) -> binary(op, x, y);
      case Expr.Compare(var op, var x, var y) ->
          new Written(at(x, SUM) + " " + symbol(op) + " " + at(y, SUM), COMPARE);
      case Expr.Not(var x) -> new Written("not " + at(x, NOT), NOT);
      case Expr.And(var x, var y) -> new Written(at(x, AND) + " and " + at(y, NOT), AND);
      case Expr.Or(var x, var y) -> new Written(at(x, OR) + " or " + at(y, AND), OR);
      case Expr.Select(var guard, var x, var y) ->
          new Written(
              "if " + at(guard, OR) + " then " + at(x, OR) + " else " + at(y, CONDITIONAL),
              CONDITIONAL);
      case Expr.Cast(var to, var x) -> call(to == Type.REAL ? "real" : "int", x);
      case Expr.StopGradient(var x) -> call("stop_gradient", x);
      case Expr.Draw _ ->
          throw new CompilerBug("a draw has no form as a function of its inputs: " + node);
    };
  }

  private static Written number(double value) {
    if (Double.isNaN(value)) {
      return new Written("(inf - inf)", POSTFIX);
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? new Written("inf", POSTFIX) : new Written("-inf", MINUS);
    }
    var text = Double.toString(value).toLowerCase(Locale.ROOT);
    boolean negative = text.startsWith("-");
    return new Written(text, negative ? MINUS : POSTFIX);
  }

  /** An integer used as a value; it becomes a real where a real is wanted. */
  private Written integer(Poly p) {
    if (p.isConstant()) {
      return new Written(p.toString(), p.constantTerm() < 0 ? MINUS : POSTFIX);
    }
    boolean single = p.terms().size() == 1 && p.terms().firstKey().size() == 1;
    boolean plain = single && p.terms().get(p.terms().firstKey()) == 1;
    // A quotient in a real position would be real division: floor says which one is meant (LR-1).
    return p.terms().keySet().stream().flatMap(m -> m.stream()).anyMatch(ExprNotation::divides)
        ? floors(p)
        : new Written(of(p), plain ? POSTFIX : SUM);
  }

  private static boolean divides(Atom atom) {
    return atom instanceof Atom.Quotient || atom instanceof Atom.Remainder;
  }

  private Written floors(Poly p) {
    var parts =
        p.terms().entrySet().stream()
            .map(
                term -> {
                  var factors =
                      term.getKey().stream()
                          .map(
                              atom ->
                                  switch (atom) {
                                    case Atom.Dim(var name) -> name;
                                    case Atom.Index(var name) -> names.index(name);
                                    case Atom.Quotient(var a, var b) ->
                                        "floor((" + of(a) + ") / (" + of(b) + "))";
                                    case Atom.Remainder(var a, var b) ->
                                        "((" + of(a) + ") % (" + of(b) + "))";
                                  })
                          .collect(Collectors.joining(" * "));
                  long c = term.getValue();
                  return factors.isEmpty()
                      ? "(" + c + ")"
                      : c == 1 ? factors : "(" + c + ") * " + factors;
                })
            .collect(Collectors.joining(" + "));
    return new Written(parts, SUM);
  }

  private Written call(String name, Node... arguments) {
    var list = java.util.Arrays.stream(arguments).map(this::of).collect(Collectors.joining(", "));
    return new Written(name + "(" + list + ")", POSTFIX);
  }

  private Written unary(UnaryOp op, Node x) {
    return switch (op) {
      case NEG -> new Written("-" + at(x, MINUS), MINUS);
      // The two that only the stabiliser makes are spelled as it found them.
      case SIGMOID -> new Written("1 / (1 + exp(-" + at(x, POWER) + "))", PRODUCT);
      case SOFTPLUS -> new Written("log(1 + exp(" + of(x) + "))", POSTFIX);
      case ABS,
          SIGN,
          FLOOR,
          CEIL,
          ROUND,
          EXP,
          EXPM1,
          LOG,
          LOG1P,
          SQRT,
          RSQRT,
          SIN,
          COS,
          TAN,
          TANH,
          ERF ->
          call(op.name().toLowerCase(Locale.ROOT), x);
    };
  }

  private Written binary(BinaryOp op, Node x, Node y) {
    return switch (op) {
      case ADD -> new Written(at(x, SUM) + " + " + at(y, PRODUCT), SUM);
      case SUB -> new Written(at(x, SUM) + " - " + at(y, PRODUCT), SUM);
      case MUL -> new Written(at(x, PRODUCT) + " * " + at(y, MINUS), PRODUCT);
      case DIV -> {
        var text = at(x, PRODUCT) + " / " + at(y, MINUS);
        yield x.type() == Type.INT
            ? new Written("floor(" + text + ")", POSTFIX)
            : new Written(text, PRODUCT);
      }
      case MOD -> new Written(at(x, PRODUCT) + " % " + at(y, MINUS), PRODUCT);
      case POW -> new Written(at(x, POSTFIX) + "^" + at(y, POWER), POWER);
      case MIN -> call("min", x, y);
      case MAX -> call("max", x, y);
      case ATAN2 -> call("atan2", x, y);
    };
  }

  private static String symbol(Comparison op) {
    return switch (op) {
      case LT -> "<";
      case LE -> "<=";
      case GT -> ">";
      case GE -> ">=";
      case EQ -> "==";
      case NE -> "!=";
    };
  }
}
