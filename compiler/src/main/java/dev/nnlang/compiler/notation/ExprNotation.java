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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
  private Set<Node> outside = Set.of();

  /** Quotients of dimensions, each under the name of a dimension of its own. */
  private final Map<Atom, String> dimensions = new LinkedHashMap<>();

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

  /** From now on these reads get a fallback. */
  void outside(Set<Node> reads) {
    outside = reads;
  }

  /** Gives the quotients and remainders of dimensions in it names of their own. */
  void nameQuotients(Poly poly) {
    for (var monomial : poly.terms().keySet()) {
      for (var atom : monomial) {
        switch (atom) {
          case Atom.Dim _, Atom.Index _ -> {}
          case Atom.Quotient(var a, var b) -> nameQuotient(atom, a, b);
          case Atom.Remainder(var a, var b) -> nameQuotient(atom, a, b);
        }
      }
    }
  }

  private void nameQuotient(Atom atom, Poly a, Poly b) {
    nameQuotients(a);
    nameQuotients(b);
    if (!Poly.of(atom).hasIndex()) {
      dimensions.computeIfAbsent(atom, _ -> names.dimensionLike(a));
    }
  }

  /** The dimensions of {@link #nameQuotients}, as statements. */
  List<String> dimensions() {
    var lines = new ArrayList<String>();
    dimensions.forEach((atom, name) -> lines.add("dim " + name + " = " + divided(atom)));
    return lines;
  }

  /**
   * A polynomial with the indices under the names they are written by; the constant stands last.
   */
  String of(Poly poly) {
    if (poly.terms().size() == 1
        && poly.terms().firstKey().size() == 1
        && poly.equals(Poly.of(poly.terms().firstKey().getFirst()))
        && !dimensions.containsKey(poly.terms().firstKey().getFirst())) {
      return divided(poly.terms().firstKey().getFirst());
    }
    var text = new StringBuilder();
    poly.terms()
        .forEach(
            (monomial, c) -> {
              if (!monomial.isEmpty()) {
                term(text, c, monomial);
              }
            });
    if (poly.constantTerm() != 0 || text.isEmpty()) {
      term(text, poly.constantTerm(), List.of());
    }
    return text.toString();
  }

  private void term(StringBuilder text, long c, List<Atom> monomial) {
    if (text.isEmpty()) {
      text.append(c < 0 ? "-" : "");
    } else {
      text.append(c < 0 ? " - " : " + ");
    }
    var magnitude = Long.toString(c).replace("-", "");
    var factors = new ArrayList<String>();
    if (monomial.isEmpty() || !magnitude.equals("1")) {
      factors.add(magnitude);
    }
    monomial.forEach(atom -> factors.add(factor(atom)));
    text.append(String.join("*", factors));
  }

  private String factor(Atom atom) {
    return switch (atom) {
      case Atom.Index(var name) -> names.index(name);
      case Atom.Dim(var name) -> Names.dimension(name);
      case Atom.Quotient _, Atom.Remainder _ -> {
        var named = dimensions.get(atom);
        yield named == null ? "(" + divided(atom) + ")" : named;
      }
    };
  }

  private String divided(Atom atom) {
    return switch (atom) {
      case Atom.Quotient(var a, var b) -> operand(a) + " / " + operand(b);
      case Atom.Remainder(var a, var b) -> operand(a) + " % " + operand(b);
      case Atom.Dim _, Atom.Index _ -> factor(atom);
    };
  }

  private String operand(Poly p) {
    var text = of(p);
    return text.matches("\\w+") ? text : "(" + text + ")";
  }

  private String at(Node node, int level) {
    var written = write(node);
    return written.level < level ? "(" + written.text + ")" : written.text;
  }

  /**
   * An operand whose other operand is {@code other}: beside what is real anyway, {@code 2} says as
   * much as {@code 2.0}.
   */
  private String beside(Node node, Node other, int level) {
    boolean real = node.type() == Type.REAL && !(other.expr() instanceof Expr.Real);
    if (real
        && node.expr() instanceof Expr.Real(var value)
        && value == Math.rint(value)
        && Math.abs(value) < 1e6
        && Double.compare(value, -0.0) != 0) {
      var written = new Written(Long.toString((long) value), value < 0 ? MINUS : POSTFIX);
      return written.level < level ? "(" + written.text + ")" : written.text;
    }
    return at(node, level);
  }

  private Written write(Node node) {
    return switch (node.expr()) {
      case Expr.Real(var value) -> number(value);
      case Expr.Bool(var value) -> new Written(Boolean.toString(value), POSTFIX);
      case Expr.Index(var p) -> integer(p);
      case Expr.Read(var tensor, var subscripts) -> {
        var name = names.tensor(tensor.name());
        var text =
            subscripts.isEmpty()
                ? name
                : name
                    + subscripts.stream()
                        .map(this::subscript)
                        .collect(Collectors.joining(", ", "[", "]"));
        var fallback = tensor.type() == Type.BOOL ? "false" : "0";
        yield new Written(
            outside.contains(node) ? "(" + text + " ?? " + fallback + ")" : text, POSTFIX);
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
              "if "
                  + at(guard, OR)
                  + " then "
                  + beside(x, y, OR)
                  + " else "
                  + beside(y, x, CONDITIONAL),
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
    var text = Double.toString(value).toLowerCase(Locale.ROOT).replace(".0e", "e");
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
    return p.terms().keySet().stream()
            .flatMap(m -> m.stream())
            .anyMatch(atom -> Fallbacks.divides(atom) && !dimensions.containsKey(atom))
        ? floors(p)
        : new Written(of(p), plain ? POSTFIX : SUM);
  }

  /** Every quotient under a floor, every other term as it is. */
  private Written floors(Poly p) {
    var text = new StringBuilder();
    p.terms()
        .forEach(
            (monomial, c) -> {
              var factors = new ArrayList<String>();
              if (monomial.isEmpty() || Math.abs(c) != 1) {
                factors.add(Long.toString(Math.abs(c)));
              }
              for (var atom : monomial) {
                boolean quotient = atom instanceof Atom.Quotient && !dimensions.containsKey(atom);
                factors.add(quotient ? "floor(" + divided(atom) + ")" : factor(atom));
              }
              text.append(text.isEmpty() ? (c < 0 ? "-" : "") : (c < 0 ? " - " : " + "));
              text.append(String.join("*", factors));
            });
    return new Written(text.toString(), SUM);
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
      case ADD ->
          // Adding 0 changes at most the sign of a 0: for readers it is nothing.
          isZero(y)
              ? write(x)
              : isZero(x)
                  ? write(y)
                  : new Written(beside(x, y, SUM) + " + " + beside(y, x, PRODUCT), SUM);
      case SUB -> new Written(beside(x, y, SUM) + " - " + beside(y, x, PRODUCT), SUM);
      case MUL ->
          x == y
              ? new Written(at(x, POSTFIX) + "^2", POWER)
              : new Written(beside(x, y, PRODUCT) + " * " + beside(y, x, MINUS), PRODUCT);
      case DIV -> {
        var text = beside(x, y, PRODUCT) + " / " + beside(y, x, MINUS);
        yield x.type() == Type.INT
            ? new Written("floor(" + text + ")", POSTFIX)
            : new Written(text, PRODUCT);
      }
      case MOD -> new Written(at(x, PRODUCT) + " % " + at(y, MINUS), PRODUCT);
      case POW -> new Written(at(x, POSTFIX) + "^" + beside(y, x, POWER), POWER);
      case MIN -> call("min", x, y);
      case MAX -> call("max", x, y);
      case ATAN2 -> call("atan2", x, y);
    };
  }

  private static boolean isZero(Node node) {
    return node.expr() instanceof Expr.Real(var value) && value == 0;
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
