package dev.nnlang.compiler.semantics;

import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Typed.Element;
import dev.nnlang.compiler.semantics.Typed.Type;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Types and the smallest typed expressions, made in one place. */
public final class Types {
  public static final Element REAL = new Element.Real();
  public static final Element INT = new Element.Int();
  public static final Element BOOL = new Element.Bool();

  private Types() {}

  public static Type scalar(Element element) {
    return new Type(element, List.of());
  }

  public static Type of(Element element, List<Dimension> shape) {
    return new Type(element, shape);
  }

  public static Typed.Expr real(double value, Span span) {
    return new Typed.Real(value, scalar(REAL), span);
  }

  public static Typed.Expr bool(boolean value, Span span) {
    return new Typed.Bool(value, scalar(BOOL), span);
  }

  public static Typed.Expr integer(Poly value, Span span) {
    return new Typed.Position(value, scalar(INT), span);
  }

  /** Whether it is an integer or a value of an index set. */
  public static boolean isWhole(Typed.Expr x) {
    return isWhole(x.type().element());
  }

  public static boolean isWhole(Element element) {
    return element instanceof Element.Int || element instanceof Element.IndexOf;
  }

  public static boolean isReal(Typed.Expr x) {
    return x.type().element() instanceof Element.Real;
  }

  public static boolean isBool(Typed.Expr x) {
    return x.type().element() instanceof Element.Bool;
  }

  /** An int or index as a real; reals as they are. Not for bools. */
  public static Typed.Expr asReal(Typed.Expr x) {
    if (isReal(x)) {
      return x;
    }
    if (x instanceof Typed.Position p && p.value().isConstant()) {
      return real(p.value().constantTerm(), x.span());
    }
    return new Typed.Cast(x, of(REAL, x.type().shape()), x.span());
  }

  /** An index as an int; ints as they are. Not for reals and bools. */
  public static Typed.Expr asInt(Typed.Expr x) {
    if (x.type().element() instanceof Element.Int) {
      return x;
    }
    if (x instanceof Typed.Position p) {
      return integer(p.value(), x.span());
    }
    return new Typed.Cast(x, of(INT, x.type().shape()), x.span());
  }

  /** Leading dimensions and then those of the type. */
  public static Type mapped(List<Dimension> leading, Type type) {
    if (leading.isEmpty()) {
      return type;
    }
    var shape = new ArrayList<>(leading);
    shape.addAll(type.shape());
    return of(type.element(), shape);
  }

  /** {@code [28, Digit]}; empty for a scalar. */
  public static String text(List<Dimension> shape) {
    return shape.isEmpty()
        ? ""
        : shape.stream().map(Types::text).collect(Collectors.joining(", ", "[", "]"));
  }

  public static String text(Dimension dimension) {
    return dimension
        .named()
        .map(Typed.NamedDim::name)
        .orElseGet(() -> SizeText.of(dimension.size()));
  }

  /** {@code Digit = 10}, or the size alone. */
  public static String size(Dimension dimension) {
    return dimension
        .named()
        .filter(n -> !n.size().toString().equals(n.name()))
        .map(n -> n.name() + " = " + n.size())
        .orElseGet(() -> SizeText.of(dimension.size()));
  }

  /** {@code a number}, {@code a tensor [28, 28]}. */
  public static String describe(Type type) {
    var element =
        switch (type.element()) {
          case Element.Real _ -> "real";
          case Element.Int _ -> "int";
          case Element.Bool _ -> "bool";
          case Element.IndexOf(var d) -> "index " + text(d);
        };
    return type.shape().isEmpty() ? element : element + text(type.shape());
  }
}
