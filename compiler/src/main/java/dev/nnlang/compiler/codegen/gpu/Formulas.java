package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.List;

/** Writes integer polynomials of dimensions and indices. */
final class Formulas {
  /** Of coefficients in a sum that is surely an int, as the indices in it are. */
  private static final long SMALL = 8;

  private final Scope scope;
  private final boolean wide;

  private Formulas(Scope scope, boolean wide) {
    this.scope = scope;
    this.wide = wide;
  }

  /** In 32 bits: for what is known to fit, such as places in arrays and loop bounds. */
  static String ints(Scope scope, Poly poly) {
    return new Formulas(scope, false).sum(poly);
  }

  /** In 64 bits. */
  static String longs(Scope scope, Poly poly) {
    return new Formulas(scope, true).sum(poly);
  }

  /** Whether the value is a sum of few indices and sizes, which fits into 32 bits as they do. */
  static boolean isSmall(Poly poly) {
    long sum = 0;
    for (var term : poly.terms().entrySet()) {
      boolean plain =
          term.getKey().size() <= 1
              && term.getKey().stream()
                  .allMatch(a -> a instanceof Atom.Index || a instanceof Atom.Dim);
      if (!plain || term.getKey().isEmpty() && Math.abs(term.getValue()) > 1 << 20) {
        return false;
      }
      sum += term.getKey().isEmpty() ? 0 : Math.abs(term.getValue());
    }
    return sum <= SMALL;
  }

  private String sum(Poly poly) {
    if (poly.terms().isEmpty()) {
      return "0";
    }
    var text = new StringBuilder();
    poly.terms()
        .forEach(
            (atoms, coefficient) -> {
              boolean minus = coefficient < 0 && coefficient != Long.MIN_VALUE;
              if (!text.isEmpty() || minus) {
                text.append(minus ? text.isEmpty() ? "-" : " - " : " + ");
              }
              text.append(product(atoms, minus ? -coefficient : coefficient));
            });
    return poly.terms().size() == 1 && text.charAt(0) != '-' ? text.toString() : "(" + text + ")";
  }

  private String product(List<Atom> atoms, long coefficient) {
    var text = new StringBuilder();
    if (coefficient != 1 || atoms.isEmpty()) {
      text.append(coefficient == Long.MIN_VALUE ? "(-0x7fffffffffffffffL - 1)" : coefficient)
          .append(wide && coefficient > Integer.MAX_VALUE ? "L" : "");
    }
    for (var atom : atoms) {
      text.append(text.isEmpty() ? "" : " * ").append(atom(atom));
    }
    return atoms.size() + (coefficient == 1 ? 0 : 1) > 1 ? "(" + text + ")" : text.toString();
  }

  private String atom(Atom atom) {
    return switch (atom) {
      case Atom.Dim dim -> widened(scope.dim(dim));
      case Atom.Index index -> widened(scope.index(index));
      case Atom.Quotient(var a, var b) -> divided("/", wide ? "nn_div" : "nn_idiv", a, b);
      case Atom.Remainder(var a, var b) -> divided("%", wide ? "nn_mod" : "nn_imod", a, b);
    };
  }

  private String widened(String name) {
    return wide ? "(i64)" + name : name;
  }

  /** The machine's own division rounds towards 0, which is the same where nothing is negative. */
  private String divided(String operator, String function, Poly a, Poly b) {
    return isNatural(a) && b.isConstant() && b.constantTerm() > 0
        ? "(" + sum(a) + " " + operator + " " + sum(b) + ")"
        : function + "(" + sum(a) + ", " + sum(b) + ")";
  }

  /** Indices and sizes are at least 0, and so are sums of products of them. */
  private static boolean isNatural(Poly poly) {
    return poly.terms().entrySet().stream()
        .allMatch(
            t ->
                t.getValue() >= 0
                    && t.getKey().stream()
                        .allMatch(
                            a ->
                                switch (a) {
                                  case Atom.Dim _, Atom.Index _ -> true;
                                  case Atom.Quotient(var x, var y) ->
                                      isNatural(x) && y.isConstant() && y.constantTerm() > 0;
                                  case Atom.Remainder(var _, var y) ->
                                      y.isConstant() && y.constantTerm() > 0;
                                }));
  }
}
